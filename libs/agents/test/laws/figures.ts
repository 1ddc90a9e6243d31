import { isDeepStrictEqual } from 'node:util';
import { Decimal, isoDate, ZERO, type JsonObject, type JsonValue } from '@dawsos/contracts';
import { at, drawdown, lots, objects, plain, sales, twr } from '../cases/judge';
import { askBooks, openBooks, packOf, textSource, type Answer, type Books } from '../in-process';
import { Broken, shippedPatterns } from './law';
import { bookText, lookbackDays, type SmallBook } from './small-book';

/** Books and answers of ledgers that several laws look at. */
const KEPT = 3_000;
const books = new Map<string, Promise<Books>>();
const answers = new Map<string, Promise<Answer>>();

function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const [oldest] = map.size >= KEPT ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
  const made = make();
  map.set(key, made);
  return made;
}

/** Runs a pattern that ships on a ledger, as of its last day. A run that fails breaks every law. */
export async function ask(book: SmallBook, pattern: string, inputs: JsonObject = {}): Promise<Answer> {
  const text = bookText(book);
  const answer = await kept(answers, `${pattern} ${JSON.stringify(inputs)} ${book.end} ${text}`, async () => {
    const opened = await kept(books, text, () => openBooks(textSource(text)));
    const pack = packOf(opened, isoDate(book.end));
    const question = { pattern, portfolio: 'main', asof: book.end, inputs };
    return askBooks(await shippedPatterns(), opened, question, pack);
  });
  if (answer.status === 'failed') throw new Broken(`${pattern} fails: ${JSON.stringify(answer.error)}`, book);
  return answer;
}

export const performance = (book: SmallBook): Promise<Answer> =>
  ask(book, 'performance', { lookback_days: lookbackDays(book) });

export const performanceBetween = (
  book: SmallBook,
  from: string,
  to: string,
  inputs: JsonObject = {},
): Promise<Answer> => ask(book, 'performance', { from, to, ...inputs });

export const taxReport = (book: SmallBook): Promise<Answer> =>
  ask(book, 'portfolio_tax_report', { tax_year: Number(book.end.slice(0, 4)) });

export const deepDive = (book: SmallBook, commodity: string): Promise<Answer> =>
  ask(book, 'holding_deep_dive', { commodity, lookback_days: lookbackDays(book) });

export type Figures = Readonly<Record<string, JsonValue>>;

/** Figures of a linked return: none of them knows a currency. */
export function returnsOf(whole: Answer): Figures {
  const answer = withoutCharts(whole);
  const { data } = answer;
  return {
    twr: twr(answer),
    twr_annualised: at(data, 'twr_annualised'),
    drawdown: drawdown(answer),
    mwr: at(data, 'mwr.mwr'),
    mwr_annualised: at(data, 'mwr_annualised'),
    local: at(data, 'currency_attr.local'),
    fx: at(data, 'currency_attr.fx'),
    interaction: at(data, 'currency_attr.interaction'),
  };
}

/** Figures are looked for by name: points of charts are not. */
const withoutCharts = (answer: Answer): Answer => ({
  ...answer,
  data: Object.fromEntries(Object.entries(answer.data).filter(([name]) => name !== 'charts')),
});

/** What the statistics of the observation grid are. */
export function statisticsOf(answer: Answer): Figures {
  const { data } = withoutCharts(answer);
  return { volatility: at(data, 'perf_metrics.volatility'), sharpe: at(data, 'perf_metrics.sharpe') };
}

/** The value of the portfolio at the end of the series. */
export function closingValue({ data }: Answer): Decimal {
  const nav = at(data, 'charts.nav');
  const last = Array.isArray(nav) ? (nav.at(-1) as JsonObject) : undefined;
  return new Decimal(plain(last?.['y'] ?? last?.['value'] ?? 'NaN'));
}

const SUMMED = ['units', 'proceeds_base', 'basis_base', 'gain_base', 'disallowed_base', 'recognised_base'];
const SUMMED_OF_LOTS = ['units', 'basis_base', 'value_base', 'gain_base', 'wash_basis_base'];

type Row = Readonly<Record<string, JsonValue>>;

/** Rows with equal `by`, added up: a lot sold in two entries is one row. */
function added(rows: readonly Row[], by: readonly string[], summed: readonly string[]): Figures {
  const sums = new Map<string, Map<string, Decimal>>();
  for (const row of rows) {
    const key = by.map((name) => plain(row[name])).join(' ');
    const own = sums.get(key) ?? new Map<string, Decimal>();
    for (const name of summed) own.set(name, (own.get(name) ?? ZERO).plus(plain(row[name] ?? '0')));
    sums.set(key, own);
  }
  return Object.fromEntries(
    [...sums.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, own]) => [key, Object.fromEntries([...own].map(([name, sum]) => [name, rounded(sum)]))]),
  );
}

/** Tax figures are sums of quotients: they are compared to a millionth. */
const rounded = (number: Decimal): string => number.toDecimalPlaces(6).plus(0).toFixed();

/** Gains of the year by what was sold and when it was acquired, and what is open. */
export function taxOf(answer: Answer, commodities: readonly string[] = ['AAA', 'BBB']): Figures {
  const sold = commodities.flatMap((name) => sales(answer, name));
  const open = commodities.flatMap((name) => lots(answer, name));
  return {
    sales: added(sold, ['commodity', 'date', 'held_from', 'term'], SUMMED),
    lots: added(open, ['commodity', 'held_from', 'term'], SUMMED_OF_LOTS),
  };
}

/** The sum of a member over the rows of a list of the answer. */
export const sumOf = (rows: readonly Row[], member: string): Decimal =>
  rows.reduce((total, row) => total.plus(plain(row[member] ?? '0')), ZERO);

/** Income of a commodity, and what it added. */
export function holdingOf({ data }: Answer): Figures {
  const added = objects(data).find((row) => 'profit' in row && 'contribution' in row);
  return {
    profit: added?.['profit'] ?? null,
    contribution: added?.['contribution'] ?? null,
    gross: at(data, 'income.gross_base'),
    net: at(data, 'income.net_base'),
  };
}

export function requireSame(before: Figures, after: Figures, ...shown: readonly SmallBook[]): void {
  if (isDeepStrictEqual(before, after)) return;
  const names = Object.keys(before).filter((name) => !isDeepStrictEqual(before[name], after[name]));
  const lines = names.map(
    (name) => `${name}: ${JSON.stringify(before[name])} became ${JSON.stringify(after[name])}`,
  );
  throw new Broken(lines.join('\n'), ...shown);
}

/** Two numbers that differ by roundings only. */
export function requireNear(
  what: string,
  got: Decimal | string | null,
  wanted: Decimal | string | null,
  book: SmallBook,
  tolerance = '1e-9',
): void {
  if (got === null && wanted === null) return;
  if (got !== null && wanted !== null) {
    const far = new Decimal(got).minus(wanted).abs();
    if (far.lte(Decimal.max(1, new Decimal(wanted).abs()).times(tolerance))) return;
  }
  throw new Broken(`${what}: ${String(got)} and not ${String(wanted)}`, book);
}
