import {
  addContextAttributes,
  remoteContext,
  untracedContext,
  withSpanId,
  type TraceAttributes,
} from '@dawsos/observability';
import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span as OtelSpan,
} from '@opentelemetry/api';
import {
  SpanKind as BullSpanKind,
  type ContextManager,
  type Span,
  type Telemetry,
  type Tracer,
} from 'bullmq';
import { z } from 'zod';

const MetadataSchema = z.object({ traceparent: z.string().optional() });

/** The trace context of a job as its metadata carries it: there before a worker can see the job. */
export function jobMetadata(traceparent: string | null): string | undefined {
  return traceparent === null ? undefined : JSON.stringify({ traceparent });
}

/**
 * BullMQ's telemetry interface on OpenTelemetry, for workers: one span `process QUEUE` an attempt, child of the
 * publishing span. What bullmq-otel does and this does not: it puts no return value, failure text or job name on
 * spans (they are the client's data), opens none for BullMQ's own upkeep (fetching, stalled checks, moving jobs, and
 * the Redis commands below: they drown a trace, and metrics say how the queue is), and marks a failed attempt's span as an error, for which BullMQ's
 * interface has no word.
 */
export function createJobTelemetry(queue: string, messagingSystem: string): Telemetry<Context> {
  const tracer = trace.getTracer('@dawsos/queue');
  return {
    tracer: {
      startSpan(name, options, parent) {
        if (options?.kind !== BullSpanKind.CONSUMER) return NO_SPAN;
        const attributes = processAttributes(queue, messagingSystem);
        return consumerSpan(
          tracer.startSpan(name, { kind: SpanKind.CONSUMER, attributes }, parent ?? ROOT_CONTEXT),
        );
      },
    } satisfies Tracer<Context>,
    contextManager: {
      with: (active, fn) => context.with(active, fn) as never,
      active: () => context.active(),
      root: () => ROOT_CONTEXT,
      getMetadata: () => '',
      fromMetadata: (active, metadata) => fromMetadata(metadata) ?? active,
    } satisfies ContextManager<Context>,
  };
}

function processAttributes(queue: string, messagingSystem: string): Attributes {
  return {
    'messaging.system': messagingSystem,
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': queue,
  };
}

export interface LostAttempt {
  readonly queue: string;
  readonly jobId: string;
  readonly startedAt: Date;
  /** The trace context of the span that a dead worker began and never ended: the one recorded takes its place, under its id. */
  readonly spanTraceparent: string | null;
  /** The trace context of the publishing span, as the job carried it. */
  readonly traceparent: string | null;
  /** What the run carries on each of its spans. */
  readonly attributes: TraceAttributes;
}

/**
 * A worker that was killed never ends its span, so the trace would hide the attempt and orphan what it did. Whoever
 * takes the job over records the span in its stead, failed, from the start of that attempt until now.
 */
export function recordLostAttempt(lost: LostAttempt): void {
  if (lost.traceparent === null) return;
  const parent = remoteContext({ traceparent: lost.traceparent });
  const tracer = trace.getTracer('@dawsos/queue');
  const attributes = {
    ...processAttributes(lost.queue, 'bullmq'),
    ...lost.attributes,
    'messaging.message.id': lost.jobId,
    'error.type': 'lock_lost',
  };
  const span = context.with(parent, () => {
    addContextAttributes(lost.attributes);
    const options = { kind: SpanKind.CONSUMER, startTime: lost.startedAt, attributes };
    return withSpanId(spanIdOf(lost.spanTraceparent), () =>
      tracer.startSpan(`process ${lost.queue}`, options, parent),
    );
  });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'lock_lost' });
  span.end();
}

/** Links the active span, an attempt's, to the attempt before it. */
export function linkAttempt(before: string | null): void {
  if (before === null) return;
  const spanContext = trace.getSpanContext(remoteContext({ traceparent: before }));
  if (spanContext !== undefined) trace.getActiveSpan()?.addLink({ context: spanContext });
}

/** Jobs' spans that are not to be recorded. */
const left = new WeakSet<OtelSpan>();

/**
 * Does not record the active span of a job: whoever took the job over records it as a lost attempt, and ended here as
 * well it would be in the trace twice; or there was nothing to attempt, and a job that is delivered again and again
 * must not fill the trace.
 */
export function leaveAttemptSpan(): void {
  const span = trace.getActiveSpan();
  if (span !== undefined) left.add(span);
}

function spanIdOf(traceparent: string | null): string | undefined {
  return traceparent === null ? undefined : trace.getSpanContext(remoteContext({ traceparent }))?.spanId;
}

function fromMetadata(metadata: string): Context | undefined {
  try {
    return remoteContext(MetadataSchema.parse(JSON.parse(metadata)));
  } catch {
    return undefined;
  }
}

function consumerSpan(span: OtelSpan): Span<Context> {
  const setAttribute = (key: string, value: unknown): void => {
    if (key === 'bullmq.job.id' && typeof value === 'string')
      span.setAttribute('messaging.message.id', value);
  };
  const fail = (): void => void span.setStatus({ code: SpanStatusCode.ERROR });
  return {
    // What BullMQ itself does around the job makes no spans; the job does again (job-worker.ts).
    setSpanOnContext: (on) => untracedContext(trace.setSpan(on, span)),
    setAttribute,
    setAttributes: (attributes) =>
      Object.entries(attributes).forEach(([key, value]) => setAttribute(key, value)),
    addEvent: (name) => {
      if (name === 'job failed') fail();
    },
    recordException: fail,
    end() {
      if (!left.has(span)) span.end();
    },
  };
}

const NO_SPAN: Span<Context> = {
  setSpanOnContext: (on) => on,
  setAttribute: () => undefined,
  setAttributes: () => undefined,
  addEvent: () => undefined,
  recordException: () => undefined,
  end: () => undefined,
};
