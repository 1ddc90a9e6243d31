import { ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Dated } from './dated';

/** One commodity over time. Quantities and prices are of one size of unit. */
export interface Holding {
  readonly commodity: string;
  /** The currency of `prices`; for cash, the commodity itself. */
  readonly currency: string;
  /** The quantity held at the end of each day on which it changed, in date order; 0 before the first. */
  readonly quantities: readonly Dated[];
  /** Prices of one unit in `currency`, in date order; null for cash, which is worth its units. */
  readonly prices: readonly Dated[] | null;
}

export interface DailyValuationInput {
  /** The days to value, ascending. */
  readonly days: readonly IsoDate[];
  readonly holdings: readonly Holding[];
  /** Units of base currency per unit of the key, in date order. The base currency needs none. */
  readonly rates: ReadonlyMap<string, readonly Dated[]>;
  readonly baseCurrency: string;
}

/** One holding by day; null where it is held and has no price by then. Equal neighbours are one object. */
export interface HoldingColumn {
  readonly holding: Holding;
  readonly quantities: readonly (Decimal | undefined)[];
  readonly prices: readonly (Dated | undefined)[];
  /** quantity × price, in the holding's currency. */
  readonly localValues: readonly (Decimal | null)[];
}

/** What is held in one currency, day by day; the arrays run parallel to the input's days. */
export interface CurrencySeries {
  readonly currency: string;
  /** In the currency itself; null where something held in it has no price. */
  readonly localValues: readonly (Decimal | null)[];
  /** Units of base currency per unit. */
  readonly rates: readonly Decimal[];
}

/** What is held without a price, or counted in a currency without a rate, from a day on. */
export type MissingQuote =
  | { readonly kind: 'price'; readonly commodity: string; readonly date: IsoDate }
  | { readonly kind: 'rate'; readonly base: string; readonly quote: string; readonly date: IsoDate };

export interface DailyValuation {
  /** In base currency: for each day, the sum over currencies of local value × rate; null where a part is not known. */
  readonly values: readonly (Decimal | null)[];
  /** In order of currency code. */
  readonly currencies: readonly CurrencySeries[];
  readonly holdings: readonly HoldingColumn[];
  /** The day of the rate that counts, by currency and day. */
  readonly rateDates: ReadonlyMap<string, readonly (Dated | undefined)[]>;
  /** Each the first time in a run of days. */
  readonly missing: readonly MissingQuote[];
}

/**
 * The value at the close of each day: the quantities held at the end of that day × that day's prices and
 * rates, the newest on or before it. What has no price or rate by then leaves the day without a value, and is named.
 */
export function dailyValuation(input: DailyValuationInput): DailyValuation {
  const { days, baseCurrency } = input;
  const missing: MissingQuote[] = [];
  const holdings = input.holdings.map((holding) => holdingColumn(holding, days, missing));
  const currencies = [...new Set(input.holdings.map((holding) => holding.currency))].sort();
  const rateDates = new Map<string, readonly (Dated | undefined)[]>();
  const known: boolean[] = days.map(() => true);
  const series = currencies.map((currency): CurrencySeries => {
    const held = holdings.filter(({ holding }) => holding.currency === currency);
    const localValues = sumByDay(
      held.map(({ localValues: column }) => column),
      days.length,
    );
    if (currency === baseCurrency) return { currency, localValues, rates: days.map(() => ONE) };
    const points = carriedForward(input.rates.get(currency) ?? [], days);
    rateDates.set(currency, points);
    noteMissingRates({ currency, baseCurrency, days, localValues, points, known, missing });
    // Before the first rate nothing is held, or the day has no value: the first one stands in.
    const first = points.find((point) => point !== undefined);
    return { currency, localValues, rates: points.map((point) => (point ?? first)?.number ?? ONE) };
  });
  const bases = series.map(({ currency, localValues, rates }) =>
    currency === baseCurrency ? localValues : inBase(localValues, rates),
  );
  const values = sumByDay(bases, days.length).map((value, day) => (known[day] === true ? value : null));
  return { values, currencies: series, holdings, rateDates, missing };
}

function inBase(localValues: readonly (Decimal | null)[], rates: readonly Decimal[]): (Decimal | null)[] {
  return localValues.map((local, day) => {
    if (local === null || local.isZero()) return local;
    return local.times(rates[day] ?? ZERO);
  });
}

function holdingColumn(holding: Holding, days: readonly IsoDate[], missing: MissingQuote[]): HoldingColumn {
  const quantities = carriedForward(holding.quantities, days).map((point) => point?.number);
  if (holding.prices === null) {
    const localValues = quantities.map((quantity) => quantity ?? ZERO);
    return { holding, quantities, prices: [], localValues };
  }
  const prices = carriedForward(holding.prices, days);
  let [quantity, price, value]: [Decimal | undefined, Dated | undefined, Decimal | null] = [
    undefined,
    undefined,
    ZERO,
  ];
  const localValues = days.map((date, index) => {
    // Both arrays repeat the same object until a new one comes, so identity tells whether to multiply again.
    if (quantities[index] === quantity && prices[index] === price) return value;
    const was = value;
    [quantity, price] = [quantities[index], prices[index]];
    if (quantity === undefined || quantity.isZero()) value = ZERO;
    else value = price === undefined ? null : quantity.times(price.number);
    if (value === null && was !== null) missing.push({ kind: 'price', commodity: holding.commodity, date });
    return value;
  });
  return { holding, quantities, prices, localValues };
}

function noteMissingRates(at: {
  readonly currency: string;
  readonly baseCurrency: string;
  readonly days: readonly IsoDate[];
  readonly localValues: readonly (Decimal | null)[];
  readonly points: readonly (Dated | undefined)[];
  readonly known: boolean[];
  readonly missing: MissingQuote[];
}): void {
  let noted = false;
  for (const [day, date] of at.days.entries()) {
    // Rates are carried on, so after the first there is one on every day.
    if (at.points[day] !== undefined) return;
    if (at.localValues[day]?.isZero() === true) continue;
    at.known[day] = false;
    if (!noted) at.missing.push({ kind: 'rate', base: at.currency, quote: at.baseCurrency, date });
    noted = true;
  }
}

/** For each day the newest point on or before it; undefined before the first. */
export function carriedForward(series: readonly Dated[], days: readonly IsoDate[]): (Dated | undefined)[] {
  let next = 0;
  let current: Dated | undefined;
  return days.map((day) => {
    for (let point = series[next]; point !== undefined && point.date <= day; point = series[++next]) {
      current = point;
    }
    return current;
  });
}

function sumByDay(columns: readonly (readonly (Decimal | null)[])[], length: number): (Decimal | null)[] {
  const [first, ...rest] = columns;
  if (first === undefined) return Array.from({ length }, () => ZERO);
  return first.map((start, day) =>
    rest.reduce<Decimal | null>((sum, column) => {
      const value = column[day];
      if (value === null || sum === null) return null;
      return value === undefined || value.isZero() ? sum : sum.plus(value);
    }, start),
  );
}
