import { PATTERN_QUEUE, PatternJobSchema, type PatternJob } from '@dawsos/contracts';
import { openDatabase, requireMigrated } from '@dawsos/database';
import { createJobQueue, createJobWorker, queueBackendFor } from '@dawsos/queue';
import { createRunSpanKeeper, createRunSpanStore, createWorkerVitalsStore } from '@dawsos/runs';
import { keepRetention } from './keep-retention';
import { createProcessor } from './processor';
import { processorDependencies } from './processor-dependencies';
import { requireKeysBeyondOneMachine } from './require-keys';
import { sweepRuns } from './sweep-runs';
import type { WorkerContext } from './variables';
import { waitForPacks } from './wait-for-packs';
import { reportVitals } from './vitals';

/** The part of the time to shut down that is kept for giving runs back, closing connections and sending telemetry. */
const CLOSING_SECONDS = 6;

/** Starts the worker: it takes jobs once this resolves. */
export async function startWorker(context: WorkerContext): Promise<void> {
  const { configuration, observability, shutdown, readiness } = context;
  const { logger, pii, metrics } = observability;
  requireKeysBeyondOneMachine(configuration.DATABASE_URL, configuration.API_KEYS_FILE);
  const database = openDatabase({
    url: configuration.DATABASE_URL,
    maxConnections: configuration.DATABASE_MAX_CONNECTIONS,
    applicationName: 'dawsos-pattern-worker',
  });
  shutdown.push('database', () => database.close());
  readiness.add('database', async () => void (await database.pool.query('select 1')));
  await requireMigrated(database);

  const spans = createRunSpanKeeper({ store: createRunSpanStore(database) });
  shutdown.push('run spans', () => spans.close());
  context.onRunSpan((span) => spans.keep(span));

  const backend = queueBackendFor(configuration);
  shutdown.push('queue', () => backend.close());
  await backend.prepare();
  const queue = createJobQueue<PatternJob>({ backend, name: PATTERN_QUEUE, logger, pii });
  shutdown.push('job queue', () => queue.close());
  // asked by the very connection that jobs are added by
  readiness.add('queue', () => queue.check());
  sweepRuns(context, database, queue);
  keepRetention(context, database);

  const processor = await processorDependencies(context, database);
  waitForPacks(context, database, queue, processor.gate);
  const worker = createJobWorker({
    backend,
    name: PATTERN_QUEUE,
    schema: PatternJobSchema,
    process: createProcessor(processor),
    concurrency: configuration.WORKER_CONCURRENCY,
    lockSeconds: configuration.JOB_LOCK_SECONDS,
    logger,
    pii,
    metrics,
  });
  const graceSeconds = Math.max(1, configuration.SHUTDOWN_TIMEOUT_SECONDS - CLOSING_SECONDS);
  const vitals = reportVitals({
    store: createWorkerVitalsStore(database),
    workerId: processor.workerId,
    jobs: () => worker.vitals(),
    breakers: () => processor.runtime.breakerStates(),
    settings: {
      concurrency: configuration.WORKER_CONCURRENCY,
      lockSeconds: configuration.JOB_LOCK_SECONDS,
      maxAttempts: configuration.RUN_MAX_ATTEMPTS,
    },
    onError: (error) => logger.debug('vitals not reported', pii.fields({ error: pii.error(error) })),
  });
  shutdown.push('vitals', () => vitals.stop());
  shutdown.push('worker', () => worker.close(graceSeconds * 1000));
}
