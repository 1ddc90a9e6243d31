import type { RunJob } from './run-store';

/** What of a run's row its job is made of. */
export interface JobRow {
  readonly run_id: string;
  readonly pattern_id: string;
  readonly request_id: string;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
}

export function toJob(row: JobRow): RunJob {
  return {
    data: { run_id: row.run_id, pattern_id: row.pattern_id, request_id: row.request_id },
    traceparent: row.traceparent,
    tracestate: row.tracestate,
  };
}
