import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { TracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { SpanKind } from 'bullmq';
import { createJobTelemetry, jobMetadata } from './telemetry';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const SECRET = 'jane.doe@example.com';

let ended: ReadableSpan[] = [];
const keepEnded: SpanProcessor = {
  onStart: () => undefined,
  onEnd: (span) => void ended.push(span),
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [keepEnded] }));
});
beforeEach(() => {
  ended = [];
});
afterAll(() => {
  trace.disable();
  propagation.disable();
  context.disable();
});

describe("a job's metadata", () => {
  it('is its trace context, or nothing without a trace', () => {
    expect(jobMetadata(null)).toBeUndefined();
    expect(jobMetadata(TRACEPARENT)).toBe(`{"traceparent":"${TRACEPARENT}"}`);
  });
});

/** As BullMQ 6.7 goes about a job (`utils.trace` and `Worker.processJob`). */
function attempt(metadata: string | undefined, outcome: 'completed' | 'failed'): ReadableSpan {
  const { tracer, contextManager } = createJobTelemetry('patterns', 'bullmq');
  const active = contextManager.active();
  const parent = metadata === undefined ? active : contextManager.fromMetadata(active, metadata);
  const span = tracer.startSpan('process patterns', { kind: SpanKind.CONSUMER }, parent);
  contextManager.with(span.setSpanOnContext(parent), () => {
    span.setAttributes({
      'bullmq.queue.name': 'patterns',
      'bullmq.job.name': SECRET,
      'bullmq.job.id': 'run-1',
    });
    span.setAttribute('bullmq.job.failed.reason', SECRET);
    if (outcome === 'failed') {
      span.addEvent('job failed', { 'bullmq.job.failed.reason': SECRET });
      span.recordException(new Error(SECRET));
    } else span.addEvent('job completed', { 'bullmq.job.result': JSON.stringify({ name: SECRET }) });
    span.end();
  });
  const finished = ended.pop();
  if (finished === undefined) throw new Error('no span');
  return finished;
}

describe("an attempt's span", () => {
  it('continues the trace that the metadata names', () => {
    const span = attempt(jobMetadata(TRACEPARENT), 'completed');
    expect(span.spanContext().traceId).toBe(TRACE_ID);
    expect(span.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  });

  it.each(['{', '[]', '{"traceparent":5}', '{"traceparent":"nonsense"}', ''])(
    'begins a trace of its own where the metadata are %j',
    (metadata) => {
      const span = attempt(metadata, 'completed');
      expect(span.parentSpanContext).toBeUndefined();
      expect(span.spanContext().traceId).not.toBe(TRACE_ID);
    },
  );

  it.each(['completed', 'failed'] as const)('of a %s job has ids only', (outcome) => {
    const { name, attributes, events, status } = attempt(undefined, outcome);
    expect(attributes).toEqual({
      'messaging.system': 'bullmq',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'patterns',
      'messaging.message.id': 'run-1',
    });
    expect(JSON.stringify({ name, attributes, events, status })).not.toContain(SECRET);
  });

  it('is an error where the job failed, and only there', () => {
    expect(attempt(undefined, 'failed').status).toEqual({ code: SpanStatusCode.ERROR });
    expect(attempt(undefined, 'completed').status.code).toBe(SpanStatusCode.UNSET);
  });

  it("is the only one: BullMQ's own upkeep opens none", () => {
    const { tracer } = createJobTelemetry('patterns', 'bullmq');
    for (const kind of [SpanKind.INTERNAL, SpanKind.PRODUCER]) tracer.startSpan('upkeep', { kind }).end();
    expect(ended).toEqual([]);
  });
});
