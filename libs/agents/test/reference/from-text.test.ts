import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '@dawsos/contracts';
import { directorySource } from '@dawsos/ledger';
import { hasProgram } from '@dawsos/testing';
import { at, plain, rows } from '../cases/judge';
import {
  askBooks,
  openBooks,
  openPatterns,
  ROOT,
  textSource,
  type Books,
  type Patterns,
} from '../in-process';

/** What `figures_from_text.py` makes of a ledger's text and price files. */
interface FromText {
  readonly value: string;
  readonly flows: number;
  readonly contributed: string;
  readonly gain: string;
  readonly twr: string;
  readonly max_drawdown: string;
  readonly mwr_annualised: string;
  readonly units: Readonly<Record<string, string>>;
  readonly proceeds: Readonly<Record<string, string>>;
  readonly income: Readonly<Record<string, string>>;
}

interface Subject {
  readonly name: string;
  readonly ledger: string;
  readonly root: string;
  readonly base: string;
  readonly asof: string;
  readonly prices: readonly string[];
}

const EXAMPLE = 'libs/ledger/test/__fixtures__/beancount-example/example.beancount';
const CASES = 'libs/agents/test/cases';

const ofCase = (
  name: string,
  root: string,
  base: string,
  asof: string,
  prices: readonly string[] = [],
): Subject => ({
  name,
  ledger: `${CASES}/${name}/ledger/main.beancount`,
  root,
  base,
  asof,
  prices: prices.map((file) => `${CASES}/${name}/market/${file}`),
});

/** Ledgers without splits and with one base currency or one pair of them. */
const SUBJECTS: readonly Subject[] = [
  {
    name: 'brokerage',
    ledger: EXAMPLE,
    root: 'Assets:US:ETrade',
    base: 'USD',
    asof: '2015-12-20',
    prices: [],
  },
  {
    name: 'retirement',
    ledger: EXAMPLE,
    root: 'Assets:US:Vanguard',
    base: 'USD',
    asof: '2015-12-20',
    prices: [],
  },
  ofCase('returns-coin-bought-on-saturday', 'Assets:B', 'USD', '2024-01-08'),
  ofCase('returns-drawdown-over-a-weekend', 'Assets:B', 'USD', '2024-01-08'),
  ofCase('returns-foreign-cash-alone', 'Assets:Broker', 'EUR', '2024-03-25'),
  ofCase('returns-monthly-priced-fund', 'Assets:B', 'USD', '2024-12-31'),
  ofCase('returns-saturday-deposit', 'Assets:B', 'USD', '2024-12-31'),
  ofCase('loss-booked-to-expenses', 'Assets:Inv', 'EUR', '2023-12-29', ['prices/p.csv']),
  ofCase('crypto-pair-makes-a-coin-money', 'Assets:Wallet', 'USD', '2023-06-30', ['prices/p.csv']),
  ofCase('tax-total-price', 'Assets:B', 'USD', '2024-12-31'),
  ofCase('tax-wash-across-lots', 'Assets:B', 'USD', '2024-12-31'),
  ofCase('tax-wash-seen-in-february', 'Assets:B', 'USD', '2025-02-14'),
];

/** Writes the stored answers anew: `UPDATE_GOLDEN=1 npx jest libs/agents/test/reference`. */
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';
const STORED = path.join(__dirname, 'figures_from_text.json');
const PROGRAM = path.join(__dirname, 'figures_from_text.py');

const byPython = ({ ledger, root, base, asof, prices }: Subject): FromText =>
  JSON.parse(
    execFileSync('python3', [PROGRAM, ledger, root, base, asof, ...prices], {
      cwd: ROOT,
      encoding: 'utf8',
    }),
  ) as FromText;

const stored = (): Readonly<Record<string, FromText>> =>
  JSON.parse(readFileSync(STORED, 'utf8')) as Readonly<Record<string, FromText>>;

let patterns: Patterns;

beforeAll(async () => {
  patterns = await openPatterns();
  if (!UPDATE) return;
  const found = Object.fromEntries(SUBJECTS.map((subject) => [subject.name, byPython(subject)]));
  writeFileSync(STORED, `${JSON.stringify(found, null, 2)}\n`);
});

async function booksOf({ ledger, root, base }: Subject): Promise<Books> {
  const file = path.join(ROOT, ledger);
  if (ledger !== EXAMPLE)
    return openBooks(directorySource(path.dirname(file)), path.join(path.dirname(file), '../market'));
  const portfolio = `2013-01-01 custom "portfolio" "main" ${root}\n  base_currency: ${base}\n`;
  return openBooks(textSource(`${readFileSync(file, 'utf8')}\n${portfolio}`));
}

const near = (what: string, got: unknown, wanted: string, tolerance: number): void => {
  const far = Math.abs(Number(got) - Number(wanted));
  expect([what, far <= tolerance * Math.max(1, Math.abs(Number(wanted))), got, wanted]).toEqual([
    what,
    true,
    got,
    wanted,
  ]);
};

describe('the figures, against a program that reads the text of the ledger alone', () => {
  it.each(SUBJECTS)('$name', async (subject) => {
    const wanted = stored()[subject.name];
    if (wanted === undefined) throw new Error(`no stored figures of ${subject.name}`);
    const books = await booksOf(subject);
    const ask = async (pattern: string, inputs: JsonObject): Promise<JsonObject> => {
      const answer = await askBooks(patterns, books, {
        pattern,
        portfolio: 'main',
        asof: subject.asof,
        inputs,
      });
      expect([answer.status, answer.error]).toEqual(['succeeded', null]);
      return answer.data;
    };
    const performance = await ask('performance', { lookback_days: 10_000 });
    near('twr', at(performance, 'perf_metrics.twr'), wanted.twr, 1e-10);
    near('drawdown', at(performance, 'perf_metrics.max_drawdown.depth') ?? '0', wanted.max_drawdown, 1e-10);
    near('xirr', at(performance, 'mwr.mwr_annualised'), wanted.mwr_annualised, 1e-8);
    expect(at(performance, 'mwr.flows')).toBe(wanted.flows);
    const holdings = await ask('holdings', {});
    near('value', at(holdings, 'valued_positions.total_value'), wanted.value, 1e-9);
    for (const [commodity, units] of Object.entries(wanted.units)) {
      const [held] = rows(holdings['valued_positions'], { commodity }, ['quantity']);
      near(commodity, held?.['quantity'], units, 1e-12);
    }
    for (const [year, proceeds] of Object.entries(wanted.proceeds)) {
      const report = await ask('portfolio_tax_report', { tax_year: Number(year) });
      const [total] = rows(report['tax_summary'], { term: 'total' }, ['proceeds'], ['recognised']);
      near(`proceeds of ${year}`, total?.['proceeds'], proceeds, 1e-9);
    }
  });

  it("bean-example's gains of all years, open gains and dividends are its whole gain", async () => {
    const [subject] = SUBJECTS;
    if (subject === undefined) throw new Error('no subject');
    const books = await booksOf(subject);
    let total = 922.06;
    for (const tax_year of [2013, 2014, 2015]) {
      const question = {
        pattern: 'portfolio_tax_report',
        portfolio: 'main',
        asof: subject.asof,
        inputs: { tax_year },
      };
      const { data } = await askBooks(patterns, books, question);
      total += Number(plain(rows(data['tax_summary'], { term: 'total' }, ['recognised'])[0]?.['recognised']));
      if (tax_year === 2015)
        total += Number(plain(rows(data['tax_summary'], { term: 'total' }, ['net'])[0]?.['net']));
    }
    near('gain', total, stored()[subject.name]?.gain ?? 'NaN', 1e-6);
  });

  it("says what of bean-example's payroll is a flow and what is income", async () => {
    const retirement = SUBJECTS[1];
    if (retirement === undefined) throw new Error('no subject');
    const books = await booksOf(retirement);
    const question = {
      pattern: 'performance',
      portfolio: 'main',
      asof: retirement.asof,
      inputs: { lookback_days: 10_000 },
    };
    const { data } = await askBooks(patterns, books, question);
    const counted = rows(at(data, 'perf_metrics.counted'), {}, ['counted']);
    const salary = counted.find((row) => row['account'] === 'Income:US:Hoogle:Salary');
    expect(salary?.['counted']).toBe('flow');
    expect(counted.filter((row) => row['counted'] === 'return')).toEqual([]);
  });

  const ifPython = hasProgram('python3') ? it : it.skip;
  ifPython.each(SUBJECTS)('python3: the stored figures of $name are what the program finds', (subject) => {
    expect(byPython(subject)).toEqual(stored()[subject.name]);
  });
});
