import { isoDate, PACK_QUEUE, PATTERN_QUEUE, type PackQueueJob, type PatternJob } from '@dawsos/contracts';
import {
  createMetricsRegistry,
  createPiiFilter,
  createSilentLogger,
  type MetricsRegistry,
} from '@dawsos/observability';
import {
  createPackBuilds,
  createPackStore,
  ledgerQuotes,
  readPriceFolder,
  type PackBuilds,
  type PackStore,
} from '@dawsos/pricing';
import { createJobQueue, createQueueBackend, type JobQueue, type QueueBackend } from '@dawsos/queue';
import { createReadiness, createShutdownStack, type ShutdownStack } from '@dawsos/service';
import { loadLedger } from '@dawsos/ledger';
import {
  createTestDatabase,
  sharedPostgres,
  startRedis,
  type TestDatabase,
  type SharedPostgres,
  type TestRedis,
} from '@dawsos/testing';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPackBuilder } from '../src/pack-builder';
import { startPackJobs } from '../src/pack-jobs';

jest.setTimeout(120_000);

const EXAMPLES = path.resolve(__dirname, '../../../examples');
const logger = createSilentLogger();
const pii = createPiiFilter();

describe.each(['redis', 'postgres'] as const)('pack jobs on %s', (engine) => {
  let postgres: SharedPostgres;
  let redis: TestRedis;
  let test: TestDatabase;
  let store: PackStore;
  let builds: PackBuilds;
  let shutdown: ShutdownStack;
  let backend: QueueBackend;
  let queue: JobQueue<PackQueueJob>;
  let metrics: MetricsRegistry;

  beforeAll(async () => {
    postgres = await sharedPostgres();
    redis = await startRedis();
    test = await createTestDatabase(postgres);
    store = createPackStore(test.database);
    shutdown = createShutdownStack();
    metrics = createMetricsRegistry({
      serviceName: 'test',
      serviceVersion: '1',
      processMetrics: false,
    });
    builds = createPackBuilds({ database: test.database });
    const builder = createPackBuilder({
      database: test.database,
      store,
      builds,
      policy: 'CLOSE',
      inputs: async () => {
        const ledger = await loadLedger({ file: path.join(EXAMPLES, 'ledger/main.beancount') });
        return {
          ledger,
          ledgerCommit: 'test',
          sources: [ledgerQuotes(ledger), ...(await readPriceFolder(path.join(EXAMPLES, 'market')))],
        };
      },
      freshness: { maxAgeBusinessDays: 3 },
      today: () => isoDate('2025-03-04'),
      now: () => performance.now(),
      logger,
      pii,
      metrics,
    });
    const configuration = {
      DATABASE_URL: test.url,
      QUEUE_ENGINE: engine,
      QUEUE_PREFIX: 'test',
      REDIS_URL: redis.url,
      JOB_LOCK_SECONDS: 10,
      PACK_SCHEDULE: '5 0 * * *',
      SHUTDOWN_TIMEOUT_SECONDS: 10,
    };
    const context = {
      configuration,
      observability: { logger, pii, metrics },
      shutdown,
      readiness: createReadiness(),
    };
    await startPackJobs(context, builder, builds);
    backend = createQueueBackend(
      engine === 'redis' ? { engine, url: redis.url, prefix: 'test' } : { engine, databaseUrl: test.url },
    );
    queue = createJobQueue({ backend, name: PACK_QUEUE, logger, pii });
  });
  afterAll(async () => {
    await queue.close();
    await backend.close();
    expect(await shutdown.run(20_000)).toEqual([]);
    await test.close();
    await redis.stop();
  });

  /** As the builder's clients do: the pack's row says when it is done. */
  const untilSettled = async (id: string): Promise<string> => {
    for (;;) {
      const pack = await store.find(id);
      if (pack !== undefined && pack.status !== 'warming') return pack.status;
      await delay(20);
    }
  };
  const enqueue = (id: string, data: PackQueueJob): Promise<void> =>
    queue.enqueue([{ id, data, traceparent: null }]);

  it('build the pack of a build that was asked for, once the sweeper has given it its job', async () => {
    await builds.request({ requestedBy: 'test', asofDate: isoDate('2024-12-31') });
    expect(await untilSettled('PP_2024-12-31')).toBe('fresh');
  });

  it('build the newest day up to today when the schedule asks', async () => {
    await enqueue('newest-now', { newest: true });
    expect(await untilSettled('PP_2025-03-04')).toBe('fresh');
  });

  it('leave a pack in error where there is nothing to build it from, and take the next job', async () => {
    await builds.request({ requestedBy: 'test', asofDate: isoDate('2020-01-01') });
    expect(await untilSettled('PP_2020-01-01')).toBe('error');
    await builds.request({ requestedBy: 'test', asofDate: isoDate('2024-11-29') });
    expect(await untilSettled('PP_2024-11-29')).toBe('fresh');
  });

  it('have one nightly job waiting', async () => {
    expect((await queue.depth()).jobs).toMatchObject({ delayed: 1, failed: 0 });
  });

  it('show at a scrape how deep both queues are', async () => {
    const patterns = createJobQueue<PatternJob>({ backend, name: PATTERN_QUEUE, logger, pii });
    const data = { run_id: 'r', pattern_id: 'p', request_id: 'q' };
    await patterns.enqueue(['run-1', 'run-2'].map((id) => ({ id, data, traceparent: null })));
    const { body } = await metrics.expose(undefined);
    expect(body).toMatch(/^dawsos_queue_jobs\{[^}]*queue="patterns",state="waiting"[^}]*\} 2$/m);
    expect(body).toMatch(/^dawsos_queue_jobs\{[^}]*queue="packs",state="delayed"[^}]*\} 1$/m);
    expect(body).toMatch(/^dawsos_queue_oldest_waiting_seconds\{[^}]*queue="patterns"[^}]*\} \d/m);
    await patterns.close();
  });
});
