import { startElectedPolling, withStore, type Database } from '@dawsos/database';
import { toJob, type JobRow } from './run-job';
import type { RunJob } from './run-types';

export interface SweeperOptions {
  readonly database: Database;
  readonly queue: {
    /** Adds the jobs that the queue does not have; removes finished ones that stand in their way first. */
    restore(jobs: readonly RunJob[]): Promise<number>;
    /** Whether the queue answers, by the connection that `restore` uses. A sweeper whose queue does not leaves the work to another. */
    readonly check?: () => Promise<void>;
  };
  /** Told how many jobs were missing, when there were some. */
  onRestored?(jobs: number): void;
  onError?(error: unknown): void;
  readonly intervalMs?: number;
  /** After which all open runs are looked at again. */
  readonly recheckMs?: number;
}

export interface Sweeper {
  /** Looks at all runs that are due, now. Resolves with the number of jobs that were missing. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

const INTERVAL_MS = 500;
const RECHECK_MS = 5_000;
const BATCH = 500;
const PAGES_A_LOOK = 10;
const JITTER = 0.2;

/** $1 and $2: the last row of the page before. Nothing is written: a run that has its job costs a read. */
const DUE = `
  select run_id, traceparent, queue_place, next_check::text as due_since from run
  where next_check <= now() and awaits_pack is null and (next_check, run_id) > ($1::timestamptz, $2::uuid)
  order by next_check, run_id limit ${BATCH}`;

interface DueRow extends JobRow {
  readonly due_since: string;
}

type Position = readonly [dueSince: string, runId: string];
const START: Position = ['-infinity', '00000000-0000-0000-0000-000000000000'];

/**
 * The outbox's other half: gives every open run that should have a job its job, whatever became of the first one
 * (the API died between commit and queue, the queue lost its last second or everything). Never finishes a run, and
 * writes to none. One of all sweepers works: every half second at what has come due, every few seconds at all of it.
 */
export function createSweeper(options: SweeperOptions): Sweeper {
  const { database, queue } = options;
  const recheckMs = options.recheckMs ?? RECHECK_MS;
  let position = START;
  let passBegan = -Infinity;
  let isThrough = true;

  async function sweepPage(): Promise<number> {
    const { rows } = await withStore(() => database.pool.query<DueRow>(DUE, [...position]));
    isThrough = rows.length < BATCH;
    const last = rows.at(-1);
    if (last === undefined) return 0;
    const restored = await queue.restore(rows.map(toJob));
    position = [last.due_since, last.run_id];
    if (restored > 0) options.onRestored?.(restored);
    return restored;
  }

  function beginPass(): void {
    position = START;
    passBegan = performance.now();
  }

  async function sweep(): Promise<number> {
    beginPass();
    let restored = 0;
    do restored += await sweepPage();
    while (!isThrough);
    return restored;
  }

  async function look(): Promise<void> {
    if (isThrough && performance.now() - passBegan >= recheckMs) beginPass();
    for (let page = 0; page < PAGES_A_LOOK; page += 1) {
      await sweepPage();
      if (isThrough) return;
    }
  }

  const looking = startElectedPolling(look, {
    database,
    name: 'run sweeper',
    intervalMs: options.intervalMs ?? INTERVAL_MS,
    jitter: JITTER,
    ready: queue.check,
    onError: (error) => options.onError?.(error),
  });
  return { sweep, ...looking };
}
