import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DawsosError, isoDate } from '@dawsos/contracts';
import { openLedgerRepository } from '@dawsos/ledger';
import { createMetricsRegistry, createPiiFilter, createSilentLogger } from '@dawsos/observability';
import {
  createPackBuilds,
  createPackStore,
  packInputs,
  type BuildPins,
  type PackBuilds,
  type PackStore,
} from '@dawsos/pricing';
import { createTestDatabase, sharedPostgres, type TestDatabase, type SharedPostgres } from '@dawsos/testing';
import { createPackBuilder, type PackBuilder, type PackBuilderDependencies } from '../src/pack-builder';

jest.setTimeout(120_000);

const EXAMPLES = path.resolve(__dirname, '../../../examples');
let postgres: SharedPostgres;
let folder: string;
let market: string;
let ledgerDir: string;

beforeAll(async () => {
  postgres = await sharedPostgres();
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
  await fs.rm(folder, { recursive: true });
});

function git(...args: string[]): void {
  execFileSync('git', ['-C', ledgerDir, ...args]);
}

describe('the pack builder', () => {
  let test: TestDatabase;
  let store: PackStore;
  let builds: PackBuilds;
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
    builds = createPackBuilds({ database: test.database });
    builder = createPackBuilder(dependencies());
  });
  const dependencies = (): PackBuilderDependencies => ({
    database: test.database,
    store,
    builds,
    policy: 'CLOSE',
    inputs: packInputs({
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
  afterEach(() => test.close());

  const scrape = async (): Promise<string> => (await metrics.expose(undefined)).body;

  it('builds the newest day that has prices, from the ledger and the files, and counts it', async () => {
    const outcome = await builder.buildNewest('start');
    expect(outcome).toMatchObject({
      kind: 'built',
      stored: {
        created: true,
        pack: {
          pack_id: 'PP_2025-10-22',
          status: 'fresh',
          sources: ['example-close', 'example-fx', 'ledger'],
        },
      },
    });
    expect(await scrape()).toContain('dawsos_executor_pack_freshness{pack_id="PP_2025-10-22"} 1');
    expect(await scrape()).toMatch(
      /dawsos_executor_pack_build_duration_seconds_count\{pack_id="PP_2025-10-22"\} 1/,
    );
  });

  it('ends a nightly build at a shutdown while a provider is asked, and leaves it for the next builder', async () => {
    const stopping = new AbortController();
    const read = packInputs({
      ledger: openLedgerRepository({ dir: ledgerDir, file: 'main.beancount' }),
      ledgerRef: 'main',
      pricesDir: market,
    });
    const nightly = createPackBuilder({
      database: test.database,
      store,
      builds,
      policy: 'CLOSE',
      inputs: async () => ({
        ...(await read()),
        remote: (_day, signal) =>
          new Promise((_, reject) => {
            signal?.addEventListener('abort', () => reject(signal.reason as Error));
            stopping.abort(new DawsosError('shutting_down', 'the pack builder is shutting down'));
          }),
      }),
      freshness: { maxAgeBusinessDays: 3 },
      today: () => isoDate('2025-10-23'),
      now: () => 0,
      logger: createSilentLogger(),
      pii: createPiiFilter(),
      metrics,
    });
    const outcome = await nightly.buildNewest('schedule', undefined, stopping.signal);
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'shutting_down' } });
    const { rows } = await test.database.pool.query('select state, attempts from pack_builds');
    expect(rows).toEqual([{ state: 'queued', attempts: 1 }]);
    expect((await builder.buildNewest('start')).kind).toBe('built');
  });

  it('leaves a pack that is there as it is, and builds an earlier day on request', async () => {
    const first = await builder.buildNewest('start', isoDate('2024-06-28'));
    const second = await builder.buildNewest('schedule', isoDate('2024-06-28'));
    expect(first).toMatchObject({ kind: 'built', stored: { created: true } });
    expect(second).toMatchObject({ kind: 'built', stored: { created: false } });
    const loaded = await store.load('PP_2024-06-28');
    expect(loaded.price('NWND', isoDate('2025-10-22'))?.date).toBe('2024-06-28');
    expect(loaded.price('GLEN', isoDate('2025-10-22'))?.source).toBe('ledger');
  });

  it('says what a sealed pack lacks of what the sources have now, and leaves it as it is', async () => {
    const day = isoDate('2024-06-28');
    await builder.buildNewest('start', day);
    const ask = async () => {
      const { build } = await builds.request({ policy: 'CLOSE', requestedBy: 'test', asofDate: day });
      return builder.build(build.build_id);
    };
    expect(await ask()).toEqual({ kind: 'built', stored: expect.not.objectContaining({ sealedWithout: 0 }) });
    const more = path.join(market, 'more.beancount');
    await fs.writeFile(more, '2024-06-27 price UNKNOWN 1 CAD\n2024-06-28 price UNKNOWN 2 CAD\n');
    expect(await ask()).toMatchObject({ stored: { created: false, sealedWithout: 2 } });
    await fs.rm(more);
  });

  it('shows a failed build as an error, with the file and the line', async () => {
    const file = path.join(market, 'fx/2023.csv');
    const good = await fs.readFile(file, 'utf8');
    await fs.writeFile(file, good.replace('2023-01-02,EUR,CAD,', '2023-01-02,EUR,CAD,-'));
    const day = isoDate('2025-10-22');
    const { build } = await builds.request({ policy: 'CLOSE', requestedBy: 'test', asofDate: day });
    expect(await builder.build(build.build_id)).toMatchObject({
      kind: 'failed',
      retryInMs: undefined,
      error: {
        code: 'pack_unreadable',
        message: expect.stringMatching(/^fx\/2023\.csv:2:20: rate: "-[\d.]+" must be above 0$/) as string,
      },
    });
    expect(await builds.find(build.build_id)).toMatchObject({
      state: 'failed',
      error_code: 'pack_unreadable',
      error_detail: { faults: [{ file: 'fx/2023.csv', line: 2 }] },
    });
    expect(await store.find('PP_2025-10-22')).toMatchObject({
      status: 'error',
      error_code: 'pack_unreadable',
    });
    expect(await scrape()).toContain('dawsos_executor_pack_freshness{pack_id="PP_2025-10-22"} 2');
    await fs.writeFile(file, good);
    expect(await builder.buildNewest('test', day)).toMatchObject({ stored: { created: true } });
  });

  it('reconciles the pack with the ledger before it is fresh, and reports it', async () => {
    await builder.buildNewest('start');
    expect(await store.report('PP_2025-10-22')).toMatchObject({
      reconciliation: { passed: true, difference_bp: '0', compared: 3 },
    });
  });

  it('tells how far it is, by numbered events', async () => {
    const { build } = await builds.request({ policy: 'CLOSE', requestedBy: 'test' });
    await builder.build(build.build_id);
    const events = (await builds.events(build.build_id, 0)) ?? [];
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    expect(events.map(({ type, data }) => [type, data['phase'] ?? data['state']])).toEqual([
      ['build.accepted', undefined],
      ['build.started', undefined],
      ['build.progress', 'reconciling'],
      ...events.slice(3, -1).map(() => ['build.progress', 'writing']),
      ['build.finished', 'succeeded'],
    ]);
    const written = events.at(-2)?.data;
    expect(written?.['rows_done']).toBe(written?.['rows_total']);
    expect(await builds.find(build.build_id)).toMatchObject({
      state: 'succeeded',
      pack_id: 'PP_2025-10-22',
      created: true,
      attempts: 1,
    });
  });

  it('builds a pack once when two builders are at it', async () => {
    const day = isoDate('2025-10-22');
    const asked = () => builds.request({ requestedBy: 'test', asofDate: day, idempotencyKey: randomUUID() });
    const [one, other] = [await asked(), await asked()];
    const outcomes = await Promise.all([
      builder.build(one.build.build_id),
      builder.build(other.build.build_id),
    ]);
    expect(outcomes.filter((outcome) => outcome.kind === 'busy')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.kind === 'built')).toHaveLength(1);
  });

  describe('asked for by several processes with settings of their own', () => {
    const day = isoDate('2025-10-22');
    const OWN = { ledgerCommit: null, sources: 'ledger /books main.beancount, prices /own' };
    const OTHER = { ledgerCommit: null, sources: 'ledger /books main.beancount, prices /other' };
    const serving = (sources: string) => createPackBuilder({ ...dependencies(), sources });

    it('leaves a build of other sources to the builder that reads them', async () => {
      const { build } = await builds.request({ requestedBy: 'test', asofDate: day, pins: OWN });
      expect(await serving(OTHER.sources).build(build.build_id)).toEqual({ kind: 'foreign' });
      expect(await builds.find(build.build_id)).toMatchObject({ state: 'queued', attempts: 0 });
      expect(await builds.due(0, OTHER.sources)).toEqual([]);
      expect((await builds.due(0, OWN.sources)).map(({ data }) => data.build_id)).toEqual([build.build_id]);
      expect(await serving(OWN.sources).build(build.build_id)).toMatchObject({ kind: 'built' });
      expect(await store.report('PP_2025-10-22')).toMatchObject({ built_from: OWN.sources });
    });

    it('does not join a build of other sources, or of another commit', async () => {
      const ask = (pins: BuildPins) => builds.request({ requestedBy: 'test', asofDate: day, pins });
      expect((await ask(OWN)).outcome).toBe('created');
      expect((await ask(OTHER)).outcome).toBe('created');
      expect((await ask({ ...OWN, ledgerCommit: 'a'.repeat(40) })).outcome).toBe('created');
      expect((await ask(OWN)).outcome).toBe('joined');
    });

    it('builds from the commit that the build was asked for, whatever the branch has since', async () => {
      const commit = execFileSync('git', ['-C', ledgerDir, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
      const { build } = await builds.request({
        requestedBy: 'test',
        asofDate: day,
        pins: { ledgerCommit: commit, sources: null },
      });
      git(
        '-c',
        'user.name=T',
        '-c',
        'user.email=t@example.com',
        'commit',
        '-q',
        '--allow-empty',
        '-m',
        'More',
      );
      expect(await builder.build(build.build_id)).toMatchObject({ kind: 'built' });
      expect(await store.report('PP_2025-10-22')).toMatchObject({ ledger_commit: commit });
      expect(await builds.find(build.build_id)).toMatchObject({ ledger_commit_hash: commit });
    });

    it('leaves a build of a commit that it does not have', async () => {
      const { build } = await builds.request({
        requestedBy: 'test',
        pins: { ledgerCommit: 'b'.repeat(40), sources: null },
      });
      expect(await builder.build(build.build_id)).toEqual({ kind: 'foreign' });
      expect(await builds.find(build.build_id)).toMatchObject({ state: 'queued' });
    });
  });
});
