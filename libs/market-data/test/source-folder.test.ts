import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isoDate } from '@dawsos/contracts';
import { openSourceFolder } from '../src/index';

const EXAMPLE = path.resolve(__dirname, '../../../examples/market');
const [FROM, TO] = [isoDate('2025-10-01'), isoDate('2025-10-22')];

let folder: string;

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'sources-'));
});

afterEach(async () => {
  await fs.rm(folder, { recursive: true });
});

async function write(file: string, body: unknown): Promise<void> {
  await fs.mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await fs.writeFile(path.join(folder, file), JSON.stringify(body));
}

const article = (url: string, publishedAt: string, more = {}) => ({
  source: { id: null, name: 'Paper' },
  title: `At ${publishedAt}`,
  description: null,
  url,
  publishedAt,
  ...more,
});

const statement = (date: string, more: Record<string, unknown> = {}) => ({
  date,
  symbol: 'ABC',
  reportedCurrency: 'USD',
  fillingDate: '2025-03-01',
  period: 'FY',
  ...more,
});

describe('a folder of sources', () => {
  it('holds the example: a source is named by its folder', async () => {
    const { macro, fundamentals, news } = await openSourceFolder(EXAMPLE);
    expect([macro, fundamentals, news].map((sources) => sources.map(({ id }) => id))).toEqual([
      ['example-macro'],
      ['example-fundamentals'],
      ['example-news'],
    ]);
    expect(await news[0]?.news('LUMI', FROM, TO)).toHaveLength(1);
    expect((await fundamentals[0]?.annualStatements('NWND'))?.map(({ periodEnd }) => periodEnd)).toEqual(
      ['2020', '2021', '2022', '2023', '2024'].map((year) => `${year}-12-31`),
    );
  });

  it('that is empty or not there has no sources', async () => {
    const none = { macro: [], fundamentals: [], news: [] };
    expect(await openSourceFolder(folder)).toEqual(none);
    expect(await openSourceFolder(path.join(folder, 'gone'))).toEqual(none);
  });
});

describe("news in NewsAPI's format", () => {
  it('are of the days asked for, newest first, an address once', async () => {
    await write('news/newsapi/ABC.json', {
      status: 'ok',
      articles: [
        article('https://example.com/1', '2025-10-01T00:00:00Z'),
        article('https://example.com/2', '2025-10-22T23:59:59Z'),
        article('https://example.com/3', '2025-10-23T00:00:00Z'),
        article('https://example.com/1', '2025-10-01T00:00:00Z'),
        article('https://example.com/4', '2025-09-30T23:59:59Z'),
      ],
    });
    const { news } = await openSourceFolder(folder);
    const items = await news[0]?.news('ABC', FROM, TO);
    expect(items?.map(({ url }) => url)).toEqual(['https://example.com/2', 'https://example.com/1']);
    expect(await news[0]?.news('XYZ', FROM, TO)).toBeUndefined();
    expect(await news[0]?.news('../ABC', FROM, TO)).toBeUndefined();
  });

  it.each([
    ['an error answer', { status: 'error', code: 'rateLimited', message: 'too many' }],
    [
      'an address that a page would run',
      { status: 'ok', articles: [article('javascript:alert(1)', '2025-10-01T00:00:00Z')] },
    ],
    ['a moment that is none', { status: 'ok', articles: [article('https://example.com/1', 'yesterday')] }],
  ])('are refused by name: %s', async (_, body) => {
    await write('news/newsapi/ABC.json', body);
    const { news } = await openSourceFolder(folder);
    await expect(news[0]?.news('ABC', FROM, TO)).rejects.toMatchObject({ code: 'source_malformed' });
  });
});

describe("statements in Financial Modeling Prep's format", () => {
  it('count once all three of a year are there, known from the last day of filing', async () => {
    await write('fundamentals/fmp/ABC.json', {
      'income-statement': [
        statement('2024-12-31', { revenue: 12345678901234, netIncome: null }),
        statement('2023-12-31', { revenue: 10 }),
        statement('2024-09-30', { period: 'Q3', revenue: 3 }),
      ],
      'balance-sheet-statement': [statement('2024-12-31', { fillingDate: '2025-03-04', totalDebt: 0 })],
      'cash-flow-statement': [statement('2024-12-31')],
    });
    const { fundamentals } = await openSourceFolder(folder);
    const years = await fundamentals[0]?.annualStatements('ABC');
    expect(years).toHaveLength(1);
    expect(years?.[0]).toMatchObject({
      periodEnd: '2024-12-31',
      filed: '2025-03-04',
      netIncome: null,
      equity: null,
    });
    expect(years?.[0]?.revenue?.toFixed()).toBe('12345678901234');
    // Stated as zero is not the same as not stated.
    expect(years?.[0]?.totalDebt?.isZero()).toBe(true);
  });

  it('have no day of filing where a part has none', async () => {
    await write('fundamentals/fmp/ABC.json', {
      'income-statement': [statement('2024-12-31')],
      'balance-sheet-statement': [statement('2024-12-31', { fillingDate: '' })],
      'cash-flow-statement': [statement('2024-12-31')],
    });
    const { fundamentals } = await openSourceFolder(folder);
    expect((await fundamentals[0]?.annualStatements('ABC'))?.[0]?.filed).toBeNull();
  });

  it('are refused by name where they are no statements', async () => {
    await write('fundamentals/fmp/ABC.json', { 'Error Message': 'Limit Reach' });
    const { fundamentals } = await openSourceFolder(folder);
    await expect(fundamentals[0]?.annualStatements('ABC')).rejects.toMatchObject({
      code: 'source_malformed',
    });
  });
});
