import type { NewRun, RunJob } from './run-types';

/** The columns of a run that its job is made of. */
export interface JobRow {
  readonly run_id: string;
  readonly traceparent: string | null;
}

export function toJob(row: JobRow): RunJob {
  return {
    data: { run_id: row.run_id },
    traceparent: row.traceparent,
  };
}

/** The job of a run that is being accepted. */
export function jobOf(run: NewRun): RunJob {
  return {
    data: { run_id: run.runId },
    traceparent: run.traceparent,
  };
}
