export type {
  Filtered,
  FilteredAttributes,
  FilteredFields,
  FilteredText,
  Literal,
  PiiFilter,
} from './filtered';
export {
  createLogger,
  createSilentLogger,
  LOG_LEVELS,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from './logger';
export { httpMetrics } from './metrics/http-metrics';
export type { MetricsRegistry } from './metrics-registry';
export { METRICS, type MetricDefinition } from './metrics/catalogue';
export { createMetricsRegistry, type MetricsOptions } from './metrics/create-metrics-registry';
export {
  serveOperations,
  type CheckResult,
  type OperationsOptions,
  type OperationsServer,
} from './operations';
export { isOperationsPath } from './operations-path';
export { metricReference, traceReference } from './reference';
export { SPAN_ATTRIBUTES, SPANS, type SpanAttribute, type SpanDefinition } from './tracing/catalogue';
export { createPiiFilter, type PiiOptions, type ReportingPiiFilter } from './pii/filter';
export type { PiiFinding } from './pii/report';
export { defineRule, type Rule, type RuleAction, type RuleOptions } from './pii/rule';
export { DEFAULT_RULES } from './pii/rules/table';
export { setupObservability, type Observability, type ObservabilityOptions } from './setup';
export type { CaptureDetails, SentryOptions } from './errors/error-tracking';
export { CONTEXT_ATTRIBUTES, type ContextAttribute } from './tracing/run-context';
export type { RunSpan } from './tracing/span-processors';
export { tracedContext, untracedContext, withoutTracing } from './tracing/suppression';
export { withSpanId } from './tracing/span-id';
export {
  addAgentAttributes,
  addContextAttributes,
  addErrorAttributes,
  addPatternAttributes,
  currentTraceId,
  currentTraceparent,
  remoteContext,
  traceContext,
  withRemoteContext,
  type RemoteContext,
  type SafeAttributes,
  type SafeSpan,
  type TraceAttributes,
  type TraceOptions,
} from './tracing/trace-context';
