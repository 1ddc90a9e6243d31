import type * as PinoPretty from 'pino-pretty';
import { context, trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import type { FilteredFields, Literal } from './filtered';
import { carriedAttributes } from './tracing/run-context';

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

export interface LoggerOptions {
  readonly level?: LogLevel;
  /** Coloured lines for a terminal in place of JSON. */
  readonly pretty?: boolean;
  /** On each line, such as `service`: constants of the process, never a client's data. */
  readonly base?: Readonly<Record<string, string>>;
  /** Where lines go; standard output without. */
  readonly destination?: DestinationStream;
  /** Called for each line at `warn` or above. */
  readonly onProblem?: (level: 'warn' | 'error', message: string) => void;
}

const traceFields = (): Record<string, unknown> => {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined) return {};
  const runId = carriedAttributes(context.active())?.['run_id'];
  const ids = { trace_id: span.traceId, span_id: span.spanId };
  return runId === undefined ? ids : { ...ids, run_id: runId };
};

const adapt = (lines: Pino, onProblem: LoggerOptions['onProblem']): Logger => ({
  debug: (message, fields) => lines.debug(fields ?? {}, message),
  info: (message, fields) => lines.info(fields ?? {}, message),
  warn(message, fields) {
    lines.warn(fields ?? {}, message);
    onProblem?.('warn', message);
  },
  error(message, fields) {
    lines.error(fields ?? {}, message);
    onProblem?.('error', message);
  },
  child: (fields) => adapt(lines.child(fields), onProblem),
});

const prettyDestination = (): DestinationStream => {
  // Loaded only where a person reads along.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where it is used
  const { build } = require('pino-pretty') as typeof PinoPretty;
  return build({
    colorize: true,
    ignore: 'pid,hostname,service,environment',
    translateTime: 'SYS:HH:MM:ss.l',
    sync: true,
  });
};

/** A logger that writes to standard output, or to `destination`. */
export const createLogger = (options: LoggerOptions = {}): Logger => {
  const destination = options.destination ?? (options.pretty === true ? prettyDestination() : undefined);
  const settings = {
    level: options.level ?? 'info',
    base: options.base ?? {},
    messageKey: 'msg',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: traceFields,
  };
  return adapt(destination === undefined ? pino(settings) : pino(settings, destination), options.onProblem);
};

/** A logger for tests and for parts that must not speak: it drops every line. */
export const createSilentLogger = (): Logger => {
  const silent: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
    child: () => silent,
  };
  return silent;
};
