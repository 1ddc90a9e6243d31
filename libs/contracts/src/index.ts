export { addDays, daysBetween, isIsoDate, isoDate, IsoDateSchema, weekday, type IsoDate } from './iso-date';
export { Decimal, decimalText, DecimalTextSchema, ONE, parseDecimal, ZERO } from './decimal';
export { Money } from './money';
export {
  PortfolioSummarySchema,
  PriceGapSchema,
  PriceGapsSchema,
  type PortfolioSummary,
  type PriceGap,
  type PriceGaps,
} from './price-gap';
export { pick } from './pick';
export { fillPlaceholders, placeholdersOf, type Placeholder } from './placeholder';
export {
  canonicalJson,
  contentHash,
  JsonValueSchema,
  sha256Hex,
  type JsonObject,
  type JsonValue,
  type Sha256Hex,
} from './json';
export { ERROR_CODES, isErrorCode, type ErrorCode, type ErrorCodeEntry } from './error-codes';
export { errorCodeReference } from './error-reference';
export { LONGEST_POINTER_PART, MOST_FIELD_ERRORS, shortened, type FieldError } from './bounded-errors';
export { DawsosError, isDawsosError, toDawsosError, type DawsosErrorOptions } from './error';
export { PROBLEM_MEDIA_TYPE, ProblemSchema, toProblem, type Problem } from './problem';
export {
  LOCAL_PRINCIPAL,
  mayReadRun,
  maySeePortfolio,
  missingPermissions,
  PermissionSchema,
  SCOPES,
  ScopeSchema,
  type Principal,
  type RunAccess,
  type RunReader,
  type Scope,
} from './principal';
export {
  AcceptedRunSchema,
  ExecuteRequestSchema,
  LedgerRefSchema,
  PackIdSchema,
  PatternIdSchema,
  PortfolioIdSchema,
  type AcceptedRun,
  type ExecuteRequest,
  type ExecuteRequestBody,
} from './execute';
export type { CapabilityCatalog, InvokeCapability, StepInvocation, StepResult } from './invocation';
export {
  PACK_QUEUE,
  NewestPackJobSchema,
  PackJobSchema,
  PackQueueJobSchema,
  PATTERN_QUEUE,
  PatternJobSchema,
  type PackJob,
  type PackQueueJob,
  type PatternJob,
} from './job';
export {
  ProvenanceSchema,
  ReadSchema,
  SkippedStepSchema,
  StepRecordSchema,
  type Provenance,
  type Read,
  type SkippedStep,
  type StepRecord,
} from './reads';
export {
  AwaitingPackSchema,
  FINAL_RUN_STATUSES,
  isFinal,
  RUN_EVENT_TYPES,
  RUN_STATUSES,
  RunEventSchema,
  RunEventTypeSchema,
  RunSchema,
  RunStatusSchema,
  RunStepSchema,
  STEP_STATUSES,
  StepStatusSchema,
  type Run,
  type RunEvent,
  type RunEventType,
  type RunStatus,
  type RunStep,
  type StepStatus,
} from './run';
export {
  PanelSchema,
  PatternDefinitionSchema,
  PatternInputSchema,
  PatternStepSchema,
  PresentationSchema,
  type Panel,
  type PanelColumn,
  type PanelFormat,
  type PatternDefinition,
  type PatternInput,
  type PatternStep,
  type Presentation,
} from './pattern-definition';
export { isComplete } from './completeness';
export { MEASUREMENT_INPUTS } from './measurement-inputs';
export {
  PACK_STATUSES,
  PackStatusSchema,
  PackSummarySchema,
  type PackStatus,
  type PackSummary,
} from './pack';
export {
  isBuildOver,
  PACK_BUILD_EVENT_TYPES,
  PACK_BUILD_PHASES,
  PACK_BUILD_STATES,
  PackBuildEventSchema,
  PackBuildEventTypeSchema,
  PackBuildPhaseSchema,
  PackBuildRequestSchema,
  PackBuildSchema,
  PackBuildStateSchema,
  PackPolicySchema,
  WantedQuoteSchema,
  type PackBuild,
  type PackBuildEvent,
  type PackBuildEventType,
  type PackBuildPhase,
  type PackBuildRequest,
  type PackBuildState,
  type WantedQuote,
} from './pack-build';
export {
  GateTermsSchema,
  NeededQuoteSchema,
  RepairOrderSchema,
  RunFreshnessSchema,
  type GateTerms,
  type RepairOrder,
  type RunFreshness,
} from './freshness';
export type { StepTrace, StepTraceStore } from './step-trace';
export {
  JOB_STATES,
  RUN_CAUSES,
  RunCauseSchema,
  RunExplanationSchema,
  RunFindingSchema,
  type JobState,
  type RunCause,
  type RunExplanation,
  type RunFinding,
} from './explanation';
export { WorkerReportSchema, type WorkerReport } from './worker-report';
export { formatNumber } from './number-format';
export { currencyExponent, FIXED_PARTS, isNationalCurrency, type FixedPart } from './iso-4217';
export { digitCount, ROUNDING, shrink, tenTo, type Rounding } from './rounding';
