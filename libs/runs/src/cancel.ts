import type { RunReader } from '@dawsos/contracts';
import { withStore, type Database } from '@dawsos/database';
import { CANCEL_CHANNEL, NEWS_CHANNEL } from './channels';
import { IS_READABLE, readerParameters } from './readable-runs';
import { isRunId } from './run-reads';

const CANCEL = `
  with cancelled as (
    update run r set status = 'cancelled', finished_at = now(), next_check = null,
      awaits_pack = null, awaits_until = null, last_seq = last_seq + 1
    where ${IS_READABLE} and r.run_id = $4 and status in ('accepted', 'running')
    returning run_id, attempt, last_seq
  ), outcome as (
    insert into run_outcome (run_id, attempt, status) select run_id, attempt, 'cancelled' from cancelled
  ), event as (
    insert into run_event (run_id, seq, type, data)
    select run_id, last_seq, 'run.finished', '{"status":"cancelled"}' from cancelled
  ), ended as (
    update run_attempt a set ended_at = now(), ended_as = 'cancelled' from cancelled c
    where a.run_id = c.run_id and a.attempt = c.attempt and a.ended_at is null
  )
  select exists (select from run r where ${IS_READABLE} and r.run_id = $4) as known,
    (select count(pg_notify('${NEWS_CHANNEL}', run_id::text)) from cancelled) > 0 as cancelled,
    (select count(pg_notify('${CANCEL_CHANNEL}', run_id::text)) from cancelled) as told`;

/** The outcome is written at once, so it holds whether or not a worker hears of it. */
export async function cancelRun(
  database: Database,
  reader: RunReader,
  runId: string,
): Promise<boolean | undefined> {
  if (!isRunId(runId)) return undefined;
  const { rows } = await withStore(() =>
    database.pool.query<{ known: boolean; cancelled: boolean }>(CANCEL, [...readerParameters(reader), runId]),
  );
  return rows[0]?.known === true ? rows[0].cancelled : undefined;
}
