import { ZERO, type IsoDate } from '@dawsos/contracts';
import type { CurrencyBucket, NavDay } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { DateField, decimal, DecimalField, exact } from './decimal-fields';
import type { NavHistory } from './nav-history';

/** A day of the valuation series, in base currency. */
export const NavPointSchema = z.object({
  date: DateField,
  value: DecimalField.nullable().describe('At the close; null where something held cannot be valued.'),
  flow: DecimalField.nullable().describe(
    'Net external flow, money in is positive; null where it cannot be valued.',
  ),
  before: DecimalField.nullable()
    .exactOptional()
    .describe(
      "On a day with a flow: what was held the eve at the day's prices, with the day's income and fees.",
    ),
  inflow: DecimalField.exactOptional().describe('On a day with flows both ways: what came.'),
  outflow: DecimalField.exactOptional().describe('And what went, negative.'),
  stale: z
    .enum(['before', 'after', 'both'])
    .exactOptional()
    .describe('Of a period with a flow at prices older than 31 days: which values rest on such prices.'),
});
export const NavPointsSchema = z.array(NavPointSchema);
export type NavPoints = z.infer<typeof NavPointsSchema>;

const AtIndexSchema = z.array(z.object({ index: z.int().nonnegative(), amount: DecimalField }));

/** What is held in each currency; `local_values` and `rates` run parallel to the points. */
export const CurrencyColumnsSchema = z.array(
  z.object({
    currency: z.string(),
    local_values: z.array(DecimalField.nullable()),
    rates: z.array(DecimalField).describe('Base currency per unit.'),
    flows: AtIndexSchema.describe(
      'Net flow into the currency by index of the point, in the currency itself.',
    ),
    before: AtIndexSchema.exactOptional().describe(
      'On days with an external flow: what was held the eve, as in the points.',
    ),
  }),
);
export type CurrencyColumns = z.infer<typeof CurrencyColumnsSchema>;

export const PeriodSchema = z.object({
  start: DateField.describe('The close from which is measured.'),
  end: DateField,
  days: z.int(),
});

export function pointsOf({ days }: NavHistory): NavPoints {
  return days.map(({ date, value, flow, before, gross, stale }) => ({
    date,
    value: value && exact(value),
    flow: flow && exact(flow),
    ...(before === undefined ? {} : { before: before && exact(before) }),
    ...(gross === undefined ? {} : { inflow: exact(gross.in), outflow: exact(gross.out) }),
    ...(stale === undefined ? {} : { stale }),
  }));
}

export function columnsOf({ buckets }: NavHistory): CurrencyColumns {
  const indexed = (amounts: CurrencyBucket['flows']): { index: number; amount: string }[] =>
    [...amounts].sort(([a], [b]) => a - b).map(([index, amount]) => ({ index, amount: exact(amount) }));
  return buckets.map(({ currency, localValues, rates, flows, before }) => ({
    currency,
    local_values: localValues.map((value) => value && exact(value)),
    rates: rates.map(exact),
    flows: indexed(flows),
    ...(before.size === 0 ? {} : { before: indexed(before) }),
  }));
}

export function parsePoints(points: NavPoints): NavDay[] {
  return points.map(({ date, value, flow, before, inflow, outflow, stale }) => ({
    // The schema has checked it; to check thousands of days again takes longer than to compute with them.
    date: date as IsoDate,
    value: value === null ? null : decimal(value),
    flow: flow === null ? null : flow === '0' ? ZERO : decimal(flow),
    ...(before === undefined ? {} : { before: before === null ? null : decimal(before) }),
    ...(inflow === undefined || outflow === undefined
      ? {}
      : { gross: { in: decimal(inflow), out: decimal(outflow) } }),
    ...(stale === undefined ? {} : { stale }),
  }));
}

export function parseColumns(columns: CurrencyColumns): CurrencyBucket[] {
  return columns.map(({ currency, local_values, rates, flows, before }) => ({
    currency,
    localValues: reusingEqual(local_values, null),
    rates: reusingEqual(rates, decimal('0')),
    flows: new Map(flows.map(({ index, amount }) => [index, decimal(amount)])),
    before: new Map((before ?? []).map(({ index, amount }) => [index, decimal(amount)])),
  }));
}

/** Equal neighbours become one object, by which the arithmetic sees that nothing changed. */
function reusingEqual<T extends ReturnType<typeof decimal> | null>(
  texts: readonly (string | null)[],
  absent: T,
): (ReturnType<typeof decimal> | T)[] {
  let text: string | null | undefined;
  let value: ReturnType<typeof decimal> | T = absent;
  return texts.map((next) => {
    if (next !== text) {
      text = next;
      value = next === null ? absent : decimal(next);
    }
    return value;
  });
}
