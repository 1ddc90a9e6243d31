import type { NewRun, RunJob } from './run-types';

/** The columns of a run that its job is made of. */
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

/** The job of a run that is being accepted. */
export function jobOf(run: NewRun): RunJob {
  return {
    data: { run_id: run.runId, pattern_id: run.patternId, request_id: run.requestId },
    traceparent: run.traceparent,
    tracestate: run.tracestate,
  };
}
