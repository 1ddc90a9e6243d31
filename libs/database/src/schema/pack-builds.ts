import type { ColumnType, Generated } from 'kysely';

type DateText = ColumnType<string, string, string>;
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type Json = ColumnType<unknown, string, string>;

export interface PackBuildsTable {
  build_id: string;
  /** Null: the newest day that has prices. */
  asof_date: ColumnType<string | null, string | null, string | null>;
  policy: string;
  restate_reason: string | null;
  wanted: Generated<unknown>;
  requested_by: string;
  idempotency_key: string | null;
  body_hash: string | null;
  request_id: string | null;
  traceparent: string | null;
  state: Generated<'queued' | 'running' | 'succeeded' | 'failed'>;
  /** The fencing number: only the attempt that holds it writes. */
  attempts: Generated<number>;
  pack_id: string | null;
  created: boolean | null;
  phase: 'reading' | 'reconciling' | 'writing' | null;
  rows_done: Generated<number>;
  rows_total: number | null;
  error_code: string | null;
  error_detail: ColumnType<unknown, string | null, string | null>;
  last_event: Generated<number>;
  created_at: Generated<Date>;
  started_at: Timestamp | null;
  updated_at: Generated<Date>;
  /** When it is looked at for a missing job; a retry waits until then. */
  next_check: Generated<Date>;
  finished_at: Timestamp | null;
  /** What it is to be made from; null: left to the builder. */
  ledger_commit_hash: string | null;
  sources: string | null;
}

export interface PackBuildEventsTable {
  build_id: string;
  seq: number;
  type: string;
  data: Json;
  created_at: Generated<Date>;
}

/** What a pack's rows come from, source by source. */
export interface PackSourcesTable {
  pack_id: string;
  source: string;
  price_count: number;
  rate_count: number;
  first_date: DateText;
  last_date: DateText;
}

export interface PackBuildTables {
  pack_builds: PackBuildsTable;
  pack_build_events: PackBuildEventsTable;
  pack_sources: PackSourcesTable;
}
