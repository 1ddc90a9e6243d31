import type * as SentryModule from '@sentry/node';
import { context, diag, trace } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { ErrorEvent, Event, EventHint } from '@sentry/node';
import type { FilteredFields, FilteredText, PiiFilter } from '../filtered';
import { tellableMessages, withoutQuoted } from '../pii/error-message';
import { carriedAttributes } from '../tracing/run-context';
import { boundedRequestsTo } from './bounded-requests';
import { takeBreadcrumbs } from './breadcrumbs';

export interface SentryOptions {
  readonly dsn: string;
  /** The share of errors that is sent, 0 to 1. */
  readonly sampleRate?: number | undefined;
}

export interface CaptureDetails {
  readonly context?: FilteredFields | undefined;
  readonly tags?: Readonly<Record<string, FilteredText>> | undefined;
}

/** Sends errors somewhere, or nowhere. */
export interface ErrorTracking {
  capture(error: unknown, details?: CaptureDetails): void;
  flush(timeoutMs: number): Promise<void>;
}

export const createNoErrorTracking = (): ErrorTracking => ({
  capture: () => undefined,
  flush: () => Promise.resolve(),
});

/** Everything off that Sentry 11 collects by default; the filter goes over what is left. */
const NOTHING_COLLECTED = {
  userInfo: false,
  cookies: false,
  httpHeaders: { request: false, response: false },
  httpBodies: [],
  urlQueryParams: false,
  graphQL: { document: false, variables: false },
  genAI: { inputs: false, outputs: false },
  mcp: { inputs: false, outputs: false },
  databaseQueryData: false,
  queues: false,
  stackFrameVariables: false,
  frameContextLines: 0,
};

const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** The event with each part of it filtered: nothing that Sentry, or an integration, adds gets past. */
export const filterEvent = <E extends Event>(event: E, pii: PiiFilter): E => {
  const { event_id, timestamp, level, platform, environment, release, sdk, fingerprint, contexts, ...rest } =
    event;
  const filtered = pii.fields(rest);
  const known = { event_id, timestamp, level, platform, environment, release, sdk, fingerprint };
  return {
    ...filtered,
    ...known,
    contexts: {
      ...pii.fields(contexts ?? {}),
      ...(contexts?.trace === undefined ? {} : { trace: contexts.trace }),
    },
  } as unknown as E;
};

const withTellableMessages = <E extends Event>(event: E, error: unknown): E => {
  const told = tellableMessages(error);
  const values = event.exception?.values?.map((exception) => {
    const { value } = exception;
    return value === undefined ? exception : { ...exception, value: told.get(value) ?? withoutQuoted(value) };
  });
  return values === undefined ? event : { ...event, exception: { values } };
};

const warnOfFailure = (reason: string): void => diag.warn(`Sentry did not take an error event: ${reason}`);

/**
 * Sentry without its own OpenTelemetry and without its default integrations: errors are captured where they are
 * handled, once, with the active trace; breadcrumbs belong to the run's context, so they cannot leak to the next job.
 */
export const createErrorTracking = (
  options: SentryOptions,
  service: { readonly name: string; readonly version: string; readonly environment: string },
  pii: PiiFilter,
): ErrorTracking => {
  // Half a second and 47 MB: only for those who configured it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where it is used
  const Sentry = require('@sentry/node') as typeof SentryModule;
  const captured = new WeakSet<object>();

  const beforeSend = (event: ErrorEvent, { originalException }: EventHint): ErrorEvent | null => {
    try {
      return filterEvent(withTellableMessages(event, originalException), pii);
    } catch {
      return null;
    }
  };
  const client = Sentry.init({
    dsn: options.dsn,
    transportOptions: { httpModule: boundedRequestsTo(options.dsn, warnOfFailure) },
    release: `${service.name}@${service.version}`,
    environment: service.environment,
    sampleRate: options.sampleRate ?? 1,
    serverName: service.name,
    defaultIntegrations: [Sentry.linkedErrorsIntegration()],
    dataCollection: NOTHING_COLLECTED,
    enableOpenTelemetrySetup: false,
    enableRuntimeChannelInjection: false,
    skipOpenTelemetrySetup: true,
    sendClientReports: false,
    maxBreadcrumbs: 50,
    enableLogs: false,
    beforeSend,
    beforeBreadcrumb: (breadcrumb) => pii.fields(breadcrumb) as typeof breadcrumb,
    beforeSendLog: (log) => pii.fields(log) as unknown as typeof log,
    beforeSendMetric: (metric) => ({
      ...metric,
      ...(pii.fields({ attributes: metric.attributes ?? {} }) as object),
    }),
    beforeSendSpan: (span) => pii.fields(span) as unknown as typeof span,
  } as Parameters<typeof Sentry.init>[0]);

  const send = (error: unknown, code: string | undefined, details: CaptureDetails): void => {
    const span = trace.getActiveSpan()?.spanContext();
    const carried = carriedAttributes(context.active());
    Sentry.withScope((scope) => {
      if (code !== undefined) scope.setFingerprint([code]);
      scope.setTags({ ...(code === undefined ? {} : { error_code: code }), ...details.tags });
      if (carried !== undefined) scope.setContext('run', { ...carried });
      if (details.context !== undefined) scope.setContext('details', { ...details.context });
      if (span !== undefined) {
        scope.setTag('trace_id', span.traceId);
        scope.setContext('trace', { trace_id: span.traceId, span_id: span.spanId });
      }
      for (const breadcrumb of takeBreadcrumbs()) scope.addBreadcrumb(breadcrumb);
      // Sentry's own request is no part of the trace.
      context.with(suppressTracing(context.active()), () => Sentry.captureException(error));
    });
  };

  return {
    capture(error, details = {}) {
      if (typeof error === 'object' && error !== null) {
        if (captured.has(error)) return;
        captured.add(error);
      }
      try {
        send(error, codeOf(error), details);
      } catch {
        // Sentry reads errors as they come; one with a getter that throws, or a stack that is no text, it cannot.
        send(new Error('an error that cannot be read'), undefined, details);
      }
    },
    async flush(timeoutMs) {
      const sent = await client?.close(timeoutMs);
      if (sent === false) diag.warn('error events that had not been delivered at shutdown were given up');
    },
  };
};
