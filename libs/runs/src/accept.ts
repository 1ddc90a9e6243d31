import { DawsosError, LOCAL_PRINCIPAL } from '@dawsos/contracts';
import { createGroupCommit, isStoreUnavailable, withStore, type Database } from '@dawsos/database';
import { withDeadline } from '@dawsos/resilience';
import type { PlacedRun } from './run-job';
import type { Accepted, NewRun } from './run-types';

const MAX_BATCH = 200;
const RETRY_SECONDS = 5;
const BATCHES_IN_FLIGHT = 2;
/** A client is answered within five seconds, whatever became of the batches before its own. */
const DEADLINE_MS = 4_000;

/** Columns of an insert, in order, with their types in `unnest`. */
const COLUMNS: readonly (readonly [name: string, type: string, value: (run: NewRun) => string | null])[] = [
  ['run_id', 'uuid', (run) => run.runId],
  ['principal_id', 'text', (run) => run.principal.id],
  ['portfolios', 'json', (run) => JSON.stringify(run.principal.portfolios)],
  ['idempotency_key', 'text', (run) => run.idempotencyKey],
  ['body_hash', 'text', (run) => run.bodyHash],
  ['pattern_id', 'text', (run) => run.patternId],
  ['pattern_version', 'text', (run) => run.patternVersion],
  ['inputs', 'json', (run) => JSON.stringify(run.inputs)],
  ['portfolio_id', 'text', (run) => run.portfolioId],
  ['required_permissions', 'text', (run) => arrayLiteral(run.requiredPermissions)],
  ['asof_date', 'date', (run) => run.asofDate],
  ['pricing_pack_id', 'text', (run) => run.pricingPackId],
  ['pack_hash', 'text', (run) => run.packHash],
  ['pack_status', 'text', (run) => run.packStatus],
  ['ledger_commit_hash', 'text', (run) => run.ledgerCommitHash],
  ['request_id', 'text', (run) => run.requestId],
  ['trace_id', 'text', (run) => run.traceparent?.split('-')[1] ?? null],
  ['traceparent', 'text', (run) => run.traceparent],
  ['plan', 'json', (run) => JSON.stringify(run.steps)],
  ['gate_terms', 'json', (run) => jsonOrNull(run.gate?.terms)],
  ['freshness', 'json', (run) => jsonOrNull(run.gate?.freshness)],
  ['valid_until', 'timestamptz', (run) => run.gate?.validUntil?.toISOString() ?? null],
  ['awaits_pack', 'text', (run) => run.gate?.awaiting?.packId ?? null],
  ['awaits_until', 'timestamptz', (run) => run.gate?.awaiting?.until.toISOString() ?? null],
  ['awaited_pack', 'text', (run) => run.gate?.awaiting?.packId ?? null],
  ['repair', 'json', (run) => jsonOrNull(run.gate?.awaiting?.repair)],
];

/** An array within an array of texts: names of permissions need no quotes. */
function arrayLiteral(names: readonly string[]): string {
  return `{${names.join(',')}}`;
}

function jsonOrNull(value: object | null | undefined): string | null {
  return value == null ? null : JSON.stringify(value);
}

const names = [...COLUMNS.map(([name]) => name), 'queue_place'].join(', ');
const values = names.replace('required_permissions', 'required_permissions::text[]');
const arrays = [...COLUMNS.map(([, type]) => type), 'int']
  .map((type, index) => `$${index + 1}::${type}[]`)
  .join(', ');
/** One statement for a whole batch. A key that is taken, before or within the batch, inserts nothing. */
const INSERT = `
  insert into run (${names})
  select ${values} from unnest(${arrays}) as new_run (${names})
  on conflict (principal_id, idempotency_key) where idempotency_key is not null do nothing
  returning run_id`;

/** How many runs of the principals of a batch are open. */
const OPEN_RUNS = `
  select principal_id, count(*)::int as open from run
  where finished_at is null and principal_id = any($1) group by principal_id`;

const FIND_BY_KEY = `
  select run_id, principal_id, idempotency_key, body_hash from run
  join unnest($1::text[], $2::text[]) as asked (principal, key)
    on principal_id = asked.principal and idempotency_key = asked.key`;

interface KeyedRow {
  readonly run_id: string;
  readonly principal_id: string;
  readonly idempotency_key: string;
  readonly body_hash: string;
}

type Answer = Accepted | DawsosError;

/**
 * Accepts runs: resolves once the run is committed. Submissions that come while a commit is under way share the
 * next one. `onCommitted` gets what each batch created, after the commit.
 * @throws DawsosError `idempotency_key_reused`, `store_unavailable`
 */
export function createAccept(
  database: Database,
  onCommitted: (created: readonly PlacedRun[]) => void,
  mostOpen: number,
  deadlineMs = DEADLINE_MS,
): (run: NewRun) => Promise<Accepted> {
  const commit = createGroupCommit<NewRun, Answer>({
    commit: async (runs) => {
      const { answers, created } = await withStore(() => insertRuns(database, runs, mostOpen));
      onCommitted(created);
      return answers;
    },
    maxBatch: MAX_BATCH,
    maxInFlight: BATCHES_IN_FLIGHT,
    isolates: (error) => !isStoreUnavailable(error) && !(error instanceof DawsosError),
  });
  return async (run) => {
    const answer = await withDeadline({ timeoutMs: deadlineMs }, { onTimeout: notInTime }, (signal) =>
      commit(run, signal),
    );
    if (answer instanceof DawsosError) throw answer;
    return answer;
  };
}

function notInTime(): DawsosError {
  return new DawsosError(
    'store_unavailable',
    'The run was not stored in time; try again, with the same Idempotency-Key if there was one.',
    { retryAfterSeconds: 1 },
  );
}

async function insertRuns(
  database: Database,
  runs: readonly NewRun[],
  mostOpen: number,
): Promise<{ answers: Answer[]; created: PlacedRun[] }> {
  const placed = await placeRuns(database, runs);
  const placeOf = new Map(placed.map(({ run, place }) => [run, place]));
  const isOver = (run: NewRun): boolean =>
    run.principal.id !== LOCAL_PRINCIPAL.id && (placeOf.get(run) ?? 0) > mostOpen;
  // two batches that hold the same keys in another order would wait for one another
  const within = runs.filter((run) => !isOver(run));
  const ordered = within.some((run) => run.idempotencyKey !== null) ? [...within].sort(byKey) : within;
  const { rows } = await database.pool.query<{ run_id: string }>({
    name: 'accept_runs',
    text: INSERT,
    values: [
      ...COLUMNS.map(([, , value]) => ordered.map(value)),
      ordered.map((run) => placeOf.get(run) ?? 1),
    ],
  });
  const createdIds = new Set(rows.map((row) => row.run_id));
  const created = placed.filter(({ run }) => createdIds.has(run.runId));
  const repeats = runs.filter((run) => !createdIds.has(run.runId));
  const earlier = repeats.length === 0 ? new Map<string, KeyedRow>() : await findByKey(database, repeats);
  const answers = runs.map((run) =>
    createdIds.has(run.runId)
      ? { runId: run.runId, created: true }
      : isOver(run) && !earlier.has(keyOf(run.principal.id, run.idempotencyKey))
        ? tooManyOpen(mostOpen)
        : answerRepeat(run, earlier),
  );
  return { answers, created };
}

/** Each run with its place among the open runs of its principal, those of the batch in their order. */
async function placeRuns(database: Database, runs: readonly NewRun[]): Promise<readonly PlacedRun[]> {
  const principals = [...new Set(runs.map((run) => run.principal.id))];
  const { rows } = await database.pool.query<{ principal_id: string; open: number }>({
    name: 'open_runs',
    text: OPEN_RUNS,
    values: [principals],
  });
  const open = new Map(rows.map((row) => [row.principal_id, row.open]));
  return runs.map((run) => {
    const place = (open.get(run.principal.id) ?? 0) + 1;
    open.set(run.principal.id, place);
    return { run, place };
  });
}

function tooManyOpen(mostOpen: number): DawsosError {
  return new DawsosError('rate_limited', `More than ${String(mostOpen)} runs are open; let some finish.`, {
    retryAfterSeconds: RETRY_SECONDS,
    extensions: { limit: { name: 'open-runs', quota: mostOpen } },
  });
}

const keyOf = (principal: string, key: string | null): string => `${principal}\n${key ?? ''}`;

function byKey(a: NewRun, b: NewRun): number {
  const [left, right] = [keyOf(a.principal.id, a.idempotencyKey), keyOf(b.principal.id, b.idempotencyKey)];
  return left < right ? -1 : left > right ? 1 : 0;
}

async function findByKey(database: Database, runs: readonly NewRun[]): Promise<Map<string, KeyedRow>> {
  const { rows } = await database.pool.query<KeyedRow>(FIND_BY_KEY, [
    runs.map((run) => run.principal.id),
    runs.map((run) => run.idempotencyKey),
  ]);
  return new Map(rows.map((row) => [keyOf(row.principal_id, row.idempotency_key), row]));
}

function answerRepeat(run: NewRun, earlier: ReadonlyMap<string, KeyedRow>): Answer {
  const row = earlier.get(keyOf(run.principal.id, run.idempotencyKey));
  if (row === undefined) {
    // pruned between the two statements: the client's next try makes it
    return new DawsosError('store_unavailable', 'The run could not be stored; try again.');
  }
  if (row.body_hash === run.bodyHash) return { runId: row.run_id, created: false };
  return new DawsosError(
    'idempotency_key_reused',
    'This idempotency key came with another payload before; use a new key for a new request.',
  );
}
