import { Decimal, ONE, type JsonValue } from '@dawsos/contracts';
import fc from 'fast-check';
import { at, objects, plain, position, worth } from '../cases/judge';
import type { Answer } from '../in-process';
import {
  ask,
  performance,
  performanceBetween,
  requireNear,
  requireSame,
  returnsOf,
  taxOf,
  taxReport,
} from './figures';
import { Broken, law } from './law';
import { smallBooks } from './random-book';
import { daysBetween, laterBy, lookbackDays, type BookQuote, type SmallBook } from './small-book';
import { fitting, returnsStay, staying } from './staying';
import { addUnquoted, depositADayLater, quoteTwice } from './transformations';

const BOOKS = smallBooks();
const QUOTED = smallBooks({ quotedAtEntries: true, maxEntries: 8 });
const WITHOUT_FLOWS = smallBooks({
  quotedAtEntries: true,
  maxEntries: 8,
  kinds: ['buy', 'buy', 'sell', 'income', 'fee'],
});
const OVERDRAWN = smallBooks({ overdrawn: true, maxEntries: 12 });

const twrOf = (answer: Answer): JsonValue => returnsOf(answer)['twr'] ?? null;

describe('periods', () => {
  law('a deposit a day later leaves the time-weighted return', QUOTED, async (book, pick) => {
    const changed = fitting(depositADayLater(book, pick));
    const of = async (one: SmallBook) => ({ twr: twrOf(await performance(one)) });
    requireSame(await of(book), await of(changed), changed);
  });

  law('two parts of a period link to its return', QUOTED, async (book, pick) => {
    const eve = laterBy(book.start, -1);
    const middle = laterBy(book.start, pick % daysBetween(book.start, book.end));
    const [whole, first, second] = [
      twrOf(await performanceBetween(book, eve, book.end)),
      twrOf(await performanceBetween(book, eve, middle)),
      twrOf(await performanceBetween(book, middle, book.end)),
    ];
    fc.pre(whole !== null && first !== null && second !== null);
    const linked = ONE.plus(plain(first))
      .times(ONE.plus(plain(second)))
      .minus(1);
    requireNear(`parted on ${middle}`, linked, plain(whole), book);
  });

  law(
    'without flows, another base currency multiplies by its own return',
    WITHOUT_FLOWS,
    async (book, pick) => {
      const days = [...new Set(book.quotes.map(({ date }) => date))].sort();
      const rates = days.map((date, index): BookQuote => {
        const number = new Decimal([8, 9, 10, 11, 12][(pick + index * index) % 5] ?? 10).div(10);
        return { date, commodity: 'EUR', number, currency: 'USD' };
      });
      const changed = { ...book, quotes: [...book.quotes, ...rates] };
      const inDollars = twrOf(await performanceBetween(changed, book.start, book.end));
      const inEuros = twrOf(
        await performanceBetween(changed, book.start, book.end, { base_currency: 'EUR' }),
      );
      const [opening, closing] = [rates[0]?.number ?? ONE, rates.at(-1)?.number ?? ONE];
      const wanted = ONE.plus(plain(inDollars)).times(opening).div(closing).minus(1);
      requireNear('in euros', plain(inEuros), wanted, changed);
    },
  );

  law('a quote that stands twice changes nothing', BOOKS, returnsStay(quoteTwice));
});

/** Figures that are null, and whether a gap of theirs is told. */
function requireTold(answer: Answer, book: SmallBook, group: string, figures: readonly string[]): void {
  const found = at(answer.data, group);
  const [metrics] = objects(found);
  const gaps = objects(metrics?.['gaps']).map((gap) => plain(gap['figure']));
  for (const figure of figures) {
    if (metrics !== undefined && metrics[figure] === null && !gaps.includes(figure))
      throw new Broken(`${group}.${figure} is null without a gap`, book);
  }
}

describe('gaps', () => {
  law('what cannot be told is a gap, at any leverage, and no run fails', OVERDRAWN, async (book) => {
    const measured = await performance(book);
    const risk = await ask(book, 'risk_report', { lookback_days: lookbackDays(book) });
    const texts = [measured, risk, await ask(book, 'holdings'), await taxReport(book)].map(({ data }) =>
      JSON.stringify(data),
    );
    if (texts.some((text) => /NaN|Infinity/.test(text))) throw new Broken('a number that is none', book);
    requireTold(measured, book, 'perf_metrics', [
      'twr',
      'twr_annualised',
      'volatility',
      'sharpe',
      'max_drawdown',
    ]);
    requireTold(measured, book, 'mwr', ['mwr', 'mwr_annualised']);
  });

  law('a holding that nobody quoted takes no other figure with it', QUOTED, async (book, pick) => {
    const changed = fitting(addUnquoted(book, pick));
    await performance(changed);
    const rowsStay = staying(async (one) => {
      const holdings = await ask(one, 'holdings');
      return {
        aaa: worth(position(holdings, 'AAA')),
        bbb: worth(position(holdings, 'BBB')),
        gains: JSON.stringify(taxOf(await taxReport(one))),
      };
    });
    await rowsStay(() => changed)(book, pick);
  });
});
