export type {
  Filtered,
  FilteredAttributes,
  FilteredFields,
  FilteredText,
  Literal,
  PiiFilter,
} from './filtered';
export { LOG_LEVELS, type Logger, type LogLevel } from './logger';
export type { MetricsRegistry } from './metrics-registry';
