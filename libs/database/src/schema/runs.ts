import type { RunEventType, RunStatus, StepStatus } from '@dawsos/contracts';
import type { ColumnType, Generated } from 'kysely';

type Timestamp = ColumnType<Date, Date | string, Date | string>;
/** `json` in the database: parsed when read, text when written. */
type Json<T> = ColumnType<T, string, string>;

export interface RunTable {
  run_id: string;
  principal_id: string;
  /** `"*"` or the list of portfolios that the principal may see. */
  portfolios: Json<'*' | readonly string[]>;
  /** The keyed hash of what the client sent. */
  idempotency_key: string | null;
  body_hash: string;
  pattern_id: string;
  pattern_version: string;
  inputs: Json<unknown>;
  portfolio_id: string | null;
  /** What the pattern asked of a key when the run was accepted; null on runs of before that was kept. */
  required_permissions: string[] | null;
  /** Select it with `::text`. */
  asof_date: ColumnType<string, string, never>;
  pricing_pack_id: string;
  /** Null until a pack is ready that the run waits for. */
  pack_hash: string | null;
  pack_status: string;
  ledger_commit_hash: string;
  request_id: string;
  trace_id: string | null;
  traceparent: string | null;
  /** Which of its principal's open runs it was when it was accepted, from 1. */
  queue_place: Generated<number>;
  /** The steps as planned: what is not in run_step yet is pending. */
  plan: Json<unknown>;
  status: Generated<RunStatus>;
  /** Attempts started; the newest one's number is the fence of every write of a worker. */
  attempt: Generated<number>;
  /** The number of the run's newest event; 1 is `run.accepted`, which is this row. */
  last_seq: Generated<number>;
  created_at: Generated<Timestamp>;
  started_at: Timestamp | null;
  finished_at: Timestamp | null;
  /** What the request asked of the freshness gate. */
  gate_terms: Json<unknown> | null;
  /** What the gate found; null while the run waits for a pack. */
  freshness: Json<unknown> | null;
  /** From when the gate would refuse the result; null where age never does. */
  valid_until: Timestamp | null;
  /** The pack that the run waits for; null when it does not. */
  awaits_pack: string | null;
  awaits_until: Timestamp | null;
  /** The pack that it waited for when it was accepted. */
  awaited_pack: string | null;
  build_asked_at: Timestamp | null;
  /** The build that the run waits for. */
  repair: Json<unknown> | null;
  /** When the sweeper looks whether the run still has a job; null once the run has finished. */
  next_check: Generated<Timestamp | null>;
}

export interface RunAttemptTable {
  run_id: string;
  attempt: number;
  worker_id: string;
  started_at: Generated<Timestamp>;
  ended_at: Timestamp | null;
  /** Why it ended: an outcome's status, or the code of the error for which it was released. */
  ended_as: string | null;
  /** The W3C trace context of the attempt's span. */
  traceparent: string | null;
}

export interface RunStepTable {
  run_id: string;
  step_index: number;
  attempt: number;
  status: StepStatus;
  started_at: Timestamp | null;
  duration_ms: number | null;
  cached: boolean;
  error_code: string | null;
}

export interface RunEventTable {
  run_id: string;
  seq: number;
  type: RunEventType;
  at: Generated<Timestamp>;
  data: Json<unknown>;
}

export interface RunOutcomeTable {
  run_id: string;
  attempt: number;
  status: 'succeeded' | 'failed' | 'cancelled';
  /** Canonical JSON as text: the bytes themselves are the result. */
  data: string | null;
  data_hash: string | null;
  provenance: Json<unknown> | null;
  error: Json<unknown> | null;
  finished_at: Generated<Timestamp>;
}

export interface RunSpansTable {
  run_id: string;
  part: string;
  spans: Json<unknown>;
  created_at: Generated<Timestamp>;
}

/** The step cache: results by what they were computed from. */
export interface StepTraceTable {
  /** Hash of capability, agent version and arguments. */
  trace_key: string;
  /** Hash of the reads. */
  reads_hash: string;
  capability: string;
  agent_version: string;
  args_hash: string;
  reads: Json<unknown>;
  result: string;
  used_at: Generated<Timestamp>;
}

/** What each worker process last said of itself. */
export interface WorkerVitalsTable {
  worker_id: string;
  started_at: Generated<Timestamp>;
  reported_at: Generated<Timestamp>;
  /** Set by an orderly stop. */
  stopped_at: Timestamp | null;
  report: Json<unknown>;
}

export interface RunTables {
  run: RunTable;
  run_attempt: RunAttemptTable;
  run_step: RunStepTable;
  run_event: RunEventTable;
  run_outcome: RunOutcomeTable;
  run_spans: RunSpansTable;
  step_trace: StepTraceTable;
  worker_vitals: WorkerVitalsTable;
}
