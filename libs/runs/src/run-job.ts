import type { NewRun, RunJob } from './run-types';

/** The columns of a run that its job is made of. */
export interface JobRow {
  readonly run_id: string;
  readonly traceparent: string | null;
  readonly queue_place: number;
}

export function toJob(row: JobRow): RunJob {
  return {
    data: { run_id: row.run_id },
    place: row.queue_place,
    traceparent: row.traceparent,
  };
}

/** A run that is being accepted, and which of its principal's open runs it is. */
export interface PlacedRun {
  readonly run: NewRun;
  readonly place: number;
}

/** The job of a run that is being accepted. */
export function jobOf({ run, place }: PlacedRun): RunJob {
  return {
    data: { run_id: run.runId },
    place,
    traceparent: run.traceparent,
  };
}
