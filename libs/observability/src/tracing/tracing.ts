import type * as Instrumentation from './instrumentation';
import type * as OtlpExporter from '@opentelemetry/exporter-trace-otlp-proto';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  createAlwaysRecordSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { PiiFilter } from '../filtered';
import {
  createContextProcessor,
  createFilterProcessor,
  createRunSpanTap,
  type RunSpan,
} from './span-processors';

export interface TracingOptions {
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly environment: string;
  readonly instanceId: string;
  /** The collector's base address, such as http://localhost:4318; nothing is exported without. */
  readonly otlpEndpoint?: string | undefined;
  /** `name=value,name=value`, as in OTEL_EXPORTER_OTLP_HEADERS. */
  readonly otlpHeaders?: string | undefined;
  /** The share of new traces that is exported, 0 to 1; a caller's own decision is kept. */
  readonly sampleRatio?: number | undefined;
  /** Express, http, ioredis and pg; on by default where spans go anywhere. */
  readonly instrument?: boolean | undefined;
  /** Gets each finished span of a run, filtered, sampled or not. It must not throw and should only collect. */
  readonly onRunSpan?: ((span: RunSpan) => void) | undefined;
  readonly pii: PiiFilter;
}

export interface Tracing {
  shutdown(timeoutMs: number): Promise<void>;
}

const parseHeaders = (headers: string | undefined): Record<string, string> =>
  Object.fromEntries(
    (headers ?? '')
      .split(',')
      .map((pair) => pair.split('='))
      .filter(([name, value]) => name !== undefined && name.trim() !== '' && value !== undefined)
      .map(([name, ...value]) => [String(name).trim(), decodeURIComponent(value.join('=').trim())]),
  );

export const tracesUrl = (endpoint: string): string =>
  /\/v1\/traces\/?$/.test(endpoint) ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/traces`;

/** Bounded: at most 8,192 spans wait; what comes while the collector hangs is dropped and costs nothing. */
const createExport = (endpoint: string, headers: string | undefined): SpanProcessor => {
  const { OTLPTraceExporter } =
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where it is used
    require('@opentelemetry/exporter-trace-otlp-proto') as typeof OtlpExporter;
  return new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({
      url: tracesUrl(endpoint),
      headers: parseHeaders(headers),
      timeoutMillis: 5_000,
      concurrencyLimit: 2,
    }),
    maxQueueSize: 8_192,
    maxExportBatchSize: 512,
    scheduledDelayMillis: 1_000,
    exportTimeoutMillis: 6_000,
  });
};

const createSampler = (ratio: number, recordAll: boolean): Sampler => {
  const sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  return recordAll ? createAlwaysRecordSampler(sampler) : sampler;
};

/** Starts the process's one tracer provider and, where spans go anywhere, the auto-instrumentation. */
export const startTracing = (options: TracingOptions): Tracing => {
  const { pii, onRunSpan, otlpEndpoint } = options;
  const processors: SpanProcessor[] = [createContextProcessor(), createFilterProcessor(pii)];
  if (onRunSpan !== undefined) processors.push(createRunSpanTap(options.serviceName, pii, onRunSpan));
  if (otlpEndpoint !== undefined) processors.push(createExport(otlpEndpoint, options.otlpHeaders));
  const isRead = onRunSpan !== undefined || otlpEndpoint !== undefined;

  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.serviceName,
      'service.version': options.serviceVersion,
      'service.instance.id': options.instanceId,
      'deployment.environment.name': options.environment,
    }),
    sampler: createSampler(isRead ? (options.sampleRatio ?? 1) : 0, onRunSpan !== undefined),
    spanLimits: { attributeValueLengthLimit: 2_048, eventCountLimit: 32, linkCountLimit: 32 },
    spanProcessors: processors,
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  const stopInstrumentation =
    (options.instrument ?? isRead)
      ? // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where it is used
        (require('./instrumentation') as typeof Instrumentation).instrument(provider)
      : () => undefined;

  return {
    async shutdown(timeoutMs) {
      await settleWithin(provider.forceFlush({ timeoutMillis: timeoutMs }), timeoutMs);
      await settleWithin(provider.shutdown(), timeoutMs);
      stopInstrumentation();
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
};

/** Waits for `work` to end, well or not, but no longer than the bound. */
export const settleWithin = async (work: Promise<unknown>, timeoutMs: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([
    work.then(
      () => undefined,
      () => undefined,
    ),
    late,
  ]);
  clearTimeout(timer);
};
