import type { Run, RunEvent, RunReader } from '@dawsos/contracts';
import { withStore, type Database } from '@dawsos/database';
import { IS_READABLE, readerParameters } from './readable-runs';
import type { RunFilter, RunPage, RunResult } from './run-types';
import { toEvents, toRun, type EventRow, type EventsOwner, type RunRow } from './run-view';

const COLUMNS = `
  r.run_id, r.status, r.pattern_id, r.pattern_version, r.portfolio_id, r.asof_date::text as asof_date,
  r.pricing_pack_id, r.pack_status, r.ledger_commit_hash, r.request_id, r.trace_id, r.attempt,
  r.created_at, r.started_at, r.finished_at, r.awaits_pack, r.awaits_until, r.freshness, r.valid_until, r.plan, o.data_hash, o.error,
  (select json_agg(s order by s.step_index) from run_step s
    where s.run_id = r.run_id and s.attempt = r.attempt) as steps`;

const GET = `
  select ${COLUMNS}, o.data, o.provenance from run r left join run_outcome o on o.run_id = r.run_id
  where ${IS_READABLE} and r.run_id = $4`;

/** Newest first; a keyset, so that a page costs the same however deep it lies. */
const LIST = `
  select ${COLUMNS} from run r left join run_outcome o on o.run_id = r.run_id
  where ${IS_READABLE}
    and ($4::timestamptz is null or (r.created_at, r.run_id) < ($4, $5::uuid))
    and ($6::text is null or r.pattern_id = $6)
    and ($7::text is null or r.status = $7)
    and ($8::timestamptz is null or r.created_at >= $8)
    and ($9::timestamptz is null or r.created_at < $9)
  order by r.created_at desc, r.run_id desc
  limit $10`;

const EVENTS = `
  select r.created_at, r.pattern_id, r.awaited_pack, r.plan, (
    select json_agg(json_build_object('seq', e.seq, 'type', e.type, 'at', e.at, 'data', e.data) order by e.seq)
    from run_event e where e.run_id = r.run_id and e.seq > $5) as events
  from run r where ${IS_READABLE} and r.run_id = $4`;

const RESULT = `
  select o.data, o.data_hash from run_outcome o join run r on r.run_id = o.run_id
  where ${IS_READABLE} and r.run_id = $4 and o.status = 'succeeded'`;

const FIND_BY_KEY = `select run_id, body_hash from run where principal_id = $1 and idempotency_key = $2`;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Anything else is no run's id, and never reaches the database. */
export function isRunId(text: string): boolean {
  return UUID.test(text);
}

export async function getRun(database: Database, reader: RunReader, runId: string): Promise<Run | undefined> {
  if (!isRunId(runId)) return undefined;
  const { rows } = await withStore(() =>
    database.pool.query<RunRow>(GET, [...readerParameters(reader), runId]),
  );
  return rows[0] === undefined ? undefined : toRun(rows[0]);
}

export async function listRuns(
  database: Database,
  reader: RunReader,
  filter: RunFilter,
  after: RunPage['next'],
  limit: number,
): Promise<RunPage> {
  const { rows } = await withStore(() =>
    database.pool.query<RunRow>(LIST, [
      ...readerParameters(reader),
      after?.createdAt ?? null,
      after?.runId ?? null,
      filter.patternId ?? null,
      filter.status ?? null,
      filter.createdAfter ?? null,
      filter.createdBefore ?? null,
      limit + 1,
    ]),
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { runs: page.map(toRun), next: more ? { createdAt: last.created_at, runId: last.run_id } : null };
}

export async function runEvents(
  database: Database,
  reader: RunReader,
  runId: string,
  afterSeq: number,
): Promise<readonly RunEvent[] | undefined> {
  if (!isRunId(runId)) return undefined;
  type Row = EventsOwner & { readonly events: EventRow[] | null };
  const { rows } = await withStore(() =>
    database.pool.query<Row>(EVENTS, [...readerParameters(reader), runId, afterSeq]),
  );
  return rows[0] === undefined ? undefined : toEvents(rows[0], rows[0].events ?? [], afterSeq);
}

export async function findByIdempotencyKey(
  database: Database,
  principalId: string,
  key: string,
): Promise<{ readonly runId: string; readonly bodyHash: string } | undefined> {
  const { rows } = await withStore(() =>
    database.pool.query<{ run_id: string; body_hash: string }>(FIND_BY_KEY, [principalId, key]),
  );
  return rows[0] === undefined ? undefined : { runId: rows[0].run_id, bodyHash: rows[0].body_hash };
}

export async function runResult(
  database: Database,
  reader: RunReader,
  runId: string,
): Promise<RunResult | undefined> {
  if (!isRunId(runId)) return undefined;
  const { rows } = await withStore(() =>
    database.pool.query<{ data: string; data_hash: string }>(RESULT, [...readerParameters(reader), runId]),
  );
  return rows[0] === undefined ? undefined : { dataJson: rows[0].data, dataHash: rows[0].data_hash };
}
