import type { JobState, RunReader } from '@dawsos/contracts';
import { withStore, type Database } from '@dawsos/database';
import { getRun } from '../run-reads';
import type { AttemptFacts, RunFacts, UsualTime } from './facts';
import { readWorkers } from '../worker-vitals';

/** Beyond it, the position in the queue is not counted: nobody reads it as a number. */
const MOST_AHEAD = 10_000;
/** Finished runs, newest first, among which those of the same pattern are looked for, and how many of these count. */
const LOOKED_AT = 5_000;
const COMPARED = 50;

const CLOCK = `
  select now() as now, next_check, (
    select count(*)::int from (
      select from run o where o.next_check is not null and o.status = 'accepted' and o.created_at < r.created_at
      limit ${MOST_AHEAD}) as earlier) as ahead
  from run r where run_id = $1`;

const ATTEMPTS = `
  select attempt, worker_id, started_at, ended_at, ended_as from run_attempt where run_id = $1 order by attempt`;

/** $1 pattern, $2 version, $3 the run itself, which is no past run of itself. */
const USUAL = `
  with past as (
    select run_id from (
      select run_id, pattern_id, pattern_version, status, finished_at from run
      where finished_at is not null order by finished_at desc limit ${LOOKED_AT}) as newest
    where pattern_id = $1 and pattern_version = $2 and status = 'succeeded' and run_id <> $3
    order by finished_at desc limit ${COMPARED})
  select step_index, count(*)::int as runs,
    percentile_cont(0.5) within group (order by duration_ms) as median_ms,
    percentile_cont(0.95) within group (order by duration_ms) as p95_ms
  from past join run_step using (run_id)
  where status = 'succeeded' and not cached and duration_ms is not null group by step_index`;

interface ClockRow {
  readonly now: Date;
  readonly next_check: Date | null;
  readonly ahead: number;
}
interface AttemptRow {
  readonly attempt: number;
  readonly worker_id: string;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly ended_as: string | null;
}
interface UsualRow {
  readonly step_index: number;
  readonly runs: number;
  readonly median_ms: number;
  readonly p95_ms: number;
}

/**
 * What is known of a run, from the database and the queue: a bounded number of rows, whatever they hold.
 * `undefined`: no such run of the reader's. @throws DawsosError `store_unavailable`
 */
export async function gatherFacts(
  database: Database,
  stateOf: (runId: string) => Promise<JobState>,
  reader: RunReader,
  runId: string,
): Promise<RunFacts | undefined> {
  const run = await getRun(database, reader, runId);
  if (run === undefined) return undefined;
  const read = <Row extends object>(text: string, values: unknown[]): Promise<readonly Row[]> =>
    withStore(async () => (await database.pool.query<Row>(text, values)).rows);
  const isOpen = run.finished_at === null;
  const [clock, attemptRows, usualRows, job] = await Promise.all([
    read<ClockRow>(CLOCK, [runId]),
    read<AttemptRow>(ATTEMPTS, [runId]),
    read<UsualRow>(USUAL, [run.pattern_id, run.pattern_version, runId]),
    isOpen ? stateOf(runId) : Promise.resolve<JobState>('finished'),
  ]);
  const attempts = attemptRows.map(toAttempt);
  const workers = await readWorkers(database, [...new Set(attempts.map(({ workerId }) => workerId))]);
  return {
    run,
    job,
    attempts,
    workers,
    now: clock[0]?.now ?? new Date(),
    nextCheck: clock[0]?.next_check ?? null,
    ahead: clock[0]?.ahead ?? 0,
    usual: new Map(usualRows.map((row) => [row.step_index, toUsual(row)])),
  };
}

function toAttempt(row: AttemptRow): AttemptFacts {
  return {
    attempt: row.attempt,
    workerId: row.worker_id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    endedAs: row.ended_as,
  };
}

function toUsual(row: UsualRow): UsualTime {
  return { medianMs: row.median_ms, p95Ms: row.p95_ms, runs: row.runs };
}
