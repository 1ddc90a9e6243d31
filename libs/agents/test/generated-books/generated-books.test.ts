import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Decimal, type JsonObject } from '@dawsos/contracts';
import { askBooks, openBooks, openPatterns, textSource, type Books, type Patterns } from '../in-process';

/** The accounts of the retirement and of the brokerage in the ledger that Beancount generates. */
const PORTFOLIOS = `
2023-01-01 custom "portfolio" "retirement" Assets:US:Vanguard
  base_currency: USD
2023-01-01 custom "portfolio" "brokerage" Assets:US:ETrade
  base_currency: USD
`;

let books: Books;
let patterns: Patterns;

beforeAll(async () => {
  const text = await readFile(path.join(__dirname, 'bean-example.beancount'), 'utf8');
  books = await openBooks(textSource(text + PORTFOLIOS));
  patterns = await openPatterns();
});

async function ask(pattern: string, portfolio: string | null, inputs: JsonObject = {}): Promise<JsonObject> {
  const answer = await askBooks(patterns, books, { pattern, portfolio, asof: '2023-12-31', inputs });
  expect(answer).toMatchObject({ status: 'succeeded', error: null });
  return answer.data;
}

interface Counted {
  readonly account: string;
  readonly role: string | null;
  readonly counted: string;
  readonly amount: string;
}

interface Performance {
  readonly perf_metrics: { readonly twr: string | null; readonly counted: readonly Counted[] };
  readonly mwr: { readonly mwr: string | null };
}

async function performance(portfolio: string): Promise<Performance> {
  return (await ask('performance', portfolio, { period: 'SI' })) as unknown as Performance;
}

interface TaxReport {
  readonly realized_gains: {
    readonly sales: readonly { readonly recognised_base: string; readonly disallowed_base: string }[];
    readonly gaps: readonly unknown[];
  };
  readonly tax_lots: {
    readonly lots: readonly { readonly gain_base: string; readonly basis_base: string }[];
    readonly gaps: readonly unknown[];
  };
}

async function taxes(portfolio: string): Promise<TaxReport> {
  return (await ask('portfolio_tax_report', portfolio, { tax_year: 2023 })) as unknown as TaxReport;
}

const sum = (texts: readonly string[]): Decimal =>
  texts.reduce<Decimal>((total, text) => total.plus(text), new Decimal(0));

/** What an account outside counted as, each once. */
const counts = (counted: readonly Counted[], name: RegExp): string[] => [
  ...new Set(
    counted.filter(({ account }) => name.test(account)).map((one) => `${String(one.role)} as ${one.counted}`),
  ),
];

describe("Beancount's generated ledger", () => {
  it('has pay and its taxes as flows of the retirement accounts, and no return by them', async () => {
    const { perf_metrics, mwr } = await performance('retirement');
    expect(counts(perf_metrics.counted, /^Income.*Salary/)).toEqual(['compensation as flow']);
    expect(counts(perf_metrics.counted, /Match401k|^Expenses:Taxes/)).toEqual(['unclassified as flow']);
    expect(Math.abs(Number(perf_metrics.twr))).toBeLessThan(0.2);
    expect(Math.abs(Number(mwr.mwr))).toBeLessThan(0.2);
  });

  it('has dividends, results and commissions as return of the brokerage account, and transfers as flows', async () => {
    const { perf_metrics } = await performance('brokerage');
    const { counted } = perf_metrics;
    expect(counts(counted, /Dividend/)).toEqual(['dividend as return']);
    expect(counts(counted, /PnL/)).toEqual(['result as return']);
    expect(counts(counted, /Commissions/)).toEqual(['trading_cost as return']);
    expect(counts(counted, /Checking/)).toEqual(['null as flow']);
    expect(perf_metrics.twr).not.toBeNull();
  });

  it('has gains that are, with dividends, what the brokerage account is worth more than was paid in', async () => {
    const { realized_gains, tax_lots } = await taxes('brokerage');
    const { perf_metrics } = await performance('brokerage');
    expect([...realized_gains.gaps, ...tax_lots.gaps]).toEqual([]);
    // Two of the sales were at a loss and bought back within 30 days: what is deferred waits in the lots.
    expect(realized_gains.sales.map(({ disallowed_base }) => Number(disallowed_base) > 0)).toEqual([
      true,
      false,
      true,
    ]);
    const paidIn = sum(
      perf_metrics.counted.filter(({ counted }) => counted === 'flow').map(({ amount }) => amount),
    );
    const dividends = sum(
      perf_metrics.counted.filter(({ role }) => role === 'dividend').map(({ amount }) => amount),
    );
    const holdings = await ask('holdings', 'brokerage');
    const { positions } = (
      holdings as unknown as { valued_positions: { positions: readonly { value: string }[] } }
    ).valued_positions;
    const worth = sum(positions.map(({ value }) => value));
    const gains = sum([
      ...realized_gains.sales.map(({ recognised_base }) => recognised_base),
      ...tax_lots.lots.map(({ gain_base }) => gain_base),
    ]);
    expect(gains.plus(dividends).toFixed(6)).toBe(worth.minus(paidIn).toFixed(6));
  });

  const held = { retirement: 'RGAGX', brokerage: 'ITOT' } as const;

  it('is answered by every shipped pattern for both, with what cannot be told as gaps', async () => {
    for (const [portfolio, commodity] of Object.entries(held)) {
      const inputs: Readonly<Record<string, JsonObject>> = {
        holding_deep_dive: { commodity },
        company_overview: { commodity },
        policy_rebalance: { targets: { [commodity]: '1' }, untargeted: 'sell' },
        portfolio_scenario_analysis: { shocks: [{ kind: 'price', commodity, change: '-0.2' }] },
        portfolio_tax_report: { tax_year: 2023 },
      };
      for (const pattern of patterns.catalog.ids()) await ask(pattern, portfolio, inputs[pattern] ?? {});
    }
  });
});
