import { DawsosError, ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Dated } from './dated';

/** One commodity over time. */
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

/** What is held in one currency, day by day; the arrays run parallel to the input's days. */
export interface CurrencySeries {
  readonly currency: string;
  /** In the currency itself. */
  readonly localValues: readonly Decimal[];
  /** Units of base currency per unit. */
  readonly rates: readonly Decimal[];
}

export interface DailyValuation {
  /** In base currency: for each day, the sum over currencies of local value × rate. */
  readonly values: readonly Decimal[];
  /** In order of currency code. */
  readonly currencies: readonly CurrencySeries[];
}

/**
 * The value at the close of each day: the quantities held at the end of that day × that day's prices and
 * rates, the newest on or before it. Prices are used as quoted, not adjusted for splits: a split changes
 * quantity and price on the same day, so that the value goes on.
 *
 * @throws DawsosError `price_missing` or `rate_missing` where something is held that cannot be valued.
 */
export function dailyValuation(input: DailyValuationInput): DailyValuation {
  const currencies = [...new Set(input.holdings.map((holding) => holding.currency))].sort();
  const series = currencies.map((currency): CurrencySeries => {
    const held = input.holdings.filter((holding) => holding.currency === currency);
    const localValues = sumByDay(
      held.map((holding) => holdingValues(holding, input.days)),
      input.days.length,
    );
    return { currency, localValues, rates: rateByDay(currency, localValues, input) };
  });
  const values = sumByDay(
    series.map(({ currency, localValues, rates }) =>
      currency === input.baseCurrency
        ? localValues
        : localValues.map((local, day) => local.times(rates[day] ?? ZERO)),
    ),
    input.days.length,
  );
  return { values, currencies: series };
}

function holdingValues(holding: Holding, days: readonly IsoDate[]): Decimal[] {
  const quantities = carriedForward(holding.quantities, days);
  if (holding.prices === null) return quantities.map((quantity) => quantity ?? ZERO);
  const prices = carriedForward(holding.prices, days);
  let quantity: Decimal | undefined;
  let price: Decimal | undefined;
  let value = ZERO;
  return days.map((day, index) => {
    // Both arrays repeat the same object until a new one comes, so identity tells whether to multiply again.
    if (quantities[index] === quantity && prices[index] === price) return value;
    quantity = quantities[index];
    price = prices[index];
    value = quantity === undefined || quantity.isZero() ? ZERO : priced(holding, quantity, price, day);
    return value;
  });
}

function priced(holding: Holding, quantity: Decimal, price: Decimal | undefined, day: IsoDate): Decimal {
  if (price !== undefined) return quantity.times(price);
  throw new DawsosError(
    'price_missing',
    `${holding.commodity} is held on ${day} and has no price on or before that day`,
    { extensions: { commodity: holding.commodity, date: day } },
  );
}

function rateByDay(
  currency: string,
  localValues: readonly Decimal[],
  { days, rates, baseCurrency }: DailyValuationInput,
): Decimal[] {
  if (currency === baseCurrency) return days.map(() => ONE);
  const carried = carriedForward(rates.get(currency) ?? [], days);
  const missing = carried.findIndex((rate, day) => rate === undefined && !localValues[day]?.isZero());
  if (missing >= 0) throw rateMissing(currency, baseCurrency, days[missing] ?? '');
  // Before the first rate nothing is held, so the first one stands in: it multiplies zero only.
  const first = carried.find((rate) => rate !== undefined);
  return carried.map((rate) => rate ?? first ?? ONE);
}

function rateMissing(base: string, quote: string, date: string): DawsosError {
  return new DawsosError('rate_missing', `there is no rate of ${base} in ${quote} on or before ${date}`, {
    extensions: { base, quote, date },
  });
}

/** For each day the newest number on or before it; undefined before the first. */
function carriedForward(series: readonly Dated[], days: readonly IsoDate[]): (Decimal | undefined)[] {
  let next = 0;
  let current: Decimal | undefined;
  return days.map((day) => {
    for (let point = series[next]; point !== undefined && point.date <= day; point = series[++next]) {
      current = point.number;
    }
    return current;
  });
}

function sumByDay(columns: readonly (readonly Decimal[])[], length: number): Decimal[] {
  const [first, ...rest] = columns;
  if (first === undefined) return Array.from({ length }, () => ZERO);
  return first.map((start, day) =>
    rest.reduce((sum, column) => {
      const value = column[day];
      return value === undefined || value.isZero() ? sum : sum.plus(value);
    }, start),
  );
}
