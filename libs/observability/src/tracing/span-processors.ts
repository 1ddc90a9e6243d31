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

/** In place, since the SDK hands the span itself on. Each attribute is filtered by itself, so known ones are left out. */
const replaceAll = (attributes: Attributes, pii: PiiFilter, known: KnownAttributes): void => {
  const unknown = known.unknownOf(attributes);
  if (unknown === undefined) return;
  const mended = { ...unknown };
  withoutForeignData(mended, attributes);
  const filtered = pii.attributes(mended);
  for (const name of Object.keys(unknown)) if (!(name in filtered)) delete attributes[name];
  Object.assign(attributes, filtered);
  known.learn(mended, filtered);
};

const SPAN_NAME = 'span name';

/** Filters a span while it ends, before any exporter sees it: name, attributes, events, links, status. */
export const createFilterProcessor = (pii: PiiFilter): SpanProcessor => {
  const known = createKnownAttributes();
  const filterName = (span: Span): void => {
    const named = { [SPAN_NAME]: span.name };
    if (known.unknownOf(named) === undefined) return;
    const name = pii.text(span.name);
    known.learn(named, { [SPAN_NAME]: name });
    if (name !== span.name) span.updateName(name);
  };
  return {
    onStart: () => undefined,
    onEnding(span: Span) {
      replaceAll(span.attributes, pii, known);
      filterName(span);
      for (const event of span.events) {
        event.name = pii.text(event.name);
        if (event.attributes !== undefined) replaceAll(event.attributes, pii, known);
      }
      for (const link of span.links)
        if (link.attributes !== undefined) replaceAll(link.attributes, pii, known);
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
  /** Decimal digits, as in OTLP's JSON. */
  readonly startUnixNano: string;
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
 * run's attributes, so the request's own span, which ends later, is kept as well. Stands behind the filter's processor,
 * which has been over the span while it ended.
 */
export const createRunSpanTap = (service: string, onRunSpan: (span: RunSpan) => void): SpanProcessor => {
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
        startUnixNano: `${String(span.startTime[0])}${String(span.startTime[1]).padStart(9, '0')}`,
        durationNano: span.duration[0] * 1e9 + span.duration[1],
        status: STATUS[span.status.code],
        attributes: span.attributes as FilteredAttributes,
        service,
      };
      // What is done to keep a span belongs to no trace, least of all to the span's own.
      context.with(ROOT_CONTEXT, () => onRunSpan(kept));
    },
    forceFlush: done,
    shutdown: done,
  };
};
