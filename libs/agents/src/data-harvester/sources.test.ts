import {
  DawsosError,
  Decimal,
  isoDate,
  type IsoDate,
  type JsonObject,
  type JsonValue,
} from '@dawsos/contracts';
import type { AnnualStatements, DataSources, NewsItem } from '@dawsos/market-data';
import { worldWith } from '../__fixtures__/world';
import { createRecorder } from '../reads/recording';
import { shippedAgents } from '../shipped-agents';

const ASOF = isoDate('2025-10-22');

const YEAR: AnnualStatements = {
  periodEnd: isoDate('2024-12-31'),
  filed: isoDate('2025-03-01'),
  currency: 'USD',
  revenue: new Decimal(1000),
  grossProfit: new Decimal(600),
  operatingIncome: new Decimal(200),
  interestExpense: new Decimal(0),
  netIncome: new Decimal(150),
  currentAssets: new Decimal(300),
  currentLiabilities: new Decimal(150),
  totalDebt: null,
  equity: new Decimal(500),
  operatingCashFlow: new Decimal(180),
  capitalExpenditure: new Decimal(-30),
};

const item = (publishedAt: string): NewsItem => ({
  publishedAt,
  publisher: 'Paper',
  title: 'A title',
  summary: null,
  url: `https://example.com/${publishedAt}`,
});

function sourcesWith(change: Partial<DataSources> = {}): DataSources {
  return {
    macro: [],
    fundamentals: [
      { id: 'fmp', annualStatements: async (symbol) => (symbol === 'ABC' ? [YEAR] : undefined) },
    ],
    news: [
      {
        id: 'newsapi',
        news: async (symbol) =>
          symbol === 'ABC' ? [item('2025-10-21T08:00:00Z'), item('2025-10-20T08:00:00Z')] : undefined,
      },
    ],
    ...change,
  };
}

async function run(name: string, args: JsonObject, sources = sourcesWith(), asofDate: IsoDate = ASOF) {
  const capability = shippedAgents()
    .flatMap((agent) => agent.capabilities)
    .find((candidate) => candidate.name === name);
  if (capability === undefined) throw new Error(`no capability ${name}`);
  const recorder = createRecorder(worldWith({ sources, asofDate }));
  const context = { ...recorder, asofDate, signal: new AbortController().signal };
  const result = capability.result.parse(await capability.run(capability.args.parse(args), context));
  return { result: result as Record<string, JsonValue>, reads: recorder.reads() };
}

describe('fundamentals', () => {
  const load = (sources = sourcesWith(), asof?: IsoDate) =>
    run('fundamentals.load', { commodity: 'ABC', years: 5 }, sources, asof);

  it('give ratios of what is stated, and null with a gap for what is not', async () => {
    const { result } = await load();
    expect(result).toMatchObject({
      source: 'fmp',
      years: [
        {
          gross_margin: '0.6',
          return_on_equity: '0.3',
          current_ratio: '2',
          free_cash_flow: '150',
          // Debt that is not stated is not zero debt, and cover of no interest is not a number.
          debt_to_equity: null,
          interest_cover: null,
          revenue_growth: null,
        },
      ],
      gaps: [{ figure: 'debt_to_equity' }, { figure: 'interest_cover' }],
    });
  });

  it('are those that were filed by the as-of date', async () => {
    expect((await load(sourcesWith(), isoDate('2025-02-28'))).result['years']).toEqual([]);
    expect((await load(sourcesWith(), isoDate('2025-03-01'))).result['years']).toHaveLength(1);
  });

  it('without a day of filing are left out and named', async () => {
    const sources = sourcesWith({
      fundamentals: [{ id: 'fmp', annualStatements: async () => [{ ...YEAR, filed: null }] }],
    });
    expect((await load(sources)).result).toMatchObject({
      years: [],
      gaps: [{ code: 'filing_date_missing' }],
    });
  });

  it('say that no source knows a company', async () => {
    const { result, reads } = await run('fundamentals.load', { commodity: 'XYZ', years: 5 });
    expect(result).toMatchObject({ source: null, years: [], gaps: [{ code: 'source_unknown' }] });
    expect(reads).toMatchObject([{ kind: 'source', key: 'statements XYZ@2025-10-22', sources: [] }]);
  });

  it('record the read with its source, so that its rights follow', async () => {
    const { reads } = await load();
    expect(reads).toMatchObject([{ kind: 'source', sources: ['fmp'], value_date: '2024-12-31' }]);
    const changed = sourcesWith({
      fundamentals: [{ id: 'fmp', annualStatements: async () => [{ ...YEAR, revenue: new Decimal(1001) }] }],
    });
    expect((await load(changed)).reads[0]?.hash).not.toBe(reads[0]?.hash);
  });
});

describe('news', () => {
  it('come newest first up to a limit, with their source, and name what no source knows', async () => {
    const { result, reads } = await run('news.search', {
      commodities: ['XYZ', 'ABC', 'ABC'],
      lookback_days: 7,
      limit: 1,
    });
    expect(result).toMatchObject({
      from: '2025-10-16',
      to: '2025-10-22',
      total: 2,
      items: [{ commodity: 'ABC', published_at: '2025-10-21T08:00:00Z', source: 'newsapi' }],
      without_source: ['XYZ'],
    });
    expect(reads.map(({ key, sources }) => [key, sources])).toEqual([
      ['news ABC@2025-10-16..2025-10-22', ['newsapi']],
      ['news XYZ@2025-10-16..2025-10-22', []],
    ]);
  });
});

describe('macro series', () => {
  const ARGS = {
    growth_series: 'INDPRO',
    inflation_series: 'CPIAUCSL',
    window_months: 36,
    minimum_months: 24,
    publication_lag_days: 20,
  };
  const macro = (months: number): DataSources['macro'] => [
    {
      id: 'empty',
      series: async (id) => {
        throw new DawsosError('series_not_found', `no ${id}`);
      },
    },
    {
      id: 'fred',
      series: async (id) => ({
        id,
        missing: [],
        observations: Array.from({ length: months }, (_, index) => ({
          date: isoDate(new Date(Date.UTC(2025, 8 - months + 1 + index, 1)).toISOString().slice(0, 10)),
          // Growth slows down in the end; inflation picks up.
          value: new Decimal(100 + index)
            .plus((id === 'INDPRO' ? -1 : 1) * (index > months - 6 ? 3 : 0))
            .plus(index % 2),
        })),
      }),
    },
  ];

  it('give the quadrant, from the first source that has the series', async () => {
    const { result, reads } = await run('macro.detect_regime', ARGS, sourcesWith({ macro: macro(72) }));
    expect(result).toMatchObject({
      regime: 'growth_down_inflation_up',
      dimensions: [
        { dimension: 'growth', source: 'fred', month: '2025-09', is: 'down', months: 36 },
        { dimension: 'inflation', is: 'up' },
      ],
      gaps: [],
    });
    expect((result['history'] as JsonValue[]).length).toBe(24);
    expect(reads.map(({ sources }) => sources)).toEqual([['fred'], ['fred']]);
  });

  it('that are too short give no regime, and say so', async () => {
    const { result } = await run('macro.detect_regime', ARGS, sourcesWith({ macro: macro(30) }));
    expect(result).toMatchObject({
      regime: null,
      in_words: null,
      near_boundary: null,
      dimensions: [],
      gaps: [
        {
          figure: 'growth (INDPRO)',
          code: 'insufficient_history',
          detail: '24 months are needed; there are 18',
        },
        { figure: 'inflation (CPIAUCSL)' },
      ],
    });
  });

  it('that no source has are gaps by name, and that nothing was found is recorded as a read', async () => {
    const { result, reads } = await run('macro.detect_regime', ARGS);
    expect(result).toMatchObject({
      regime: null,
      gaps: [
        { code: 'series_not_found', needs: ['INDPRO'] },
        { code: 'series_not_found', needs: ['CPIAUCSL'] },
      ],
    });
    expect(reads.map(({ sources }) => sources)).toEqual([[], []]);
  });
});
