import { randomUUID } from 'node:crypto';
import type { DestinationStream } from 'pino';
import { leaveBreadcrumb } from './errors/breadcrumbs';
import {
  createErrorTracking,
  createNoErrorTracking,
  type CaptureDetails,
  type SentryOptions,
} from './errors/error-tracking';
import type { FilteredFields, Literal } from './filtered';
import { createLogger, type Logger, type LogLevel } from './logger';
import type { MetricsRegistry } from './metrics-registry';
import { createMetricsRegistry } from './metrics/create-metrics-registry';
import { createPiiFilter, type PiiOptions, type ReportingPiiFilter } from './pii/filter';
import { routeDiagnostics } from './tracing/diagnostics';
import type { RunSpan } from './tracing/span-processors';
import { startTracing } from './tracing/tracing';
import { settlesWithin } from './within';

export interface ObservabilityOptions {
  readonly serviceName: string;
  readonly serviceVersion?: string | undefined;
  readonly environment?: string | undefined;
  readonly instanceId?: string | undefined;
  readonly otlpEndpoint?: string | undefined;
  readonly otlpHeaders?: string | undefined;
  readonly sampleRatio?: number | undefined;
  readonly instrument?: boolean | undefined;
  readonly onRunSpan?: ((span: RunSpan) => void) | undefined;
  readonly sentry?: SentryOptions | undefined;
  readonly pii?: PiiOptions | undefined;
  readonly logLevel?: LogLevel | undefined;
  readonly prettyLogs?: boolean | undefined;
  readonly logDestination?: DestinationStream | undefined;
  readonly processMetrics?: boolean | undefined;
}

export interface Observability {
  readonly logger: Logger;
  readonly pii: ReportingPiiFilter;
  readonly metrics: MetricsRegistry;
  /** Reports an error, once: the same error again, rethrown or retried, is not sent twice. */
  captureException(error: unknown, details?: CaptureDetails): void;
  /** Notes what led here, for the next error of this request or job. */
  addBreadcrumb<M extends string>(message: Literal<M>, data?: FilteredFields): void;
  /** Sends what waits, within the bound, and turns telemetry off. Never throws. */
  shutdown(timeoutMs?: number): Promise<void>;
}

const SHUTDOWN_TIMEOUT_MS = 5_000;

/**
 * Starts tracing, metrics, error tracking and the logger, in this order. Call it before express, ioredis, pg and
 * http are loaded, since they are instrumented as they load. With nothing configured it costs next to nothing:
 * Sentry, the OTLP exporter and the instrumentations are loaded only where they are used.
 */
export const setupObservability = (options: ObservabilityOptions): Observability => {
  const service = {
    name: options.serviceName,
    version: options.serviceVersion ?? '0.0.0',
    environment: options.environment ?? 'development',
  };
  const pii = createPiiFilter(options.pii);
  const metrics = createMetricsRegistry({
    serviceName: service.name,
    serviceVersion: service.version,
    processMetrics: options.processMetrics ?? true,
  });
  const logger = createLogger({
    level: options.logLevel ?? 'info',
    pretty: options.prettyLogs ?? false,
    base: { service: service.name, environment: service.environment },
    ...(options.logDestination === undefined ? {} : { destination: options.logDestination }),
  });
  const stopDiagnostics = routeDiagnostics(logger, pii);
  const tracing = startTracing({
    ...options,
    serviceName: service.name,
    serviceVersion: service.version,
    environment: service.environment,
    instanceId: options.instanceId ?? randomUUID(),
    pii,
  });
  const errors =
    options.sentry === undefined
      ? createNoErrorTracking()
      : createErrorTracking(options.sentry, service, pii);
  const off = [
    ...(options.otlpEndpoint === undefined ? ['trace export'] : []),
    ...(options.sentry === undefined ? ['error tracking'] : []),
  ];
  if (off.length > 0) logger.info('telemetry that is off', pii.fields({ off: off.join(', ') }));

  return {
    logger,
    pii,
    metrics,
    captureException: (error, details) => errors.capture(error, details),
    addBreadcrumb: (message, data) => leaveBreadcrumb(message, data),
    async shutdown(timeoutMs = SHUTDOWN_TIMEOUT_MS) {
      await Promise.all([tracing.shutdown(timeoutMs), settlesWithin(errors.flush(timeoutMs), timeoutMs)]);
      stopDiagnostics();
    },
  };
};
