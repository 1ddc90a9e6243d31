import { Decimal, type IsoDate } from '@dawsos/contracts';
import {
  CASH,
  isSecurity,
  laterBy,
  OWNER,
  quoteAt,
  SHARES,
  SPARE,
  unitsOf,
  type BookQuote,
  type Entry,
  type Leg,
  type SmallBook,
} from './small-book';

/** A ledger that says the same in another way, or undefined where the change does not fit. */
export type Transformation = (book: SmallBook, pick: number) => SmallBook | undefined;

/** Entries in the order of their days; those of a day stay as they stood, `entry` after them. */
const inserted = (book: SmallBook, ...entries: readonly Entry[]): SmallBook => ({
  ...book,
  entries: [...book.entries, ...entries].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)),
});

const dayIn = ({ start, end }: SmallBook, pick: number): IsoDate => {
  const days = Math.round((Date.parse(end) - Date.parse(start)) / 86_400_000);
  return laterBy(start, pick % (days + 1));
};

const money = (amount: Decimal | number): string => `${new Decimal(amount).toFixed()} USD`;

/** A flow of nothing, on any day. */
export const addNothing: Transformation = (book, pick) =>
  inserted(book, {
    date: dayIn(book, pick),
    kind: 'other',
    legs: [
      { account: CASH, units: '0 USD' },
      { account: OWNER, units: '0 USD' },
    ],
  });

/** Money that comes in and goes out again on one day. */
export const inAndOutAgain: Transformation = (book, pick) => {
  const date = dayIn(book, pick);
  const legs = (amount: Decimal | number): Leg[] => [
    { account: CASH, units: money(amount) },
    { account: OWNER, units: money(new Decimal(amount).negated()) },
  ];
  return inserted(book, { date, kind: 'other', legs: legs(500) }, { date, kind: 'other', legs: legs(-500) });
};

/** An entry as two, each of a part of all its amounts. */
export const splitEntry: Transformation = (book, pick) => {
  const index = pick % book.entries.length;
  const entry = book.entries[index];
  if (entry === undefined) return undefined;
  const securities = entry.legs.flatMap((leg) => {
    const units = unitsOf(leg);
    return units !== undefined && isSecurity(units.currency) ? [units.number.abs()] : [];
  });
  // A half of each where units are whole numbers; amounts of money halve in any case.
  if (securities.some((units) => !units.mod(2).isZero())) return undefined;
  const half: Entry = { ...entry, legs: entry.legs.map((leg) => scaled(leg, new Decimal('0.5'))) };
  return {
    ...book,
    entries: [...book.entries.slice(0, index), half, half, ...book.entries.slice(index + 1)],
  };
};

function scaled(leg: Leg, by: Decimal): Leg {
  const units = unitsOf(leg);
  return units === undefined
    ? leg
    : { ...leg, units: `${units.number.times(by).toFixed()} ${units.currency}` };
}

/** The entries of each day backwards, where no sale of the day needs what came that day. */
export const permuteDays: Transformation = (book) => {
  const days = [...new Set(book.entries.map(({ date }) => date))];
  const entries = days.flatMap((day) => {
    const own = book.entries.filter(({ date }) => date === day);
    return own.some(({ kind }) => kind === 'sell') ? own : own.reverse();
  });
  return { ...book, entries };
};

/** Other names for every account; the roles are declared. */
export const renameAccounts: Transformation = (book) => {
  const name = (account: string): string =>
    account
      .replace(/^Assets:Inv/, 'Assets:Zoo:Ape')
      .replace(/^Income:Inv/, 'Income:Salary')
      .replace(/^Expenses:Inv/, 'Expenses:Food')
      .replace(/^Equity:Owner/, 'Equity:Dividends');
  return {
    ...book,
    root: name(book.root),
    roles: Object.fromEntries(Object.entries(book.roles).map(([account, role]) => [name(account), role])),
    entries: book.entries.map((entry) => ({
      ...entry,
      legs: entry.legs.map((leg) => ({ ...leg, account: name(leg.account) })),
    })),
  };
};

/** All that is held moves to another account of the portfolio on the last day, lots with their dates. */
export const moveBetweenAccounts: Transformation = (book) => {
  const open = new Map<string, { units: Decimal; currency: string; cost: string }>();
  for (const { date, legs } of book.entries) {
    for (const leg of legs) {
      const units = unitsOf(leg);
      if (leg.account !== SHARES || units === undefined || leg.cost === undefined) continue;
      const cost = leg.cost.includes(',') ? leg.cost : `${leg.cost}, ${date}`;
      const key = `${units.currency} ${cost}`;
      const before = open.get(key)?.units ?? new Decimal(0);
      open.set(key, { units: before.plus(units.number), currency: units.currency, cost });
    }
  }
  const held = [...open.values()].filter(({ units }) => !units.isZero());
  if (held.length === 0) return undefined;
  const legs = held.flatMap(({ units, currency, cost }) => [
    { account: SHARES, units: `${units.negated().toFixed()} ${currency}`, cost },
    { account: SPARE, units: `${units.toFixed()} ${currency}`, cost },
  ]);
  return inserted(book, { date: book.end, kind: 'other', legs });
};

/** Every amount times a number, prices as they are. */
export const scaleAmounts: Transformation = (book, pick) => {
  const by = new Decimal([2, 3, 7, 10, 1000][pick % 5] ?? 2);
  return {
    ...book,
    entries: book.entries.map((entry) => ({
      ...entry,
      legs: entry.legs.map((leg) => scaled(leg, by)),
    })),
  };
};

/**
 * A quote that is equal to the price it follows, on a day without one. The price is the newest of quotes and trades; on
 * the day of a trade a quote would take its place.
 */
export const repeatQuote: Transformation = (book, pick) => {
  const date = dayIn(book, pick);
  const added = [...new Set(book.quotes.map(({ commodity }) => commodity))].flatMap(
    (commodity): BookQuote[] => {
      const known = quoteAt(book, commodity, date);
      const trades = book.entries.filter(
        (entry) => entry.date <= date && entry.legs.some(({ units = '' }) => units.endsWith(` ${commodity}`)),
      );
      const isTraded = trades.some((entry) => known !== undefined && entry.date > known.date);
      return known === undefined || known.date === date || isTraded ? [] : [{ ...known, date }];
    },
  );
  return added.length === 0 ? undefined : { ...book, quotes: [...book.quotes, ...added] };
};

/** Only quotes of days with an entry are left, and of the last day. */
export const thinQuotes: Transformation = (book) => {
  const days = new Set<string>([...book.entries.map(({ date }) => date), book.start, book.end]);
  return { ...book, quotes: book.quotes.filter(({ date }) => days.has(date)) };
};

/** Sales with the price for all units, or without one. */
export const sellAtTotal: Transformation = (book) =>
  withSales(book, (leg, units) => ({
    ...leg,
    price: `@@ ${money(units.times(priceOf(leg)))}`,
  }));

export const sellWithoutPrice: Transformation = (book) =>
  withSales(book, ({ account, units, cost }) => ({
    account,
    ...(units === undefined ? {} : { units }),
    ...(cost === undefined ? {} : { cost }),
  }));

const priceOf = ({ price = '' }: Leg): Decimal => new Decimal(price.split(' ')[1] ?? 'NaN');

function withSales(book: SmallBook, change: (leg: Leg, units: Decimal) => Leg): SmallBook | undefined {
  if (!book.entries.some(({ kind }) => kind === 'sell')) return undefined;
  return {
    ...book,
    entries: book.entries.map((entry) =>
      entry.kind !== 'sell'
        ? entry
        : {
            ...entry,
            legs: entry.legs.map((leg) => {
              const units = unitsOf(leg);
              return units === undefined || leg.price === undefined ? leg : change(leg, units.number.abs());
            }),
          },
    ),
  };
}

/** Dividends that are reinvested in one entry, in two: the money comes, then the units. */
export const reinvestInTwo: Transformation = (book) => {
  if (!book.entries.some(({ kind }) => kind === 'reinvest')) return undefined;
  return {
    ...book,
    entries: book.entries.flatMap((entry): Entry[] => {
      const [units, income] = entry.legs;
      if (entry.kind !== 'reinvest' || units === undefined || income?.units === undefined) return [entry];
      const paid = unitsOf(income)?.number.negated() ?? new Decimal(0);
      return [
        { ...entry, kind: 'income', legs: [{ account: CASH, units: money(paid) }, income] },
        {
          date: entry.date,
          kind: 'buy',
          legs: [units, { account: CASH, units: money(paid.negated()) }],
        },
      ];
    }),
  };
};

/** A deposit a day later, where on that day nothing else happens and nothing is quoted. */
export const depositADayLater: Transformation = (book, pick) => {
  const busy = new Set([...book.entries, ...book.quotes].map(({ date }) => date));
  const alone = book.entries.filter(
    ({ kind, date }) =>
      kind === 'deposit' &&
      date > book.start &&
      date < book.end &&
      !busy.has(laterBy(date, 1)) &&
      book.entries.filter((other) => other.date === date).length === 1,
  );
  const moved = alone[pick % Math.max(1, alone.length)];
  if (moved === undefined) return undefined;
  const rest = { ...book, entries: book.entries.filter((entry) => entry !== moved) };
  return inserted(rest, { ...moved, date: laterBy(moved.date, 1) });
};

/** Units that nobody ever quoted, given by the owner. */
export const addUnquoted: Transformation = (book, pick) =>
  inserted(book, {
    date: dayIn(book, pick),
    kind: 'other',
    legs: [
      { account: SHARES, units: '5 CCC', cost: '7 USD' },
      { account: OWNER, units: '-35 USD' },
    ],
  });

/** Every quote twice. */
export const quoteTwice: Transformation = (book) => ({ ...book, quotes: [...book.quotes, ...book.quotes] });
