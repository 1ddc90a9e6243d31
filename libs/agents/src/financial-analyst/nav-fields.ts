import type { IsoDate } from '@dawsos/contracts';
import type { CurrencyBucket, NavDay } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { DateField, decimal, DecimalField, exact } from './decimal-fields';
import type { NavHistory } from './nav-history';

/** Value at the close, and net external flow of the day (money in is positive), in base currency. */
export const NavPointsSchema = z
  .array(z.object({ date: DateField, value: DecimalField, flow: DecimalField }))
  .min(1);
export type NavPoints = z.infer<typeof NavPointsSchema>;

/** What is held in each currency; `local_values` and `rates` run parallel to the points. */
export const CurrencyColumnsSchema = z.array(
  z.object({
    currency: z.string(),
    local_values: z.array(DecimalField),
    rates: z.array(DecimalField).describe('Base currency per unit.'),
    flows: z
      .array(z.object({ index: z.int().nonnegative(), amount: DecimalField }))
      .describe('Net flow into the currency by index of the point, in the currency itself.'),
  }),
);
export type CurrencyColumns = z.infer<typeof CurrencyColumnsSchema>;

export const PeriodSchema = z.object({ start: DateField, end: DateField, days: z.int() });

export function pointsOf({ days }: NavHistory): NavPoints {
  return days.map(({ date, value, flow }) => ({ date, value: exact(value), flow: exact(flow) }));
}

export function columnsOf({ buckets }: NavHistory): CurrencyColumns {
  return buckets.map(({ currency, localValues, rates, flows }) => ({
    currency,
    local_values: localValues.map(exact),
    rates: rates.map(exact),
    flows: [...flows].map(([index, amount]) => ({ index, amount: exact(amount) })),
  }));
}

export function parsePoints(points: NavPoints): NavDay[] {
  return points.map(({ date, value, flow }) => ({
    // The schema has checked it; to check thousands of days again takes longer than to compute with them.
    date: date as IsoDate,
    value: decimal(value),
    flow: decimal(flow),
  }));
}

export function parseColumns(columns: CurrencyColumns): CurrencyBucket[] {
  return columns.map(({ currency, local_values, rates, flows }) => ({
    currency,
    localValues: reusingEqual(local_values),
    rates: reusingEqual(rates),
    flows: new Map(flows.map(({ index, amount }) => [index, decimal(amount)])),
  }));
}

/** Equal neighbours become one object, by which the arithmetic sees that nothing changed. */
function reusingEqual(texts: readonly string[]): CurrencyBucket['rates'] {
  let text: string | undefined;
  let value = decimal('0');
  return texts.map((next) => {
    if (next !== text) {
      text = next;
      value = decimal(next);
    }
    return value;
  });
}
