import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isoDate } from '@dawsos/contracts';
import { openLedgerRepository } from '@dawsos/ledger';
import { createMetricsRegistry, createPiiFilter, createSilentLogger } from '@dawsos/observability';
import { createPackStore, type PackStore } from '@dawsos/pricing';
import { createTestDatabase, startPostgres, type TestDatabase, type TestPostgres } from '@dawsos/testing';
import { createPackBuilder, type PackBuilder } from '../src/pack-builder';
import { packSources } from '../src/pack-sources';

jest.setTimeout(120_000);

const EXAMPLES = path.resolve(__dirname, '../../../examples');
let postgres: TestPostgres;
let folder: string;
let market: string;
let ledgerDir: string;

beforeAll(async () => {
  postgres = await startPostgres();
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dawsos-builder-'));
  market = path.join(folder, 'market');
  await fs.cp(path.join(EXAMPLES, 'market'), market, { recursive: true });
  ledgerDir = path.join(folder, 'ledger');
  await fs.cp(path.join(EXAMPLES, 'ledger'), ledgerDir, { recursive: true });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('-c', 'user.name=Test', '-c', 'user.email=test@example.com', 'commit', '-q', '-m', 'Books');
});
afterAll(async () => {
  await postgres.stop();
  await fs.rm(folder, { recursive: true });
});

function git(...args: string[]): void {
  execFileSync('git', ['-C', ledgerDir, ...args]);
}

describe('the pack builder', () => {
  let test: TestDatabase;
  let store: PackStore;
  let metrics: ReturnType<typeof createMetricsRegistry>;
  let builder: PackBuilder;
  let clock: number;

  beforeEach(async () => {
    test = await createTestDatabase(postgres);
    store = createPackStore(test.database);
    metrics = createMetricsRegistry({
      serviceName: 'dawsos-pack-builder',
      serviceVersion: '1',
      processMetrics: false,
    });
    clock = 0;
    builder = createPackBuilder({
      store,
      inputs: packSources({
        ledger: openLedgerRepository({ dir: ledgerDir, file: 'main.beancount' }),
        ledgerRef: 'main',
        pricesDir: market,
      }),
      freshness: { maxAgeBusinessDays: 3 },
      today: () => isoDate('2025-10-24'),
      now: () => (clock += 61_000),
      logger: createSilentLogger(),
      pii: createPiiFilter(),
      metrics,
    });
  });
  afterEach(() => test.close());

  const scrape = async (): Promise<string> => (await metrics.expose(undefined)).body;

  it('builds the newest day that has prices, from the ledger and the files, and counts it', async () => {
    const job = await builder.newestJob();
    expect(job).toEqual({ pack_id: 'PP_2025-10-22', asof_date: '2025-10-22', policy: 'CLOSE' });
    const { pack, created } = await builder.build(job);
    expect(created).toBe(true);
    expect(pack).toMatchObject({ status: 'fresh', sources: ['example-close', 'example-fx', 'ledger'] });
    expect(await scrape()).toContain('dawsos_executor_pack_freshness{pack_id="PP_2025-10-22"} 1');
    expect(await scrape()).toContain(
      'dawsos_executor_pack_build_duration_seconds_sum{pack_id="PP_2025-10-22"} 61',
    );
  });

  it('leaves a pack that is there as it is, and builds an earlier day on request', async () => {
    const job = await builder.newestJob(isoDate('2024-06-28'));
    const first = await builder.build(job);
    const second = await builder.build(job);
    expect(second).toEqual({ created: false, pack: first.pack });
    const loaded = await store.load('PP_2024-06-28');
    expect(loaded.price('NWND', isoDate('2025-10-22'))?.date).toBe('2024-06-28');
    expect(loaded.price('GLEN', isoDate('2025-10-22'))?.source).toBe('ledger');
  });

  it('shows a failed build as an error, with the file and the line', async () => {
    const file = path.join(market, 'fx/2023.csv');
    const good = await fs.readFile(file, 'utf8');
    await fs.writeFile(file, good.replace('2023-01-02,EUR,CAD,', '2023-01-02,EUR,CAD,-'));
    const job = { pack_id: 'PP_2025-10-22', asof_date: isoDate('2025-10-22'), policy: 'CLOSE' };
    await expect(builder.build(job)).rejects.toMatchObject({
      code: 'pack_unreadable',
      message: expect.stringMatching(/^fx\/2023\.csv:2: rate: "-[\d.]+" must be above 0$/) as string,
    });
    expect(await store.find('PP_2025-10-22')).toMatchObject({
      status: 'error',
      error_code: 'pack_unreadable',
    });
    expect(await scrape()).toContain('dawsos_executor_pack_freshness{pack_id="PP_2025-10-22"} 2');
    await fs.writeFile(file, good);
    await expect(builder.build(job)).resolves.toMatchObject({ created: true });
  });

  it('reconciles the pack with the ledger before it is fresh, and reports it', async () => {
    await builder.build(await builder.newestJob());
    expect(await store.report('PP_2025-10-22')).toMatchObject({
      reconciliation: { passed: true, difference_bp: '0', compared: 3 },
    });
  });

  it('refuses a job whose id names another pack', async () => {
    await expect(
      builder.build({ pack_id: 'PP_2025-10-21', asof_date: isoDate('2025-10-22'), policy: 'CLOSE' }),
    ).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
