import { DawsosError, isDawsosError, type ErrorCode } from '@dawsos/contracts';
import { tracedContext, type Logger, type MetricsRegistry, type PiiFilter } from '@dawsos/observability';
import { settlesWithin } from '@dawsos/resilience';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { UnrecoverableError, type Job } from 'bullmq';
import type { z } from 'zod';
import type { OpenWorker, QueueBackend } from './backend';
import { claimableSince } from './job-queue';
import { createJobTelemetry } from './telemetry';

export interface JobWorkerOptions<Data> {
  readonly backend: QueueBackend;
  readonly name: string;
  readonly schema: z.ZodType<Data>;
  /**
   * Does the job. `signal` aborts with a DawsosError as its reason: `lock_lost` when another worker may have the
   * job, `shutting_down` when the process has to stop. What it throws fails the job by its code alone.
   */
  process(data: Data, signal: AbortSignal): Promise<void>;
  readonly concurrency: number;
  /** How long a job stays a dead worker's before another takes it. */
  readonly lockSeconds: number;
  readonly logger: Logger;
  readonly pii: PiiFilter;
  readonly metrics: Pick<
    MetricsRegistry,
    'recordQueueWait' | 'recordStalled' | 'setWorkerConcurrency' | 'setWorkerActiveJobs'
  >;
}

/** How a worker stands with the queue: what explains a job that was taken from it. */
export interface JobWorkerVitals {
  readonly activeJobs: number;
  readonly locksRenewedAt: Date | null;
  /** The newest last. */
  readonly lockRenewalsFailed: readonly Date[];
}

export interface JobWorker {
  vitals(): JobWorkerVitals;
  /** Takes no more jobs, lets those in hand finish for `graceMs`, then aborts them. Never hangs. */
  close(graceMs: number): Promise<void>;
}

/** Attempts are capped in the database, where they can be counted; BullMQ's own count of stalls must not end a run. */
const NEVER = 1_000_000;
const ABORT_MS = 3_000;
const DISCONNECT_MS = 1_000;
const FAILURES_KEPT = 20;

export function createJobWorker<Data>(options: JobWorkerOptions<Data>): JobWorker {
  const { backend, name, logger, pii, metrics } = options;
  const hands = new Map<string, AbortController>();
  const lockMs = options.lockSeconds * 1000;
  let locksRenewedAt: Date | null = null;
  let lockRenewalsFailed: readonly Date[] = [];

  async function processJob(job: Job): Promise<void> {
    // A stalled job that is taken again has not waited: another worker had it.
    if (job.stalledCounter === 0) metrics.recordQueueWait(name, waitedSeconds(job));
    const own = new AbortController();
    const id = job.id ?? '';
    // taken again by this worker: it had lost the lock, and only this map knew of the earlier hand
    hands.get(id)?.abort(lockLost());
    hands.set(id, own);
    metrics.setWorkerActiveJobs(name, hands.size);
    try {
      const data = options.schema.parse(job.data);
      await context.with(tracedContext(context.active()), () => options.process(data, own.signal));
    } catch (error) {
      throw failedJob(isDawsosError(error) ? error.code : 'internal_error');
    } finally {
      if (hands.get(id) === own) hands.delete(id);
      metrics.setWorkerActiveJobs(name, hands.size);
    }
  }

  const worker = backend.openWorker(name, processJob, {
    concurrency: options.concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs / 2,
    maxStalledCount: NEVER,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    telemetry: createJobTelemetry(name, 'bullmq'),
  });
  metrics.setWorkerConcurrency(name, options.concurrency);
  metrics.setWorkerActiveJobs(name, 0);
  listen(worker, (ids) => {
    lockRenewalsFailed = [...lockRenewalsFailed, new Date()].slice(-FAILURES_KEPT);
    ids.forEach((id) => hands.get(id)?.abort(lockLost()));
  });

  function listen(source: OpenWorker, onLockLost: (ids: readonly string[]) => void): void {
    source.on('lockRenewalFailed', onLockLost);
    source.on('locksRenewed', () => (locksRenewedAt = new Date()));
    source.on('stalled', (id) => {
      metrics.recordStalled(name);
      logger.warn('job stalled', pii.fields({ queue: name, run_id: id }));
    });
    source.on('error', (error) =>
      logger.warn('queue connection', pii.fields({ queue: name, error: pii.error(error) })),
    );
  }

  return {
    vitals: () => ({ activeJobs: hands.size, locksRenewedAt, lockRenewalsFailed }),
    async close(graceMs) {
      const closed = worker.close();
      await settlesWithin(() => closed, graceMs);
      for (const own of hands.values()) own.abort(shuttingDown());
      await settlesWithin(() => closed, ABORT_MS);
      // BullMQ's blocking connection too: what did not close by itself must not keep the process alive
      await settlesWithin(() => worker.disconnect(), DISCONNECT_MS);
    },
  };
}

/** From the moment that a worker could have taken the job; a delay that was asked for is not waiting. */
function waitedSeconds(job: Job): number {
  return Math.max(0, ((job.processedOn ?? Date.now()) - claimableSince(job)) / 1000);
}

/**
 * BullMQ stores a failed job's message and stack where anyone with Redis reads them, so they hold the code alone.
 * It is not tried again by BullMQ: the database says when a run has another attempt.
 */
export function failedJob(code: ErrorCode): Error {
  const span = trace.getActiveSpan();
  span?.setAttribute('error.type', code);
  span?.setStatus({ code: SpanStatusCode.ERROR });
  const failure = new UnrecoverableError(code);
  failure.stack = code;
  return failure;
}

function lockLost(): DawsosError {
  return new DawsosError('lock_lost', 'the lock could not be renewed; another worker may have the job');
}

function shuttingDown(): DawsosError {
  return new DawsosError('shutting_down', 'the worker is shutting down');
}
