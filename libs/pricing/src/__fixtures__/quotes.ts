import { addDays, isoDate, type IsoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import type { PriceQuote, Quote, RateQuote } from '../sources/quote';

export const FIRST = isoDate('2024-01-01');
export const day = (offset: number): IsoDate => addDays(FIRST, offset);

export function price(
  commodity: string,
  date: IsoDate,
  number: string,
  currency = 'USD',
  extra: Partial<PriceQuote> = {},
): PriceQuote {
  return {
    kind: 'price',
    commodity,
    date,
    number,
    currency,
    source: 'test-close',
    place: { file: 'prices.csv', line: 2 },
    implicit: false,
    ...extra,
  };
}

export function rate(
  base: string,
  quote: string,
  date: IsoDate,
  number: string,
  extra: Partial<RateQuote> = {},
): RateQuote {
  return {
    kind: 'rate',
    base,
    quote,
    date,
    number,
    source: 'test-fx',
    place: { file: 'fx.csv', line: 2 },
    ...extra,
  };
}

const number = fc
  .tuple(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 0, max: 99 }))
  .map(([whole, cents]) =>
    cents === 0 ? String(whole) : `${String(whole)}.${String(cents).padStart(2, '0').replace(/0$/, '')}`,
  );
const offset = fc.integer({ min: 0, max: 30 });

const MONEY = ['CAD', 'EUR', 'GBP', 'JPY', 'USD'];

/** Rates between any two of five currencies, over a month: several chains lead anywhere. */
export const meshedRates: fc.Arbitrary<Quote[]> = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom(...MONEY), fc.constantFrom(...MONEY), fc.integer({ min: 0, max: 8 }), number),
    { selector: ([base, quote, at]) => `${base} ${quote} ${String(at)}`, minLength: 1, maxLength: 30 },
  )
  .map((rates) => rates.filter(([base, quote]) => base !== quote))
  .filter((rates) => rates.length > 0)
  .map((rates) => rates.map(([base, quote, at, value]) => rate(base, quote, day(at), value)));

/** A commodity or pair once a day, over a month: what a pack can hold. */
export const quotes: fc.Arbitrary<Quote[]> = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.constantFrom('AAA', 'BBB', 'CCC'), offset, number), {
      selector: ([commodity, at]) => `${commodity} ${String(at)}`,
      minLength: 1,
      maxLength: 40,
    }),
    fc.uniqueArray(
      fc.tuple(
        fc.constantFrom(['USD', 'CAD'], ['EUR', 'USD'], ['CAD', 'USD'], ['GBP', 'EUR'], ['JPY', 'GBP']),
        offset,
        number,
      ),
      { selector: ([pair, at]) => `${pair.join(' ')} ${String(at)}`, maxLength: 40 },
    ),
  )
  .map(([prices, rates]) => [
    ...prices.map(([commodity, at, value]) => price(commodity, day(at), value)),
    ...rates.map(([[base = '', quote = ''], at, value]) => rate(base, quote, day(at), value)),
  ]);
