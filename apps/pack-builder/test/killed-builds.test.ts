import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isoDate, type PackBuild } from '@dawsos/contracts';
import { loadLedger } from '@dawsos/ledger';
import {
  buildPack,
  createPackBuilds,
  createPackStore,
  ledgerQuotes,
  readPriceFolder,
  type PackBuilds,
} from '@dawsos/pricing';
import {
  createTestDatabase,
  startOtlpReceiver,
  startPostgres,
  startRedis,
  type OtlpReceiver,
  type ReceivedSpan,
  type TestDatabase,
  type TestPostgres,
  type TestRedis,
} from '@dawsos/testing';
import { exampleRepository, startBuilder, type BuilderProcess } from './builder-process';

const DAY = isoDate('2024-06-28');
const PACK_ID = 'PP_2024-06-28';
const EXAMPLES = path.resolve(__dirname, '../../../examples');

/** What the database shows anyone of the pack, at one moment. */
interface Sight {
  readonly status: string | undefined;
  readonly rows: number;
  readonly promised: number;
}

const isOfThePack = ({ name, attributes }: ReceivedSpan): boolean =>
  name === 'build_pack' && attributes['pricing_pack_id'] === PACK_ID;

describe('a build in whose middle something is killed with SIGKILL', () => {
  let postgres: TestPostgres;
  let redis: TestRedis;
  let traces: OtlpReceiver;
  let test: TestDatabase;
  let builds: PackBuilds;
  let ledgerDir: string;
  let builder: BuilderProcess;

  beforeEach(async () => {
    postgres = await startPostgres();
    redis = await startRedis();
    traces = await startOtlpReceiver();
    test = await createTestDatabase(postgres);
    builds = createPackBuilds({ database: test.database });
    ledgerDir = await exampleRepository();
    builder = await start();
    // the build of the start is out of the way
    await until(async () => (await sight('PP_2025-10-22')).status === 'fresh');
  });
  afterEach(async () => {
    await builder.stop();
    await test.close();
    await redis.stop();
    await traces.close();
    await postgres.stop();
    await fs.rm(ledgerDir, { recursive: true });
  });

  const start = (): Promise<BuilderProcess> =>
    startBuilder({
      DATABASE_URL: test.url,
      REDIS_URL: redis.url,
      QUEUE_ENGINE: 'redis',
      LEDGER_REPO: ledgerDir,
      OTEL_EXPORTER_OTLP_ENDPOINT: traces.url,
    });

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo().catch(() => false))) await delay(50);
  }

  async function sight(packId = PACK_ID): Promise<Sight> {
    const { rows } = await test.database.pool.query<{ status: string; rows: string; promised: number }>(
      `select status, price_count + rate_count as promised,
         (select count(*) from prices where pack_id = $1) + (select count(*) from fx_rates where pack_id = $1) as rows
       from packs where pack_id = $1`,
      [packId],
    );
    const [row] = rows;
    return { status: row?.status, rows: Number(row?.rows ?? 0), promised: row?.promised ?? 0 };
  }

  /** A build that has written its prices and is held up at its rates, until `goOn`. */
  async function heldUpInTheMiddle(): Promise<{ build: PackBuild; goOn: () => Promise<void> }> {
    const holder = await test.database.pool.connect();
    holder.on('error', () => undefined);
    await holder.query('begin');
    await holder.query('lock table fx_rates in share mode');
    const { build } = await builds.request({ asofDate: DAY, requestedBy: 'test' });
    await until(async () => {
      const { rows } = await test.database.pool.query(
        `select from pg_locks where not granted and relation = 'fx_rates'::regclass`,
      );
      return rows.length > 0;
    });
    expect(await builds.find(build.build_id)).toMatchObject({ state: 'running', phase: 'writing' });
    expect(await sight()).toEqual({ status: 'warming', rows: 0, promised: 0 });
    let released: Promise<void> | undefined;
    const release = async (): Promise<void> => {
      await holder.query('rollback').catch(() => undefined);
      holder.release(true);
    };
    return { build, goOn: () => (released ??= release()) };
  }

  /** The build ends well; until then nothing of the pack is to be seen, and then all of it, as the sources say. */
  async function completes({ build_id }: PackBuild, attempts: number): Promise<void> {
    for (let seen: Sight | undefined; seen?.status !== 'fresh'; await delay(50)) {
      seen = await sight();
      const whole = seen.status === 'fresh' ? seen.promised : 0;
      expect(seen).toMatchObject({ rows: whole, promised: whole });
    }
    const ledger = await loadLedger({ file: path.join(EXAMPLES, 'ledger/main.beancount') });
    const sources = [ledgerQuotes(ledger), ...(await readPriceFolder(path.join(EXAMPLES, 'market')))];
    const { hash } = buildPack({ asofDate: DAY, sources });
    expect((await createPackStore(test.database).load(PACK_ID)).hash).toBe(hash);
    await until(async () => (await builds.find(build_id))?.state === 'succeeded');
    expect(await builds.find(build_id)).toMatchObject({ attempts, created: true, pack_id: PACK_ID });
    const events = (await builds.events(build_id, 0)) ?? [];
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    expect(events.filter(({ type }) => type === 'build.finished')).toHaveLength(1);
  }

  it('completes after the restart of the builder', async () => {
    const { build, goOn } = await heldUpInTheMiddle();
    await builder.kill();
    await goOn();
    await until(async () => (await sight()).status === 'warming');
    expect(await sight()).toEqual({ status: 'warming', rows: 0, promised: 0 });
    builder = await start();
    await completes(build, 2);
    await until(async () =>
      (await builder.metrics()).includes(`dawsos_executor_pack_freshness{pack_id="${PACK_ID}"} 1`),
    );
    await traces.until((spans) => spans.some(isOfThePack));
    // the job's own span is above it; the statements below it carry the pack as well
    const drawn = traces.draw(traces.spans().find(isOfThePack)?.traceId ?? '');
    expect(drawn).toMatch(/process packs \(CONSUMER, dawsos-pack-builder\)\n +build_pack \(INTERNAL/);
    expect(
      traces
        .spans()
        .some(({ name, attributes }) => name.startsWith('pg.') && attributes['pricing_pack_id'] === PACK_ID),
    ).toBe(true);
  });

  it('completes after the restart of the database, by the builder that lived on', async () => {
    const { build, goOn } = await heldUpInTheMiddle();
    await postgres.kill();
    await goOn();
    await postgres.restart();
    expect(await sight()).toEqual({ status: 'warming', rows: 0, promised: 0 });
    await completes(build, 2);
  });

  it('completes while Redis is dead, and the next one once it is back without any data', async () => {
    const { build, goOn } = await heldUpInTheMiddle();
    await redis.kill();
    await goOn();
    await completes(build, 1);
    await redis.cutAppendOnlyFile(1);
    await redis.restart();
    const next = await builds.request({ asofDate: isoDate('2024-06-27'), requestedBy: 'test' });
    await until(async () => (await builds.find(next.build.build_id))?.state === 'succeeded');
    expect((await sight('PP_2024-06-27')).status).toBe('fresh');
  });
});
