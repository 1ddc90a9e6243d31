import { context, ROOT_CONTEXT, SpanStatusCode, type Attributes, type Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { FilteredAttributes, PiiFilter } from '../filtered';
import { statusCodeOnly, withoutForeignData } from './foreign-attributes';
import { createKnownAttributes, type KnownAttributes } from './known-attributes';
import { carriedAttributes } from './run-context';

const done = (): Promise<void> => Promise.resolve();

/** Copies what the context carries onto each span that starts in it. */
export const createContextProcessor = (): SpanProcessor => ({
  onStart(span, parentContext) {
    const carried = carriedAttributes(parentContext);
    if (carried !== undefined) for (const name in carried) span.setAttribute(name, carried[name]);
  },
  onEnd: () => undefined,
  forceFlush: done,
  shutdown: done,
});

const replaceAll = (attributes: Attributes, pii: PiiFilter, known?: KnownAttributes): void => {
  withoutForeignData(attributes);
  if (known?.haveAll(attributes) === true) return;
  const filtered = pii.attributes(attributes);
  const original = { ...attributes };
  for (const key of Object.keys(attributes)) if (!(key in filtered)) delete attributes[key];
  Object.assign(attributes, filtered);
  known?.learn(original, filtered);
};

/** Filters a span while it ends, before any exporter sees it: name, attributes, events, links, status. */
export const createFilterProcessor = (pii: PiiFilter): SpanProcessor => {
  const known = createKnownAttributes();
  return {
    onStart: () => undefined,
    onEnding(span: Span) {
      replaceAll(span.attributes, pii, known);
      const named = { 'span name': span.name };
      if (!known.haveAll(named)) {
        const name = pii.text(span.name);
        known.learn(named, { 'span name': name });
        if (name !== span.name) span.updateName(name);
      }
      for (const event of span.events) {
        event.name = pii.text(event.name);
        if (event.attributes !== undefined) replaceAll(event.attributes, pii);
      }
      for (const link of span.links) if (link.attributes !== undefined) replaceAll(link.attributes, pii);
      const { message } = span.status;
      if (message !== undefined) span.status.message = pii.text(statusCodeOnly(message, span.attributes));
    },
    onEnd: () => undefined,
    forceFlush: done,
    shutdown: done,
  };
};

/** A finished span of a run, filtered, as it is kept with the run. */
export interface RunSpan {
  readonly runId: string | undefined;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
  readonly startUnixNano: bigint;
  readonly durationNano: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly attributes: FilteredAttributes;
  readonly service: string;
}

const KINDS = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
const STATUS = {
  [SpanStatusCode.UNSET]: 'unset',
  [SpanStatusCode.OK]: 'ok',
  [SpanStatusCode.ERROR]: 'error',
} as const;
const TRACES_REMEMBERED = 10_000;

/**
 * Hands the finished spans of runs to `onRunSpan`. A trace belongs to a run from the first span in it that carries a
 * run's attributes, so the request's own span, which ends later, is kept as well.
 */
export const createRunSpanTap = (
  service: string,
  pii: PiiFilter,
  onRunSpan: (span: RunSpan) => void,
): SpanProcessor => {
  const runOfTrace = new Map<string, string | undefined>();
  const note = (traceId: string, runId: string | undefined): void => {
    if (runOfTrace.size >= TRACES_REMEMBERED && !runOfTrace.has(traceId)) {
      const oldest = runOfTrace.keys().next();
      if (oldest.done !== true) runOfTrace.delete(oldest.value);
    }
    runOfTrace.set(traceId, runId ?? runOfTrace.get(traceId));
  };
  const runIdOf = (span: ReadableSpan): string | undefined => {
    const own = span.attributes['run_id'];
    return typeof own === 'string' ? own : undefined;
  };
  return {
    onStart(span: Span, parentContext: Context) {
      const carried = carriedAttributes(parentContext);
      if (carried !== undefined && 'pattern_id' in carried) note(span.spanContext().traceId, runIdOf(span));
    },
    onEnd(span) {
      const { traceId, spanId } = span.spanContext();
      const runId = runIdOf(span);
      if (runId !== undefined) note(traceId, runId);
      else if (!runOfTrace.has(traceId)) return;
      const kept: RunSpan = {
        runId: runId ?? runOfTrace.get(traceId),
        traceId,
        spanId,
        parentSpanId: span.parentSpanContext?.spanId,
        name: span.name,
        kind: KINDS[span.kind] ?? 'INTERNAL',
        startUnixNano: BigInt(span.startTime[0]) * 1_000_000_000n + BigInt(span.startTime[1]),
        durationNano: span.duration[0] * 1e9 + span.duration[1],
        status: STATUS[span.status.code],
        attributes: pii.attributes(span.attributes),
        service,
      };
      // What is done to keep a span belongs to no trace, least of all to the span's own.
      context.with(ROOT_CONTEXT, () => onRunSpan(kept));
    },
    forceFlush: done,
    shutdown: done,
  };
};
