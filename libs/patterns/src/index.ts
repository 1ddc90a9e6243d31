export type { CapabilityCatalog, InvokeCapability, StepInvocation, StepResult } from '@dawsos/contracts';
export { watchPatterns, type WatchedPatterns, type WatchOptions } from './watch-patterns';
export { catalogOf, lintPattern, lintText, loadPatterns, parsePattern, type PatternCatalog } from './catalog';
export { formatFault, type PatternFault, type Position } from './fault';
export { parseInputs } from './inputs';
export type { PatternPlan, PlannedStep } from './plan';
export { CONTEXT_FACTS, type PatternContext } from './reference';
export { runPattern, type PatternResult, type RunPatternOptions, type StepProgress } from './run-pattern';
export { patternJsonSchema } from './schema';
