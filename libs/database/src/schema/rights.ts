import type { ColumnType, Generated } from 'kysely';

type Json<T> = ColumnType<T, string, never>;

/** Append-only: a trigger refuses to change or remove a row. */
export interface RightsDecisionTable {
  decision_id: ColumnType<string, never, never>;
  decided_at: Generated<ColumnType<Date, Date, never>>;
  principal_id: string;
  request_id: string;
  run_id: string;
  pattern_id: string;
  pattern_version: string;
  pricing_pack_id: string;
  ledger_commit_hash: string;
  action: 'display' | 'export';
  format: string | null;
  environment: string;
  /** The hash of the rights registry that was in force. */
  registry_hash: string;
  outcome: 'allowed' | 'partial' | 'refused';
  reason: string;
  /** Each figure with its sources, whether it went out, and what blocked it. */
  figures: Json<unknown>;
  /** The sources of what went out. */
  sources_used: string[];
  sources_blocked: string[];
  /** SHA-256 of the file that was handed out. */
  file_hash: string | null;
  export_id: string | null;
  idempotency_key: string | null;
  body_hash: string | null;
}

export interface RightsTables {
  rights_decision: RightsDecisionTable;
}
