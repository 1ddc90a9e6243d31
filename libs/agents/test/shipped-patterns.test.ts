import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  MEASUREMENT_INPUTS,
  type InvokeCapability,
  type JsonObject,
  type JsonValue,
} from '@dawsos/contracts';
import { createMetricsRegistry } from '@dawsos/observability';
import {
  loadPatterns,
  parseInputs,
  runPattern,
  type PatternCatalog,
  type PatternResult,
} from '@dawsos/patterns';
import { decide, figureSources, parseRegistry } from '@dawsos/rights';
import {
  createAgentRuntime,
  joinProvenance,
  shippedAgents,
  type AgentRuntime,
  type World,
} from '../src/index';
import { ASOF, exampleWorlds, ROOT } from './example-world';

/** Set to write the golden files anew: `UPDATE_GOLDEN=1 npx jest --selectProjects integration libs/agents/test`. */
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const metrics = createMetricsRegistry({ processMetrics: false });

let runtime: AgentRuntime;
let patterns: PatternCatalog;
let worldOf: Awaited<ReturnType<typeof exampleWorlds>>;

beforeAll(async () => {
  worldOf = await exampleWorlds();
  runtime = createAgentRuntime({ agents: shippedAgents(), metrics });
  patterns = await loadPatterns(path.join(ROOT, 'patterns'), runtime.catalog);
});

async function execute(
  id: string,
  portfolioId: string | null,
  inputs: JsonObject = {},
  change: Partial<World> = {},
): Promise<PatternResult> {
  const plan = patterns.get(id);
  if (plan === undefined) throw new Error(`no pattern ${id}`);
  const world = { ...worldOf(portfolioId), ...change };
  const invoke: InvokeCapability = runtime.bind(world);
  return runPattern(plan, {
    inputs: parseInputs(plan.definition, inputs),
    ctx: {
      pricing_pack_id: world.pack.id,
      ledger_commit_hash: world.ledger.commit,
      portfolio_id: portfolioId,
      asof_date: ASOF,
    },
    invoke,
    metrics,
    signal: new AbortController().signal,
    maxParallel: 4,
  });
}

const SHOCKS = [
  { kind: 'price', sector: 'Technology', change: '-0.2' },
  { kind: 'fx', currency: 'USD', change: '0.05' },
  { kind: 'factor', factor: 'CDNX', change: '-0.1' },
];
const TARGETS = {
  NWND: '0.12',
  HELX: '0.08',
  BRDG: '0.1',
  MPLB: '0.15',
  NRTH: '0.12',
  CDNX: '0.15',
  RHNE: '0.13',
  LUMI: '0.07',
  CAD: '0.08',
};

const CASES = [
  ['portfolio_overview', 'growth', { risk_free_rate: '0.03' }],
  ['portfolio_overview', 'income', { lookback_days: 60 }],
  ['portfolio_overview', 'reserve', { lookback_days: 30 }],
  ['holdings', 'growth', {}],
  ['export_portfolio_report', 'growth', { from: '2024-12-31', to: '2025-10-22', benchmark: { CDNX: '1' } }],
  ['fact_sheet', 'growth', { from: '2024-12-31', benchmark: { CDNX: '0.6', USAG: '0.4' } }],
  ['fact_sheet', 'income', {}],
  ['export_portfolio_report', 'reserve', { include_performance: false, include_macro: true }],
  ['performance', 'income', { lookback_days: 400 }],
  ['risk_report', 'growth', {}],
  ['portfolio_tax_report', 'growth', { tax_year: 2025 }],
  ['portfolio_tax_report', 'income', { tax_year: 2025 }],
  ['holding_deep_dive', 'growth', { commodity: 'NWND' }],
  ['holding_deep_dive', 'income', { commodity: 'USAG' }],
  ['portfolio_scenario_analysis', 'growth', { shocks: SHOCKS }],
  [
    'policy_rebalance',
    'growth',
    { targets: TARGETS, drift_band: '0.02', max_turnover: '0.1', min_trade_value: '500' },
  ],
  ['policy_rebalance', 'reserve', { targets: { CDNX: '0.9', CAD: '0.1' }, untargeted: 'keep' }],
  ['corporate_actions_upcoming', 'growth', {}],
  ['corporate_actions_upcoming', 'income', {}],
  ['macro_overview', null, {}],
  ['company_overview', null, { commodity: 'NWND' }],
  ['tax_harvesting_opportunities', 'income', { short_term_rate: '0.32', long_term_rate: '0.15' }],
] as const;

function goldenFile(id: string, portfolioId: string | null): string {
  return path.join(__dirname, 'golden', `${id}.${portfolioId ?? 'all'}.golden.json`);
}

describe('the patterns that ship, on the example ledger', () => {
  it.each(CASES)('%s of %s gives the recorded figures', async (id, portfolioId, inputs) => {
    const file = goldenFile(id, portfolioId);
    const { data } = await execute(id, portfolioId, inputs);
    const text = `${JSON.stringify(data, null, 1)}\n`;
    if (UPDATE) await writeFile(file, text);
    expect(JSON.parse(text)).toEqual(JSON.parse(await readFile(file, 'utf8')));
  });

  it('an input that says how a figure is measured is the same in each, its default aside', () => {
    const inputs = patterns.ids().flatMap((id) => {
      const declared = Object.entries(patterns.get(id)?.definition.inputs ?? {});
      return declared
        .filter(([name]) => Object.hasOwn(MEASUREMENT_INPUTS, name))
        .map((input) => [id, ...input] as const);
    });
    expect(inputs.length).toBeGreaterThan(40);
    const withoutDefault = (input: object | undefined): object => ({ ...input, default: undefined });
    for (const [id, name, input] of inputs) {
      expect([id, name, withoutDefault(input)]).toEqual([id, name, withoutDefault(MEASUREMENT_INPUTS[name])]);
    }
  });

  it('every pattern that ships has a case here', () => {
    expect([...new Set(CASES.map(([id]) => id))].sort()).toEqual(patterns.ids());
  });
});

describe('rights, by the registry that ships', () => {
  /** The example's sources under the names of providers. */
  async function exportable(fundamentals: string, news: string): Promise<Record<string, boolean>> {
    const world = worldOf(null);
    const { sources } = world;
    const named = <T extends object>(list: readonly T[] | undefined, id: string): T[] =>
      (list ?? []).map((source) => ({ ...source, id }));
    const change = {
      sources: {
        macro: [],
        fundamentals: named(sources?.fundamentals, fundamentals),
        news: named(sources?.news, news),
      },
    };
    const { records, data, outputs } = await execute('company_overview', null, { commodity: 'NWND' }, change);
    const pattern = { id: 'company_overview', version: '1.0.0' };
    const provenance = joinProvenance({ pattern, world: { ...world, ...change }, records, outputs });
    const file = path.join(ROOT, 'rights/registry.yaml');
    const registry = parseRegistry(await readFile(file, 'utf8'), file);
    return Object.fromEntries(
      [...figureSources(Object.keys(data), provenance)].map(([figure, read]) => [
        figure,
        decide(registry, read, { action: 'export', format: 'csv' }, 'production').allowed,
      ]),
    );
  }

  it('news of NewsAPI and statements of FMP leave no run; what rests on other sources does', async () => {
    const ours = ['example-fundamentals', 'example-news'] as const;
    expect(await exportable(...ours)).toEqual({ fundamentals: true, news: true });
    expect(await exportable(ours[0], 'newsapi')).toEqual({ fundamentals: true, news: false });
    expect(await exportable('fmp', ours[1])).toEqual({ fundamentals: false, news: true });
    expect(await exportable(ours[0], 'someone')).toEqual({ fundamentals: true, news: false });
  });
});

describe('docs/figures.md', () => {
  it('shows figures that the golden results hold', async () => {
    const text = await readFile(path.join(ROOT, 'docs/figures.md'), 'utf8');
    const figures = [...text.matchAll(/`(-?\d+\.\d{2,})`/g)].map(([, figure]) => figure ?? '');
    const golden = await Promise.all(
      CASES.map(([id, portfolioId]) => readFile(goldenFile(id, portfolioId), 'utf8')),
    );
    expect(figures.length).toBeGreaterThan(15);
    expect(figures.filter((figure) => !golden.some((results) => results.includes(`"${figure}"`)))).toEqual(
      [],
    );
  });
});

/** By libs/agents/test/reference/figures.py: Beancount's own loader and floating point. */
interface ReferenceFigures {
  readonly portfolio: string;
  readonly lookback_days: number;
  readonly value: number;
  readonly points: number;
  readonly flows: number;
  readonly twr: number;
  readonly volatility: number;
  readonly max_drawdown: number;
  readonly mwr_annualised: number;
  /** Null where the returns are of months. */
  readonly value_at_risk: number | null;
  readonly expected_shortfall: number | null;
}

/** Sales of a year in base currency, by lot. */
interface ReferenceGains {
  readonly portfolio: string;
  readonly tax_year: number;
  readonly sales: number;
  readonly proceeds: number;
  readonly basis: number;
  readonly short: number;
  readonly long: number;
  readonly disallowed: number;
}

describe("the figures, against Beancount's own loader and an independent calculation", () => {
  const references = JSON.parse(readFileSync(path.join(__dirname, 'reference/figures.json'), 'utf8')) as {
    readonly performance: readonly ReferenceFigures[];
    readonly gains: readonly ReferenceGains[];
  };

  it.each(references.performance)('$portfolio over $lookback_days days', async (expected) => {
    const { data } = await execute('portfolio_overview', expected.portfolio, {
      lookback_days: expected.lookback_days,
    });
    const close = (at: string, figure: number | null): void => {
      const found = at.split('.').reduce<JsonValue | undefined>(member, data);
      if (figure === null) {
        expect([at, found]).toEqual([at, null]);
        return;
      }
      expect([at, Math.abs(Number(found) - figure) < 1e-9 * Math.max(1, Math.abs(figure))]).toEqual([
        at,
        true,
      ]);
    };
    close('valued_positions.total_value', expected.value);
    close('historical_nav.points.length', expected.points);
    close('perf_metrics.twr', expected.twr);
    close('perf_metrics.volatility', expected.volatility);
    close('perf_metrics.max_drawdown.depth', expected.max_drawdown);
    close('mwr.flows', expected.flows);
    close('mwr.mwr_annualised', expected.mwr_annualised);
    close('risk.value_at_risk_fraction', expected.value_at_risk);
    close('risk.expected_shortfall_fraction', expected.expected_shortfall);
    close('currency_attr.base_return', expected.twr);
  });

  it.each(references.gains)('realised gains of $portfolio in $tax_year', async (expected) => {
    const { data } = await execute('portfolio_tax_report', expected.portfolio, {
      tax_year: expected.tax_year,
    });
    const figure = (at: string): number => Number(at.split('.').reduce<JsonValue | undefined>(member, data));
    const rows = 'tax_summary.realised';
    const [short, long, total] = [`${rows}.0`, `${rows}.1`, `${rows}.2`];
    expect(figure(`${total}.sales`)).toBe(expected.sales);
    expect(figure(`${total}.proceeds`)).toBeCloseTo(expected.proceeds, 7);
    expect(figure(`${total}.basis`)).toBeCloseTo(expected.basis, 7);
    const gain = (at: string): number => figure(`${at}.gains`) + figure(`${at}.losses`);
    expect(gain(short)).toBeCloseTo(expected.short, 7);
    expect(gain(long)).toBeCloseTo(expected.long, 7);
    expect(figure(`${total}.disallowed`)).toBeCloseTo(expected.disallowed, 7);
  });

  it('gives equal bytes twice', async () => {
    const [first, second] = [
      await execute('portfolio_overview', 'growth'),
      await execute('portfolio_overview', 'growth'),
    ];
    expect(first.dataJson).toBe(second.dataJson);
  });
});

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value))
    return key === 'length' ? value.length : (value[Number(key)] as JsonValue | undefined);
  return value !== null && typeof value === 'object' ? (value as JsonObject)[key] : undefined;
}
