import { Decimal, ZERO } from '@dawsos/contracts';
import { at, lots, plain, sales } from '../cases/judge';
import {
  closingValue,
  deepDive,
  holdingOf,
  performance,
  requireNear,
  returnsOf,
  sumOf,
  taxReport,
} from './figures';
import { law } from './law';
import { smallBooks } from './random-book';
import {
  daysBetween,
  heldAtEnd,
  isSecurity,
  ownerFlows,
  quoteAt,
  unitsOf,
  type SmallBook,
} from './small-book';

/** Quotes on every day of an entry: no trade's price stands for one. */
const BOOKS = smallBooks({ quotedAtEntries: true, maxEntries: 10 });
const WITHOUT_FEES = smallBooks({
  quotedAtEntries: true,
  kinds: ['deposit', 'withdrawal', 'buy', 'buy', 'sell', 'income', 'reinvest'],
});

const everHeld = ({ entries }: SmallBook): string[] => [
  ...new Set(
    entries.flatMap(({ legs }) =>
      legs.flatMap((leg) => {
        const units = unitsOf(leg);
        return units !== undefined && isSecurity(units.currency) ? [units.currency] : [];
      }),
    ),
  ),
];

const earned = (book: SmallBook, kinds: readonly string[]): Decimal =>
  book.entries
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ legs }) => legs)
    .filter(({ account }) => /^(Income|Expenses)/.test(account))
    .reduce((total, leg) => total.minus(unitsOf(leg)?.number ?? ZERO), ZERO);

const flowsOf = (book: SmallBook): Decimal =>
  ownerFlows(book).reduce((total, { amount }) => total.plus(amount), ZERO);

const valueOf = (book: SmallBook): Decimal =>
  [...heldAtEnd(book)].reduce(
    (total, [commodity, units]) =>
      total.plus(
        isSecurity(commodity) ? units.times(quoteAt(book, commodity, book.end)?.number ?? NaN) : units,
      ),
    ZERO,
  );

describe('nothing is lost and nothing comes from nowhere', () => {
  law('the closing value is what is held, at its quotes', BOOKS, async (book) => {
    requireNear('value', closingValue(await performance(book)), valueOf(book), book);
  });

  law('open lots are what is held', BOOKS, async (book) => {
    const report = await taxReport(book);
    for (const commodity of everHeld(book))
      requireNear(
        commodity,
        sumOf(lots(report, commodity), 'units'),
        heldAtEnd(book).get(commodity) ?? ZERO,
        book,
      );
  });

  law('realised and unrealised gains, income and costs are the total gain', BOOKS, async (book) => {
    const report = await taxReport(book);
    const gains = everHeld(book).flatMap((commodity) => [
      sumOf(sales(report, commodity), 'recognised_base'),
      sumOf(lots(report, commodity), 'gain_base'),
    ]);
    const total = gains.reduce((sum, one) => sum.plus(one), earned(book, ['income', 'fee']));
    requireNear('total gain', total, valueOf(book).minus(flowsOf(book)), book);
  });

  law('flows and what the holdings added are the closing value', WITHOUT_FEES, async (book) => {
    let total = flowsOf(book);
    for (const commodity of everHeld(book)) {
      const { profit } = holdingOf(await deepDive(book, commodity));
      total = total.plus(plain(profit));
    }
    requireNear('flows and profits', total, valueOf(book), book);
  });

  law('contributions add up to the return', WITHOUT_FEES, async (book) => {
    let total = ZERO;
    for (const commodity of everHeld(book)) {
      const { contribution } = holdingOf(await deepDive(book, commodity));
      total = total.plus(plain(contribution));
    }
    const twr = returnsOf(await performance(book))['twr'] ?? null;
    requireNear('contributions', total, plain(twr), book);
  });

  law('at the money-weighted return, the flows are worth the closing value', BOOKS, async (book) => {
    const answer = await performance(book);
    const yearly = at(answer.data, 'mwr.mwr_annualised');
    const period = at(answer.data, 'mwr.mwr');
    const days = daysBetween(book.start, book.end) + 1;
    if (yearly === null && period === null) return;
    const rate = yearly === null ? Math.pow(1 + Number(period), 365 / days) - 1 : Number(yearly);
    const flows = ownerFlows(book);
    const grown = flows.reduce(
      (sum, { date, amount }) => sum + Number(amount) * Math.pow(1 + rate, daysBetween(date, book.end) / 365),
      0,
    );
    requireNear('flows at the rate', new Decimal(grown), valueOf(book), book, '1e-6');
  });
});
