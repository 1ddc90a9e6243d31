import type { JobState, Run, WorkerReport } from '@dawsos/contracts';

/** One worker process, as it last reported itself. */
export interface WorkerFacts {
  readonly workerId: string;
  readonly startedAt: Date;
  readonly reportedAt: Date;
  /** Null unless it stopped in order. */
  readonly stoppedAt: Date | null;
  readonly report: WorkerReport;
}

export interface AttemptFacts {
  readonly attempt: number;
  readonly workerId: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  /** An outcome's status, or the code of the error that ended it. */
  readonly endedAs: string | null;
}

/** How long a step of this version of the pattern took in past runs that computed it. */
export interface UsualTime {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly runs: number;
}

/** All that is known of a run when it is asked about; `now` is the database's clock, as all other times of it are. */
export interface RunFacts {
  readonly now: Date;
  readonly run: Run;
  readonly job: JobState;
  /** When the sweeper looks after the run next; null once it has finished. */
  readonly nextCheck: Date | null;
  /** Runs that wait and came earlier. */
  readonly ahead: number;
  readonly attempts: readonly AttemptFacts[];
  /** Those that reported lately, and those that held an attempt of the run. */
  readonly workers: readonly WorkerFacts[];
  /** By step index. */
  readonly usual: ReadonlyMap<number, UsualTime>;
}

/** Three reports missed. */
export const SILENT_AFTER_MS = 15_000;

export function isAlive(worker: WorkerFacts, now: Date): boolean {
  return worker.stoppedAt === null && now.getTime() - worker.reportedAt.getTime() < SILENT_AFTER_MS;
}

export function workerOf(facts: RunFacts, attempt: AttemptFacts): WorkerFacts | undefined {
  return facts.workers.find(({ workerId }) => workerId === attempt.workerId);
}
