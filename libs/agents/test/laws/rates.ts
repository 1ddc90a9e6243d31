import { Decimal, isoDate } from '@dawsos/contracts';
import type { BookQuote, SmallBook } from './small-book';

/** Rates by which every amount divides without a rest. */
const RATES = ['0.5', '0.8', '1', '1.25', '2'];

const rateOf = (pick: number, index: number): Decimal =>
  new Decimal(RATES[(pick + index * 3) % RATES.length] ?? '1');

/** AAA quoted in euros, with the rate of each of those days. */
export function quotedInEuros(book: SmallBook, pick: number): SmallBook {
  let index = 0;
  const quotes = book.quotes.flatMap((quote): BookQuote[] => {
    if (quote.commodity !== 'AAA') return [quote];
    const rate = rateOf(pick, (index += 1));
    return [
      { ...quote, number: quote.number.div(rate), currency: 'EUR' },
      { date: quote.date, commodity: 'EUR', number: rate, currency: 'USD' },
    ];
  });
  return { ...book, quotes };
}

/** The same rates as a chain through pounds. */
export function ratesThroughPounds(book: SmallBook, pick: number): SmallBook {
  let index = 0;
  const quotes = book.quotes.flatMap((quote): BookQuote[] => {
    if (quote.commodity !== 'EUR') return [quote];
    const pounds = rateOf(pick, (index += 1) + 1);
    return [
      { ...quote, number: pounds, currency: 'GBP' },
      { ...quote, commodity: 'GBP', number: quote.number.div(pounds) },
    ];
  });
  return { ...book, quotes };
}

/** A direct rate that was noted once, years ago. */
export function oldDirectRate(book: SmallBook): SmallBook {
  const old: BookQuote = {
    date: isoDate('2019-01-02'),
    commodity: 'EUR',
    number: new Decimal('7.5'),
    currency: 'USD',
  };
  return { ...book, quotes: [old, ...book.quotes] };
}

/** A price of AAA in BBB, on a day on which both are quoted in money. */
export function pairOfHoldings(book: SmallBook, pick: number): SmallBook | undefined {
  const pairs = book.quotes.flatMap((one) => {
    const other = book.quotes.find(({ commodity, date }) => commodity === 'BBB' && date === one.date);
    return one.commodity === 'AAA' && other !== undefined ? [{ one, other }] : [];
  });
  const pair = pairs[pick % Math.max(1, pairs.length)];
  if (pair === undefined) return undefined;
  const number = pair.one.number.div(pair.other.number).toDecimalPlaces(8);
  return { ...book, quotes: [...book.quotes, { ...pair.one, number, currency: 'BBB' }] };
}
