import { law } from './law';
import { smallBooks } from './random-book';
import { oldDirectRate, pairOfHoldings, quotedInEuros, ratesThroughPounds } from './rates';
import type { SmallBook } from './small-book';
import { returnsStay, staying, taxesStay, totalsStay } from './staying';
import { withSplit, type SplitForm } from './splits';
import { taxOf, taxReport } from './figures';

const BOOKS = smallBooks({ quotedAtEntries: true, tradesAtQuote: true, maxEntries: 8 });

const splitting = (form: SplitForm) => (book: SmallBook, pick: number) => withSplit(book, pick, form);

/** Everything but the number of units, which a split multiplies. */
const amountsStay = staying(async (book) => {
  const figures = JSON.stringify(taxOf(await taxReport(book)), (key, value: unknown) =>
    key === 'units' ? undefined : value,
  );
  return { figures };
});

describe('a split changes no figure but the number of units', () => {
  law('no return, its lots with their dates', BOOKS, returnsStay(splitting({ dated: true })));
  law('no gain, its lots with their dates', BOOKS, amountsStay(splitting({ dated: true })));
  law('no return, its lots without dates', BOOKS, returnsStay(splitting({ dated: false })));
  law('no gain, its lots without dates', BOOKS, amountsStay(splitting({ dated: false })));
  law('no return, booked on the eve', BOOKS, returnsStay(splitting({ dated: true, daysBefore: 1 })));
  law(
    'no return, declared, booked three days before',
    BOOKS,
    returnsStay(splitting({ dated: true, daysBefore: 3, declared: true })),
  );
});

describe('the unit of a quote changes no figure', () => {
  const inEuros = (book: SmallBook, pick: number) => quotedInEuros(book, pick);
  law('no return: quoted in euros instead of dollars', BOOKS, totalsStay(inEuros));
  law('no gain: quoted in euros instead of dollars', BOOKS, taxesStay(inEuros));
  law('no return: the rate as a chain', BOOKS, async (book, pick) => {
    await returnsStay(ratesThroughPounds)(quotedInEuros(book, pick), pick);
  });
  law('no return: an old direct rate beside a fresh chain', BOOKS, async (book, pick) => {
    await returnsStay(oldDirectRate)(ratesThroughPounds(quotedInEuros(book, pick), pick), pick);
  });
  law('no return: a price of one holding in another', BOOKS, returnsStay(pairOfHoldings));
  law('no gain: a price of one holding in another', BOOKS, taxesStay(pairOfHoldings));
});
