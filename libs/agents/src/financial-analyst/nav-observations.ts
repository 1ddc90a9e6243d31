import type { IsoDate } from '@dawsos/contracts';
import type { DailyValuation, Dated, Holding, ObservedHolding } from '@dawsos/portfolio-math';

interface Setting {
  readonly valuation: DailyValuation;
  readonly dates: readonly IsoDate[];
  readonly rates: ReadonlyMap<string, readonly Dated[]>;
  readonly baseCurrency: string;
}

/** What can move: all that is held but money in base currency. Money in another currency moves by its rate. */
export function observedHoldings(
  priced: readonly { readonly holding: Holding; readonly quotes: readonly IsoDate[] }[],
  { valuation, dates, rates, baseCurrency }: Setting,
): ObservedHolding[] {
  return priced.flatMap(({ holding, quotes }, place): ObservedHolding[] => {
    const { commodity, currency, quantities } = holding;
    if (commodity === baseCurrency) return [];
    const column = valuation.holdings[place];
    const series = valuation.currencies.find((one) => one.currency === currency);
    const own = holding.prices === null ? (rates.get(currency) ?? []).map(({ date }) => date) : quotes;
    return [
      {
        commodity,
        quotes: own,
        isHeld: (date) => {
          const newest = quantities[newestBy(quantities.length, (index) => quantities[index]?.date, date)];
          return newest !== undefined && !newest.number.isZero();
        },
        worth: (date) => {
          const day = newestBy(dates.length, (index) => dates[index], date);
          const local = column?.localValues[day];
          if (local === undefined || local === null) return null;
          const rate = series?.rates[day];
          return currency === baseCurrency || rate === undefined ? local : local.times(rate);
        },
      },
    ];
  });
}

/** The place of the newest of `length` ascending days on or before `date`; −1 where there is none. */
function newestBy(length: number, dayAt: (index: number) => IsoDate | undefined, date: IsoDate): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((dayAt(middle) ?? date) <= date) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
