import fc from 'fast-check';
import {
  deepDive,
  holdingOf,
  performance,
  requireSame,
  returnsOf,
  statisticsOf,
  taxOf,
  taxReport,
  type Figures,
} from './figures';
import type { Check } from './law';
import type { SmallBook } from './small-book';
import type { Transformation } from './transformations';

/** A change that does not fit a ledger says nothing about it. */
export function fitting(book: SmallBook | undefined): SmallBook {
  fc.pre(book !== undefined);
  return book;
}

/** Figures that keep their bytes when a ledger is changed. */
export const staying =
  (figures: (book: SmallBook) => Promise<Figures>) =>
  (change: Transformation): Check =>
  async (book, pick) => {
    const changed = fitting(change(book, pick));
    requireSame(await figures(book), await figures(changed), changed);
  };

export const returnsStay = staying(async (book) => {
  const answer = await performance(book);
  return { ...returnsOf(answer), ...statisticsOf(answer) };
});

/** The returns alone: how often something is quoted decides on the grid of the statistics. */
export const linkedReturnsStay = staying(async (book) => returnsOf(await performance(book)));

/** The returns that do not tell which currency they came from. */
export const totalsStay = staying(async (book) => {
  const { twr, twr_annualised, drawdown, mwr, mwr_annualised } = returnsOf(await performance(book));
  return { twr, twr_annualised, drawdown, mwr, mwr_annualised } as Figures;
});

export const taxesStay = staying(async (book) => taxOf(await taxReport(book)));

/** What AAA added, where it was ever held. */
export const holdingStays = staying(async (book) => {
  fc.pre(book.entries.some(({ legs }) => legs.some(({ units = '' }) => units.endsWith(' AAA'))));
  return holdingOf(await deepDive(book, 'AAA'));
});
