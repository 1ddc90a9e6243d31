import { addDays, Decimal, isoDate, type IsoDate } from '@dawsos/contracts';

/** A posting as it is written; without `units` Beancount fills it in. */
export interface Leg {
  readonly account: string;
  readonly units?: string;
  /** What stands between the braces of a cost: `10 USD, 2024-01-02`, or nothing. */
  readonly cost?: string;
  /** `@ 10 USD` or `@@ 100 USD`. */
  readonly price?: string;
}

export interface Entry {
  readonly date: IsoDate;
  readonly kind: 'deposit' | 'withdrawal' | 'buy' | 'sell' | 'income' | 'fee' | 'reinvest' | 'other';
  readonly meta?: Readonly<Record<string, string>>;
  readonly legs: readonly Leg[];
}

export interface BookQuote {
  readonly date: IsoDate;
  readonly commodity: string;
  readonly number: Decimal;
  readonly currency: string;
}

/** A small ledger that is whole in memory: transformations take one and give one, and its text is what is run. */
export interface SmallBook {
  readonly base: string;
  /** The root of the portfolio `main`. */
  readonly root: string;
  /** The role that each outside account declares. */
  readonly roles: Readonly<Record<string, string>>;
  /** Lines of other directives. */
  readonly more: readonly string[];
  readonly entries: readonly Entry[];
  readonly quotes: readonly BookQuote[];
  readonly start: IsoDate;
  readonly end: IsoDate;
}

export const CASH = 'Assets:Inv:Cash';
export const SHARES = 'Assets:Inv:Shares';
export const SPARE = 'Assets:Inv:Spare';
export const OWNER = 'Equity:Owner';
export const ROLES: Readonly<Record<string, string>> = {
  'Income:Inv:Result': 'result',
  'Income:Inv:Dividend': 'dividend',
  'Income:Inv:Interest': 'interest',
  'Expenses:Inv:Fee': 'fee',
  'Expenses:Inv:Commission': 'trading_cost',
};

/** Days before the first entry are for opening accounts. */
const OPENED = isoDate('2020-01-01');

export function bookText(book: SmallBook): string {
  const accounts = new Set(book.entries.flatMap(({ legs }) => legs.map(({ account }) => account)));
  const lines = [
    `option "operating_currency" "${book.base}"`,
    `${OPENED} custom "portfolio" "main" ${book.root}`,
    `  base_currency: ${book.base}`,
    ...[...accounts].sort().flatMap((account) => {
      const role = book.roles[account];
      return [`${OPENED} open ${account}`, ...(role === undefined ? [] : [`  role: "${role}"`])];
    }),
    ...book.more,
    ...book.quotes.map(
      ({ date, commodity, number, currency }) => `${date} price ${commodity} ${number.toFixed()} ${currency}`,
    ),
    ...book.entries.flatMap(entryLines),
  ];
  return `${lines.join('\n')}\n`;
}

function entryLines({ date, kind, meta = {}, legs }: Entry): string[] {
  return [
    `${date} * "${kind}"`,
    ...Object.entries(meta).map(([key, text]) => `  ${key}: "${text}"`),
    ...legs.map(({ account, units = '', cost, price = '' }) =>
      `  ${account}  ${units}${cost === undefined ? '' : ` {${cost}}`} ${price}`.trimEnd(),
    ),
  ];
}

/** The days from the eve of the first entry to the end. */
export const lookbackDays = ({ start, end }: SmallBook): number => daysBetween(start, end) + 1;

export const daysBetween = (from: IsoDate, to: IsoDate): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

export const laterBy = (date: IsoDate, days: number): IsoDate => addDays(date, days);

/** Units and currency of a leg; undefined where Beancount fills them in. */
export function unitsOf({ units }: Leg): { readonly number: Decimal; readonly currency: string } | undefined {
  const [number, currency] = units?.split(' ') ?? [];
  return number === undefined || currency === undefined
    ? undefined
    : { number: new Decimal(number), currency };
}

export const isSecurity = (commodity: string): boolean => !['USD', 'EUR', 'GBP'].includes(commodity);

/** The newest quote of a commodity on or before a day. */
export function quoteAt(book: SmallBook, commodity: string, day: IsoDate): BookQuote | undefined {
  return book.quotes
    .filter((quote) => quote.commodity === commodity && quote.date <= day)
    .reduce<BookQuote | undefined>(
      (newest, quote) => (newest === undefined || quote.date >= newest.date ? quote : newest),
      undefined,
    );
}

/** What the portfolio holds of a commodity at the end, by the entries alone. */
export function heldAtEnd({ entries, root }: SmallBook): ReadonlyMap<string, Decimal> {
  const held = new Map<string, Decimal>();
  for (const leg of entries.flatMap(({ legs }) => legs)) {
    const units = unitsOf(leg);
    if (units === undefined || !leg.account.startsWith(root)) continue;
    held.set(units.currency, (held.get(units.currency) ?? new Decimal(0)).plus(units.number));
  }
  return held;
}

/** What came into the portfolio from its owner, less what left, by entry. */
export function ownerFlows({ entries }: SmallBook): { readonly date: IsoDate; readonly amount: Decimal }[] {
  return entries.flatMap(({ date, legs }) =>
    legs.flatMap((leg) => {
      const units = leg.account === OWNER ? unitsOf(leg) : undefined;
      return units === undefined ? [] : [{ date, amount: units.number.negated() }];
    }),
  );
}
