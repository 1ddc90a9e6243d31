import { performance, requireSame, returnsOf } from './figures';
import { law } from './law';
import { smallBooks } from './random-book';
import type { SmallBook } from './small-book';
import { fitting, holdingStays, linkedReturnsStay, returnsStay, taxesStay } from './staying';
import {
  addNothing,
  inAndOutAgain,
  moveBetweenAccounts,
  permuteDays,
  reinvestInTwo,
  renameAccounts,
  repeatQuote,
  scaleAmounts,
  sellAtTotal,
  sellWithoutPrice,
  splitEntry,
  thinQuotes,
} from './transformations';

const BOOKS = smallBooks();
/** No price is ever over 31 days old, from where on a flow at it is measured otherwise. */
const FRESH = smallBooks({ maxEntries: 7, maxGap: 3 });
const AT_ENTRIES = smallBooks({ quotedAtEntries: true, maxEntries: 8 });
const WITH_REINVESTMENT = smallBooks({ kinds: ['buy', 'reinvest', 'reinvest', 'sell', 'deposit'] });

describe('returns are the same of a ledger that says the same', () => {
  law('with a flow of nothing', BOOKS, returnsStay(addNothing));
  law('with money that comes and goes on one day', BOOKS, returnsStay(inAndOutAgain));
  law('with an entry in two', BOOKS, returnsStay(splitEntry));
  law('with the entries of a day in another order', BOOKS, returnsStay(permuteDays));
  law('with other names', BOOKS, returnsStay(renameAccounts));
  law('with holdings in another account', BOOKS, returnsStay(moveBetweenAccounts));
  law('with all amounts times a number', BOOKS, returnsStay(scaleAmounts));
  law('with a quote once more', FRESH, linkedReturnsStay(repeatQuote));
  law('with sales at their total', BOOKS, returnsStay(sellAtTotal));
  law('with sales without a price', AT_ENTRIES, returnsStay(sellWithoutPrice));
  law('with dividends reinvested in two entries', WITH_REINVESTMENT, returnsStay(reinvestInTwo));
  law('with quotes of the days of entries alone', AT_ENTRIES, async (book, pick) => {
    const changed = fitting(thinQuotes(book, pick));
    const of = async (one: SmallBook) => ({ twr: returnsOf(await performance(one))['twr'] ?? null });
    requireSame(await of(book), await of(changed), changed);
  });
});

describe('gains are the same of a ledger that says the same', () => {
  law('with an entry in two', BOOKS, taxesStay(splitEntry));
  law('with the entries of a day in another order', BOOKS, taxesStay(permuteDays));
  law('with other names', BOOKS, taxesStay(renameAccounts));
  law('with holdings in another account', BOOKS, taxesStay(moveBetweenAccounts));
  law('with sales at their total', BOOKS, taxesStay(sellAtTotal));
  law('with sales without a price', BOOKS, taxesStay(sellWithoutPrice));
  law('with dividends reinvested in two entries', WITH_REINVESTMENT, taxesStay(reinvestInTwo));
});

describe('what a holding added is the same of a ledger that says the same', () => {
  law('with an entry in two', BOOKS, holdingStays(splitEntry));
  law('with a flow of nothing', BOOKS, holdingStays(addNothing));
  law('with sales without a price', BOOKS, holdingStays(sellWithoutPrice));
  law('with dividends reinvested in two entries', WITH_REINVESTMENT, holdingStays(reinvestInTwo));
});
