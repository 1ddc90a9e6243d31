export {
  createRightsAudit,
  type AuditedRun,
  type DecisionEntry,
  type ExportedFile,
  type RightsAudit,
} from './audit';
export { decide, outcomeOf, type Block, type Decision, type RightsRequest } from './decision';
export { figureSources, sourcesOf, UNKNOWN_SOURCE } from './figure-sources';
export { blocksOf, createRightsGate, type FigureDecision, type GateDecision, type RightsGate } from './gate';
export { parseRegistry } from './parse-registry';
export {
  EXPORT_FORMATS,
  ExportFormatSchema,
  registryJsonSchema,
  type ExportFormat,
  type RightsRegistry,
  type SourceRights,
} from './registry';
export {
  rightsUsage,
  USAGE_PERIODS,
  USAGE_UNITS,
  UsagePeriodSchema,
  UsageRowSchema,
  UsageUnitSchema,
  type UsageQuery,
  type UsageRow,
} from './usage';
