export type {
  Accepted,
  NewRun,
  Outcome,
  PackAwaited,
  PreviousAttempt,
  RunExecution,
  RunFilter,
  RunGate,
  Runs,
  RunJob,
  RunPage,
  RunResult,
  StartedRun,
  StepUpdate,
} from './run-types';
export { createRuns, type RunsOptions } from './runs';
export { createRunExecution, type RunExecutionOptions } from './execution';
export { createRunWatch, type AttemptEnd, type RunWatch, type RunWatchOptions } from './run-watch';
export { createSweeper, type Sweeper, type SweeperOptions } from './sweeper';
export {
  createPackWait,
  type AwaitingAnswer,
  type AwaitingQuestion,
  type PackWait,
  type PackWaitOptions,
} from './pack-wait';
export { pruneRuns, type RetentionOptions } from './prune';
export { createStepTraceStore } from './step-trace-store';
export { createRunSpanKeeper, type RunSpanKeeper, type RunSpanKeeperOptions } from './run-span-keeper';
export { createRunSpanStore, type RunSpanStore } from './run-spans';
export { runNotFound } from './run-not-found';
export { isRunId } from './run-reads';
export { createWorkerVitalsStore, type WorkerVitalsStore } from './worker-vitals';
export { explainRun } from './explain/explain-run';
export { gatherFacts } from './explain/gather-facts';
export type { AttemptFacts, RunFacts, UsualTime, WorkerFacts } from './explain/facts';
