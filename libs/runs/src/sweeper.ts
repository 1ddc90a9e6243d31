import { startPolling, withStore, type Database } from '@dawsos/database';
import { toJob, type JobRow } from './run-job';
import type { RunJob } from './run-types';

export interface SweeperOptions {
  readonly database: Database;
  readonly queue: {
    /** Adds the jobs that the queue does not have; removes finished ones that stand in their way first. */
    restore(jobs: readonly RunJob[]): Promise<number>;
  };
  /** Told how many jobs were missing, when there were some. */
  onRestored?(jobs: number): void;
  onError?(error: unknown): void;
  readonly intervalMs?: number;
  /** When a run that was looked at is looked at again. */
  readonly recheckMs?: number;
}

export interface Sweeper {
  /** Looks now. Resolves with the number of jobs that were missing. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

const INTERVAL_MS = 500;
const RECHECK_MS = 5_000;
const BATCH = 500;

/** Several sweepers share the work: each takes rows that no other has, and puts their next look off. */
const TAKE_DUE = `
  with due as (
    select run_id from run
    where next_check <= now() and awaits_pack is null order by next_check limit ${BATCH}
    for update skip locked
  )
  update run set next_check = now() + $1 * interval '1 millisecond'
  from due where run.run_id = due.run_id
  returning run.run_id, traceparent, queue_place`;

/**
 * The outbox's other half: gives every open run that should have a job its job, whatever became of the first one
 * (the API died between commit and queue, the queue lost its last second or everything). Never finishes a run.
 */
export function createSweeper(options: SweeperOptions): Sweeper {
  const { database, queue } = options;
  const recheckMs = options.recheckMs ?? RECHECK_MS;

  async function sweep(): Promise<number> {
    const { rows } = await withStore(() => database.pool.query<JobRow>(TAKE_DUE, [recheckMs]));
    if (rows.length === 0) return 0;
    const restored = await queue.restore(rows.map(toJob));
    if (restored > 0) options.onRestored?.(restored);
    return restored;
  }

  const looking = startPolling(sweep, {
    intervalMs: options.intervalMs ?? INTERVAL_MS,
    onError: (error) => options.onError?.(error),
  });
  return { sweep, ...looking };
}
