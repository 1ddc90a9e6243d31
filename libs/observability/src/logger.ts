import type { FilteredFields, Literal } from './filtered';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** JSON log lines with trace_id and span_id. The message is a constant; what varies goes, filtered, into fields. */
export interface Logger {
  debug<M extends string>(message: Literal<M>, fields?: FilteredFields): void;
  info<M extends string>(message: Literal<M>, fields?: FilteredFields): void;
  warn<M extends string>(message: Literal<M>, fields?: FilteredFields): void;
  error<M extends string>(message: Literal<M>, fields?: FilteredFields): void;
  child(fields: FilteredFields): Logger;
}
