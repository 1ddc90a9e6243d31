import { isoDate, type JsonObject } from '@dawsos/contracts';
import { at, plain } from '../cases/judge';
import { askBooks, openBooks, openPatterns, textSource, type Answer, type Patterns } from '../in-process';

/** Money by day: what came in is positive, what left is negative. */
export type Flows = readonly (readonly [date: string, amount: number])[];

let patterns: Promise<Patterns> | undefined;

/** Runs a pattern that ships on a ledger of the portfolio `main`. */
export async function askText(
  text: string,
  pattern: string,
  asof: string,
  inputs: JsonObject = {},
): Promise<Answer> {
  const books = await openBooks(textSource(text));
  const answer = await askBooks(await (patterns ??= openPatterns()), books, {
    pattern,
    portfolio: 'main',
    asof: isoDate(asof),
    inputs,
  });
  if (answer.status === 'failed') throw new Error(JSON.stringify(answer.error));
  return answer;
}

export function ledger(base: string, lines: readonly string[]): string {
  return [
    `option "operating_currency" "${base}"`,
    '1970-01-01 custom "portfolio" "main" Assets:Fund',
    `  base_currency: ${base}`,
    ...['Assets:Fund:Cash', 'Assets:Fund:Units', 'Assets:Fund:Ira', 'Equity:Owner'].map(
      (account) => `1970-01-01 open ${account}`,
    ),
    ...[
      ['Income:Interest', 'interest'],
      ['Income:Dividend', 'dividend'],
      ['Income:Result', 'result'],
      ['Expenses:Commission', 'trading_cost'],
    ].flatMap(([account = '', role = '']) => [`1970-01-01 open ${account}`, `  role: "${role}"`]),
    ...lines,
  ].join('\n');
}

export const entry = (date: string, ...legs: readonly string[]): string =>
  [`${date} * "entry"`, ...legs.map((leg) => `  ${leg}`)].join('\n');

export const deposit = (date: string, amount: number, currency = 'USD'): string =>
  entry(date, `Assets:Fund:Cash  ${amount.toString()} ${currency}`, 'Equity:Owner');

/** What a fund earned by a day, however it did. */
export const gain = (date: string, amount: number): string =>
  entry(date, `Assets:Fund:Cash  ${amount.toString()} USD`, 'Income:Interest');

/** The money-weighted return of flows of an investor: paid in is negative, as in a spreadsheet. */
export async function moneyWeighted(flows: Flows): Promise<string> {
  const [first, last] = [flows[0], flows.at(-1)];
  if (first === undefined || last === undefined) return '';
  const total = flows.reduce((sum, [, amount]) => sum + amount, 0);
  const text = ledger('USD', [
    ...flows.slice(0, -1).map(([date, amount]) => deposit(date, -amount)),
    gain(last[0], Number(total.toFixed(6))),
  ]);
  const { data } = await askText(text, 'performance', last[0], { lookback_days: 36_600 });
  return plain(at(data, 'mwr.mwr_annualised'));
}

export interface Returns {
  readonly twr: string;
  readonly yearly: string;
  readonly mwr: string;
}

/** The returns of a fund of which flows and gains are known by day. */
export async function returnsOfLedger(text: string, asof: string, lookback = 36_600): Promise<Returns> {
  const { data } = await askText(text, 'performance', asof, { lookback_days: lookback });
  const figure = (name: string): string => plain(at(data, name));
  return {
    twr: figure('perf_metrics.twr'),
    yearly: figure('perf_metrics.twr_annualised'),
    mwr: figure('mwr.mwr_annualised'),
  };
}
