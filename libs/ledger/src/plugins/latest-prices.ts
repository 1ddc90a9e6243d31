import type { IsoDate } from '@dawsos/contracts';
import type { BookedDirective } from '../incomplete';
import { LedgerDecimal } from '../number';

export interface LatestPrice {
  readonly date: IsoDate;
  readonly number: LedgerDecimal;
}

/**
 * The newest price of one commodity in another, of the day's prices the last, as Beancount's price map has it: a pair
 * that is stated both ways is kept the way it is stated more often.
 */
export function latestPrices(
  entries: readonly BookedDirective[],
): (base: string, quote: string) => LatestPrice | undefined {
  const stated = new Map<string, LatestPrice[]>();
  for (const entry of entries) {
    if (entry.type !== 'price') continue;
    const key = `${entry.currency} ${entry.amount.currency}`;
    const number = LedgerDecimal.from(entry.amount.number);
    stated.set(key, [...(stated.get(key) ?? []), { date: entry.date, number }]);
  }
  return (base, quote) => {
    const direct = stated.get(`${base} ${quote}`) ?? [];
    const inverse = stated.get(`${quote} ${base}`) ?? [];
    const inverted = inverse.filter(({ number }) => !number.isZero).map(invert);
    if (inverse.length > direct.length) {
      // kept the other way round, so that these numbers are inverted twice
      const twice = direct.filter(({ number }) => !number.isZero).map((price) => invert(invert(price)));
      return newest([...inverted, ...twice]);
    }
    return newest([...direct, ...inverted]);
  };
}

const invert = ({ date, number }: LatestPrice): LatestPrice => ({
  date,
  number: LedgerDecimal.ONE.divide(number),
});

/** The last of those of the newest day. */
function newest(prices: readonly LatestPrice[]): LatestPrice | undefined {
  let found: LatestPrice | undefined;
  for (const price of prices) if (found === undefined || price.date >= found.date) found = price;
  return found;
}
