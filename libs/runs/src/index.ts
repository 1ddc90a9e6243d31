export type {
  Accepted,
  NewRun,
  Outcome,
  RunExecution,
  RunFilter,
  RunIntake,
  RunPage,
  StartedRun,
  StepUpdate,
} from './run-store';
