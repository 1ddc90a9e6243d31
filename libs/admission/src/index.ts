export { createCoalescer } from './coalesce';
export { createTracePublish, type PublishContext, type TracePublish } from './publish-span';
export type { LedgerReads, PackReads } from './readers';
export { requireDayThatCame } from './require-day';
export { createRecheckFreshness, type RecheckFreshness } from './recheck-freshness';
export {
  createIntake,
  type Intake,
  type IntakeDependencies,
  type Submitted,
  type SubmitRequest,
} from './submit';
