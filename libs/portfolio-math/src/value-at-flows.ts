import { daysBetween, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { DailyValuation, HoldingColumn } from './daily-valuation';
import { LIMITS } from './measurement-limits';
import type { NavDay } from './returns';

/** What was held the eve at a day's prices and rates. */
export interface ValueAtFlows {
  /** By currency, in the order of the valuation's currencies; null where a price is missing. */
  readonly localValues: readonly (Decimal | null)[];
  /** In base currency. */
  readonly value: Decimal | null;
}

/** Yesterday's units at the day's prices and rates, which the day's trades and flows have not touched. */
export function valueAtFlows(valuation: DailyValuation, day: number): ValueAtFlows {
  const sums = new Map<string, Decimal | null>();
  for (const column of valuation.holdings) {
    const { currency } = column.holding;
    const sum = sums.get(currency);
    const value = eveValue(column, day);
    sums.set(currency, sum === null || value === null ? null : (sum ?? ZERO).plus(value));
  }
  const localValues = valuation.currencies.map(({ currency }) => sums.get(currency) ?? null);
  const value = valuation.currencies.reduce<Decimal | null>((total, { rates, currency }, index) => {
    const local = localValues[index] ?? null;
    if (total === null || local === null) return null;
    if (local.isZero()) return total;
    const points = valuation.rateDates.get(currency);
    if (points !== undefined && points[day] === undefined) return null;
    return total.plus(local.times(rates[day] ?? ZERO));
  }, ZERO);
  return { localValues, value };
}

function eveValue(column: HoldingColumn, day: number): Decimal | null {
  const quantity = column.quantities[day - 1];
  if (quantity === undefined || quantity.isZero()) return ZERO;
  // The day's own value is there already where its trades did not touch the holding.
  if (quantity === column.quantities[day]) return column.localValues[day] ?? null;
  if (column.holding.prices === null) return quantity;
  const price = column.prices[day];
  return price === undefined ? null : quantity.times(price.number);
}

/** How stale the prices are on which a day's values rest. */
export interface Staleness {
  /** The share of what can move in the value of what was held the eve, and of what is held at the close. */
  readonly before: Decimal;
  readonly after: Decimal;
  /** The oldest price or rate of what was held the eve. */
  readonly oldest: IsoDate | null;
}

/**
 * The share, by value, of what can move (all but cash in base currency) whose newest price or rate is older than the
 * limit. Where nothing can move, nothing is stale.
 */
export function staleness(
  valuation: DailyValuation,
  days: readonly IsoDate[],
  day: number,
  baseCurrency: string,
): Staleness {
  const date = days[day];
  if (date === undefined) throw new RangeError(`no day ${String(day)}`);
  let oldest: IsoDate | null = null;
  const shareOf = (units: number): Decimal => {
    let [moving, stale] = [ZERO, ZERO];
    for (const column of valuation.holdings) {
      const { commodity, currency } = column.holding;
      const quantity = column.quantities[units];
      if (commodity === baseCurrency || quantity === undefined || quantity.isZero()) continue;
      const quoted = quoteDate(column, valuation, day, currency === baseCurrency);
      if (quoted === undefined) continue;
      if (units < day && (oldest === null || quoted.date < oldest)) oldest = quoted.date;
      const value = quantity.times(quoted.worth).abs();
      moving = moving.plus(value);
      if (daysBetween(quoted.date, date) > LIMITS.freshDays) stale = stale.plus(value);
    }
    return moving.isZero() ? ZERO : stale.div(moving);
  };
  return { before: day === 0 ? ZERO : shareOf(day - 1), after: shareOf(day), oldest };
}

/** The older of the day of the price and that of the rate, and what a unit is worth in base currency by both. */
function quoteDate(
  column: HoldingColumn,
  { rateDates, currencies }: DailyValuation,
  day: number,
  inBase: boolean,
): { date: IsoDate; worth: Decimal } | undefined {
  const price = column.prices[day];
  const rate = inBase ? undefined : rateDates.get(column.holding.currency)?.[day];
  const series = currencies.find(({ currency }) => currency === column.holding.currency);
  const perUnit = series?.rates[day] ?? ZERO;
  if (column.holding.prices === null) return rate && { date: rate.date, worth: perUnit };
  if (price === undefined || (!inBase && rate === undefined)) return undefined;
  const date = rate !== undefined && rate.date < price.date ? rate.date : price.date;
  return { date, worth: price.number.times(perUnit) };
}

/** The mark of a day for `NavDay.stale`; undefined where both values rest on fresh prices. */
export function staleMark({ before, after }: Staleness): NavDay['stale'] {
  const [eve, close] = [before, after].map((share) => share.greaterThan(LIMITS.staleShare));
  if (eve === true && close === true) return 'both';
  if (eve === true) return 'before';
  return close === true ? 'after' : undefined;
}
