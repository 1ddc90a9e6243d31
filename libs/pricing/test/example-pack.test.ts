import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isoDate } from '@dawsos/contracts';
import { createTestDatabase, sharedPostgres, type TestDatabase, type SharedPostgres } from '@dawsos/testing';
import { buildPack, createPackStore, newestQuoteDate, readPriceFolder } from '../src';

const MARKET = path.resolve(__dirname, '../../../examples/market');
const NEWEST = isoDate('2025-10-22');

jest.setTimeout(120_000);

describe('the pack of the example', () => {
  it('holds three years of daily prices and rates up to its newest day', async () => {
    const sources = await readPriceFolder(MARKET);
    expect(newestQuoteDate(sources)).toBe(NEWEST);
    const pack = buildPack({ asofDate: NEWEST, sources });
    expect(pack).toMatchObject({
      id: 'PP_2025-10-22',
      priceCount: 12 * 798,
      rateCount: 3 * 798,
      sources: ['example-close', 'example-fx'],
      report: { first_date: '2022-10-03', last_date: '2025-10-22', set_aside: [] },
    });
  });

  it('is refused when one line of one file is broken, by file and line', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dawsos-market-'));
    await fs.cp(MARKET, folder, { recursive: true });
    const file = path.join(folder, 'prices/2024.csv');
    const lines = (await fs.readFile(file, 'utf8')).split('\n');
    lines[99] = (lines[99] ?? '').replace(/,[\d.]+,/, ',n/a,');
    await fs.writeFile(file, lines.join('\n'));
    await expect(readPriceFolder(folder)).rejects.toMatchObject({
      code: 'pack_unreadable',
      message:
        'prices/2024.csv:100:17: price: "n/a" is not a decimal number; write it without grouping or exponent',
    });
    await fs.rm(folder, { recursive: true });
    await expect(readPriceFolder(folder)).rejects.toThrow(/dawsos-market-\w+: there is no such folder/);
  });
});

describe('the pack of the example in a database', () => {
  let postgres: SharedPostgres;
  let test: TestDatabase;
  beforeAll(async () => {
    postgres = await sharedPostgres();
    test = await createTestDatabase(postgres);
  });
  afterAll(async () => {
    await test.close();
  });

  it('comes back with equal answers', async () => {
    const store = createPackStore(test.database);
    const built = buildPack({ asofDate: NEWEST, sources: await readPriceFolder(MARKET) });
    await store.beginBuild(built.key);
    await store.seal(built);
    const loaded = await store.load(built.id);
    expect(loaded.hash).toBe(built.hash);
    expect(loaded.price('NWND', NEWEST)).toMatchObject({ currency: 'USD', source: 'example-close' });
    expect(loaded.priceSeries('NWND', isoDate('2024-06-07'), isoDate('2024-06-10'))).toHaveLength(2);
    expect(loaded.rate('CAD', 'EUR', NEWEST)?.number.toFixed(6)).toBe('0.639836');
  });
});
