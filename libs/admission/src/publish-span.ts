import { PATTERN_QUEUE } from '@dawsos/contracts';
import { currentTraceparent, traceContext, type PiiFilter } from '@dawsos/observability';
import { SpanKind } from '@opentelemetry/api';

/** W3C trace context of the publishing span: what the job's metadata carries. */
export interface PublishContext {
  readonly traceparent: string | null;
}

/** Runs `publish` inside the span `publish patterns`, whose context the job carries. */
export type TracePublish = <T>(runId: string, publish: (context: PublishContext) => Promise<T>) => Promise<T>;

/**
 * The producer span of a submission. It is made here and not where the jobs are added, because jobs of many
 * submissions are added by one call, while each has its own trace.
 */
export function createTracePublish(pii: PiiFilter, messagingSystem: string): TracePublish {
  return (runId, publish) =>
    traceContext(
      `publish ${PATTERN_QUEUE}`,
      pii.attributes({
        'messaging.system': messagingSystem,
        'messaging.operation.name': 'publish',
        'messaging.operation.type': 'send',
        'messaging.destination.name': PATTERN_QUEUE,
        'messaging.message.id': runId,
      }),
      () => publish({ traceparent: currentTraceparent() ?? null }),
      { kind: SpanKind.PRODUCER },
    );
}
