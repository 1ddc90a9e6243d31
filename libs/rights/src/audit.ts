import { canonicalJson, type JsonValue } from '@dawsos/contracts';
import {
  createGroupCommit,
  createKeyedHash,
  isStoreUnavailable,
  withStore,
  type Database,
} from '@dawsos/database';
import { blocksOf, type GateDecision } from './gate';

/** The run that was decided about, by what names its content. */
export interface AuditedRun {
  readonly run_id: string;
  readonly pattern_id: string;
  readonly pattern_version: string;
  readonly pricing_pack_id: string;
  readonly ledger_commit_hash: string;
}

export interface DecisionEntry {
  readonly principalId: string;
  readonly requestId: string;
  readonly run: AuditedRun;
  readonly decision: GateDecision;
  /** Whether what is allowed went out: an export that refuses as a whole lets nothing out. */
  readonly outcome: 'allowed' | 'partial' | 'refused';
  /** Why, where it is not the sources that decide. */
  readonly reason?: string;
  readonly file?: ExportedFile;
}

export interface ExportedFile {
  readonly exportId: string;
  readonly hash: string;
  readonly idempotencyKey: string | null;
  readonly bodyHash: string;
}

export interface RightsAudit {
  /**
   * Resolves once the decision is committed; what it lets out goes out after that. Decisions that wait share one
   * insert. An export whose key names another one already is not recorded: findExport gives the first.
   * @throws DawsosError `store_unavailable`
   */
  record(entry: DecisionEntry): Promise<void>;
  /** The export that a principal's key named before. */
  findExport(principalId: string, idempotencyKey: string): Promise<ExportedFile | undefined>;
}

type Row = Readonly<Record<string, JsonValue>>;

/** A batch travels as one JSON array: `unnest` would flatten the columns that are arrays themselves. */
const INSERT = `
  insert into rights_decision (
    principal_id, request_id, run_id, pattern_id, pattern_version, pricing_pack_id, ledger_commit_hash, action,
    format, environment, registry_hash, outcome, reason, figures, sources_used, sources_blocked, file_hash,
    export_id, idempotency_key, body_hash)
  select
    principal_id, request_id, run_id, pattern_id, pattern_version, pricing_pack_id, ledger_commit_hash, action,
    format, environment, registry_hash, outcome, reason, figures, sources_used, sources_blocked, file_hash,
    export_id, idempotency_key, body_hash
  from json_populate_recordset(null::rights_decision, $1::json)
  on conflict (principal_id, idempotency_key) where idempotency_key is not null do nothing`;

const FIND_EXPORT = `
  select export_id, file_hash, body_hash from rights_decision
  where principal_id = $1 and idempotency_key = any($2)`;

const MAX_BATCH = 200;
const BATCHES_IN_FLIGHT = 2;

export function createRightsAudit(database: Database): RightsAudit {
  const hash = createKeyedHash(database);
  const commit = createGroupCommit<Row, true>({
    maxBatch: MAX_BATCH,
    maxInFlight: BATCHES_IN_FLIGHT,
    isolates: (error) => !isStoreUnavailable(error),
    async commit(rows) {
      await database.pool.query(INSERT, [JSON.stringify(rows)]);
      return rows.map(() => true);
    },
  });
  return {
    async record(entry) {
      const { principalId, file } = entry;
      await withStore(async () => {
        const key = file?.idempotencyKey == null ? null : await hash(principalId, file.idempotencyKey);
        return commit(rowOf(entry, key));
      });
    },
    async findExport(principalId, idempotencyKey) {
      const { rows } = await withStore(async () =>
        database.pool.query<{ export_id: string; file_hash: string; body_hash: string }>(FIND_EXPORT, [
          principalId,
          // rows of before keys were hashed are never changed
          [await hash(principalId, idempotencyKey), idempotencyKey],
        ]),
      );
      const [row] = rows;
      if (row === undefined) return undefined;
      return { exportId: row.export_id, hash: row.file_hash, bodyHash: row.body_hash, idempotencyKey };
    },
  };
}

function rowOf(
  { principalId, requestId, run, decision, outcome, reason, file }: DecisionEntry,
  idempotencyKey: string | null,
): Row {
  const { request, figures } = decision;
  const used = outcome === 'refused' ? [] : figures.filter(({ allowed }) => allowed);
  return {
    principal_id: principalId,
    request_id: requestId,
    run_id: run.run_id,
    pattern_id: run.pattern_id,
    pattern_version: run.pattern_version,
    pricing_pack_id: run.pricing_pack_id,
    ledger_commit_hash: run.ledger_commit_hash,
    action: request.action,
    format: request.action === 'export' ? request.format : null,
    environment: decision.environment,
    registry_hash: decision.registryHash,
    outcome,
    reason: reason ?? reasonOf(decision),
    figures: JSON.parse(canonicalJson(figures.map(figureRow))) as JsonValue,
    sources_used: [...new Set(used.flatMap(({ sources }) => sources))].sort(),
    sources_blocked: blocksOf(decision).map(({ source }) => source),
    file_hash: file?.hash ?? null,
    export_id: file?.exportId ?? null,
    idempotency_key: idempotencyKey,
    body_hash: file?.bodyHash ?? null,
  };
}

function figureRow({ figure, sources, allowed, blocks }: GateDecision['figures'][number]): JsonValue {
  return { figure, sources: [...sources], allowed, blocks: blocks.map((block) => ({ ...block })) };
}

function reasonOf(decision: GateDecision): string {
  const reasons = blocksOf(decision).map(({ source, reason }) => `${source}: ${reason}`);
  return reasons.length === 0 ? 'every source allows it' : reasons.join('; ');
}
