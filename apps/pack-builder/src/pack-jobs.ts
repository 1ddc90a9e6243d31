import {
  isDawsosError,
  PACK_QUEUE,
  PATTERN_QUEUE,
  PackQueueJobSchema,
  type PackQueueJob,
  type PatternJob,
} from '@dawsos/contracts';
import {
  createJobQueue,
  createJobWorker,
  observeQueueDepth,
  queueBackendFor,
  type JobQueue,
  type QueueBackend,
} from '@dawsos/queue';
import type { ServiceContext } from '@dawsos/service';
import type { PackBuilds } from '@dawsos/pricing';
import type { PackBuilder } from './pack-builder';
import { sweepBuilds } from './sweep-builds';
import type { PackBuilderVariable } from './variables';

type Context = ServiceContext<PackBuilderVariable>;
type Variables = Context['configuration'];

export interface PackJobsContext extends Pick<Context, 'shutdown' | 'readiness'> {
  readonly configuration: Pick<
    Variables,
    | 'DATABASE_URL'
    | 'QUEUE_ENGINE'
    | 'QUEUE_PREFIX'
    | 'REDIS_URL'
    | 'JOB_LOCK_SECONDS'
    | 'PACK_SCHEDULE'
    | 'SHUTDOWN_TIMEOUT_SECONDS'
  >;
  readonly observability: Pick<Context['observability'], 'logger' | 'pii' | 'metrics'>;
}

/** The nightly job's scheduler: one, however many builders there are. */
const SCHEDULER = 'newest-pack';
const GRACE_SHARE = 0.5;

/** Takes the jobs of the queue `packs`, one at a time, and keeps the schedule that adds the newest pack's. */
export async function startPackJobs(
  context: PackJobsContext,
  builder: PackBuilder,
  builds: PackBuilds,
  sources?: string,
): Promise<void> {
  const { configuration, observability, shutdown, readiness } = context;
  const { logger, pii, metrics } = observability;
  const backend = queueBackendFor(configuration);
  shutdown.push('queue backend', () => backend.close());
  await backend.prepare();

  const queue = createJobQueue<PackQueueJob>({ backend, name: PACK_QUEUE, logger, pii });
  shutdown.push('queue', () => queue.close());
  // asked by the very connection that jobs are added by
  readiness.add('queue', () => queue.check());
  const keepSchedule = () => queue.schedule(SCHEDULER, configuration.PACK_SCHEDULE, { newest: true });
  await keepSchedule();
  observeDepths(context, backend, queue);

  const worker = createJobWorker({
    backend,
    name: PACK_QUEUE,
    schema: PackQueueJobSchema,
    process: (job, signal) => processPackJob(builder, job, signal),
    concurrency: 1,
    lockSeconds: configuration.JOB_LOCK_SECONDS,
    logger,
    pii,
    metrics,
  });
  shutdown.push('worker', () => worker.close(configuration.SHUTDOWN_TIMEOUT_SECONDS * 1000 * GRACE_SHARE));
  const sweeper = sweepBuilds({ builds, sources, queue, keepSchedule, logger, pii });
  shutdown.push('sweeper', () => sweeper.close());
}

/** The builder has one replica, so it shows the depth of both queues: of several processes, sums would be wrong. */
function observeDepths(
  { observability, shutdown }: PackJobsContext,
  backend: QueueBackend,
  packs: JobQueue<PackQueueJob>,
): void {
  const { logger, pii, metrics } = observability;
  const patterns = createJobQueue<PatternJob>({ backend, name: PATTERN_QUEUE, logger, pii });
  shutdown.push('pattern queue', () => patterns.close());
  observeQueueDepth(PACK_QUEUE, packs, metrics);
  observeQueueDepth(PATTERN_QUEUE, patterns, metrics);
}

/**
 * Makes an attempt at what the job names; what came of it stands in the build's row, so the queue has nothing to keep.
 * A lock that Redis lost does not stop a build: the database's own keeps others out.
 */
export async function processPackJob(
  builder: PackBuilder,
  job: PackQueueJob,
  signal: AbortSignal,
): Promise<void> {
  const stops = new AbortController();
  const onAbort = (): void => {
    if (!isLockLost(signal.reason)) stops.abort(signal.reason);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  if ('newest' in job) await builder.buildNewest('schedule', undefined, stops.signal);
  else await builder.build(job.build_id, stops.signal);
}

const isLockLost = (reason: unknown): boolean => isDawsosError(reason) && reason.code === 'lock_lost';
