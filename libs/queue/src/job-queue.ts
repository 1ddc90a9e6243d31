import type { JobState } from '@dawsos/contracts';
import type { Logger, PiiFilter } from '@dawsos/observability';
import type { BulkJobOptions, Job } from 'bullmq';
import type { OpenQueue, QueueBackend } from './backend';
import { createQueueHandle } from './queue-handle';
import { jobMetadata } from './telemetry';

/** A job to add. Its id makes adding it again do nothing while it lives; data carries ids, never a client's data. */
export interface NewJob<Data> {
  /** Not digits alone and without a colon: BullMQ refuses both. */
  readonly id: string;
  readonly data: Data;
  readonly traceparent: string | null;
  /** Jobs of a low place are taken before those of a high one, and equal ones in their order. Absent: before all. */
  readonly place?: number | undefined;
}

export interface QueueDepth {
  readonly jobs: Readonly<Record<'waiting' | 'active' | 'delayed' | 'failed', number>>;
  /** Seconds that the oldest job waits which a worker could take now; 0 when none waits. */
  readonly oldestWaitingSeconds: number;
}

export interface JobQueue<Data> {
  /** Adds the jobs in one call. @throws DawsosError `queue_unavailable`, soon: a producer does not wait for Redis. */
  enqueue(jobs: readonly NewJob<Data>[]): Promise<void>;
  /** Adds those that the queue does not have, after removing finished ones in their way. Resolves with their number. */
  restore(jobs: readonly NewJob<Data>[]): Promise<number>;
  /** Adds a job by a cron expression (UTC); the same name replaces the schedule. */
  schedule(name: string, cron: string, data: Data): Promise<void>;
  /** What the queue says of one job; `unreachable` where it does not answer. */
  stateOf(id: string): Promise<JobState>;
  /** Resolves when the queue answers, by the connection that jobs are added by. @throws DawsosError `queue_unavailable` */
  check(): Promise<void>;
  /** A few commands, whatever the queue holds. */
  depth(): Promise<QueueDepth>;
  close(): Promise<void>;
}

export interface JobQueueOptions {
  readonly backend: QueueBackend;
  readonly name: string;
  readonly logger: Logger;
  readonly pii: PiiFilter;
}

/** Jobs up to this place are taken in the order of their coming, which costs least: a flood alone is sorted. */
const PLACES_IN_ORDER = 8;
/** BullMQ takes no lower one: 2^21. */
const LOWEST_PRIORITY = 2_097_152;
/** Attempts, outcomes and results live in the database: a finished job has nothing left to say. */
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

export function createJobQueue<Data extends object>(options: JobQueueOptions): JobQueue<Data> {
  const { backend, name, logger, pii } = options;
  const handle = createQueueHandle(() => {
    const queue = backend.openQueue(name, { defaultJobOptions: JOB_OPTIONS });
    queue.on('error', (error) =>
      logger.debug('queue connection', pii.fields({ queue: name, error: pii.error(error) })),
    );
    return queue;
  });

  const toJob = (job: NewJob<Data>) => ({ name, data: job.data, opts: jobOptions(job) });
  const add = gatherTurn((jobs: readonly NewJob<Data>[]) =>
    handle.use((queue) => queue.addBulk(jobs.map(toJob))),
  );
  const enqueue = async (jobs: readonly NewJob<Data>[]): Promise<void> => {
    if (jobs.length > 0) await add(jobs);
  };
  return {
    enqueue,
    async restore(jobs) {
      const there = await handle.use((queue) => Promise.all(jobs.map((job) => blocksOrLives(queue, job.id))));
      const missing = jobs.filter((_, index) => !there[index]);
      await enqueue(missing);
      return missing.length;
    },
    async schedule(schedulerName, cron, data) {
      await handle.use((queue) =>
        queue.upsertJobScheduler(schedulerName, { pattern: cron, tz: 'UTC' }, { name, data }),
      );
    },
    stateOf: (id) => handle.use((queue) => queue.getJobState(id)).then(jobStateOf, () => 'unreachable'),
    depth: () => handle.use(depthOf),
    check: async () => void (await handle.use((queue) => queue.getJobCounts('active'))),
    close: () => handle.close(),
  };
}

/** What is handed over in one turn of the event loop is done in one call, and ends as that does. */
function gatherTurn<Item>(
  perform: (items: readonly Item[]) => Promise<unknown>,
): (items: readonly Item[]) => Promise<unknown> {
  let gathered: { readonly items: Item[]; readonly done: Promise<unknown> } | undefined;
  return (items) => {
    if (gathered !== undefined) {
      gathered.items.push(...items);
      return gathered.done;
    }
    const own = [...items];
    const done = new Promise(setImmediate).then(() => {
      gathered = undefined;
      return perform(own);
    });
    gathered = { items: own, done };
    return done;
  };
}

function jobOptions<Data>(job: NewJob<Data>): BulkJobOptions {
  const metadata = jobMetadata(job.traceparent);
  const priority = Math.min(LOWEST_PRIORITY, Math.max(0, (job.place ?? 0) - PLACES_IN_ORDER));
  return {
    jobId: job.id,
    ...(priority === 0 ? {} : { priority }),
    ...(metadata === undefined ? {} : { telemetry: { metadata } }),
  };
}

/** Whether the job is there and alive. A finished one would make an add with its id do nothing, so it is removed. */
async function blocksOrLives(queue: OpenQueue, id: string): Promise<boolean> {
  const job = (await queue.getJob(id)) as Job | undefined;
  if (job === undefined) return false;
  if (job.finishedOn === undefined) return true;
  await queue.remove(id);
  return false;
}

function jobStateOf(state: string): JobState {
  switch (state) {
    case 'waiting':
    case 'prioritized':
    case 'waiting-children':
      return 'waiting';
    case 'active':
    case 'delayed':
      return state;
    case 'completed':
    case 'failed':
      return 'finished';
    default:
      return 'missing';
  }
}

async function depthOf(queue: OpenQueue): Promise<QueueDepth> {
  const [counts, oldest, next] = await Promise.all([
    queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed'),
    queue.getJobs(['wait'], 0, 0, true) as Promise<(Job | undefined)[]>,
    queue.getJobs(['prioritized'], 0, 0, true) as Promise<(Job | undefined)[]>,
  ]);
  const of = (state: string): number => counts[state] ?? 0;
  const heads = [oldest[0], next[0]].flatMap((job) => (job === undefined ? [] : [claimableSince(job)]));
  const since = heads.length === 0 ? undefined : Math.min(...heads);
  return {
    jobs: {
      waiting: of('wait') + of('prioritized'),
      active: of('active'),
      delayed: of('delayed'),
      failed: of('failed'),
    },
    oldestWaitingSeconds: since === undefined ? 0 : Math.max(0, (Date.now() - since) / 1000),
  };
}

/**
 * When a worker could first have claimed the job, in milliseconds: a delay that was asked for is not waiting. BullMQ
 * sets `delay` to 0 as it promotes a job (promoteDelayedJobs), so only the options still know what it was.
 */
export function claimableSince(job: Pick<Job, 'timestamp' | 'opts'>): number {
  return job.timestamp + (job.opts.delay ?? 0);
}
