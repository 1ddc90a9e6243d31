import { withStore, type Database } from '@dawsos/database';

export interface RetentionOptions {
  readonly database: Database;
  /** Finished runs are kept this long, with their steps, events, results and idempotency keys. */
  readonly runDays: number;
  /** Step results that were not used for this long leave the step cache. */
  readonly stepTraceDays: number;
  /** No further batch is begun once it aborts. */
  readonly signal?: AbortSignal;
}

const BATCH = 500;

/** Small batches, so that no lock is held long; rows that somebody uses are left for the next time. */
const PRUNE_RUNS = `
  delete from run where run_id in (
    select run_id from run where finished_at < now() - $1 * interval '1 day'
    order by finished_at limit ${BATCH} for update skip locked)`;

const PRUNE_TRACES = `
  delete from step_trace where (trace_key, reads_hash) in (
    select trace_key, reads_hash from step_trace where used_at < now() - $1 * interval '1 day'
    order by used_at limit ${BATCH} for update skip locked)`;

/** Removes what is older than the retention allows; open runs are never touched. */
export async function pruneRuns(
  options: RetentionOptions,
): Promise<{ readonly runs: number; readonly stepTraces: number }> {
  const all = async (statement: string, days: number): Promise<number> => {
    let removed = 0;
    for (let batch = BATCH; batch === BATCH && options.signal?.aborted !== true; removed += batch) {
      const { rowCount } = await withStore(() => options.database.pool.query(statement, [days]));
      batch = rowCount ?? 0;
    }
    return removed;
  };
  return {
    runs: await all(PRUNE_RUNS, options.runDays),
    stepTraces: await all(PRUNE_TRACES, options.stepTraceDays),
  };
}
