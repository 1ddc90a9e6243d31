import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  type SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
} from '@opentelemetry/api';
import type { FilteredAttributes, FilteredText, Literal } from '../filtered';
import { hasTrail, withTrail } from '../errors/breadcrumbs';
import { addToCarried, carrying, CONTEXT_ATTRIBUTES } from './run-context';

/** Attributes that can hold no client's data, so they need no filter to compile. They are filtered at export all the same. */
export interface SafeAttributes {
  readonly pricing_pack_id?: string | undefined;
  readonly ledger_commit_hash?: string | undefined;
  readonly pattern_id?: string | undefined;
  readonly request_id?: string | undefined;
  readonly run_id?: string | undefined;
  /** The pseudonym: `pii.pseudonym(id)`. */
  readonly user_id?: FilteredText | undefined;
  readonly step_index?: number | undefined;
  readonly capability?: string | undefined;
  readonly agent_name?: string | undefined;
  readonly agent_version?: string | undefined;
  readonly attempt?: number | undefined;
  readonly cached?: boolean | undefined;
  readonly queue?: string | undefined;
}
export type TraceAttributes = SafeAttributes | FilteredAttributes;

/** What may be done to a span of ours: its attributes and events have been through the filter, or can hold no data. */
export interface SafeSpan {
  setAttributes(attributes: TraceAttributes): unknown;
  addEvent<N extends string>(name: Literal<N>, attributes?: FilteredAttributes): unknown;
  spanContext(): SpanContext;
}

export interface TraceOptions {
  readonly kind?: SpanKind;
  readonly links?: Link[];
}

const TRACER = '@dawsos/observability';
const NO_OPTIONS: TraceOptions = {};

const defined = (attributes: TraceAttributes): Attributes => {
  const kept: Attributes = {};
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) kept[key] = value;
  return kept;
};

const toCarry = (attributes: Attributes): Attributes => {
  const carried: Attributes = {};
  for (const name of CONTEXT_ATTRIBUTES) {
    const value = attributes[name];
    if (value !== undefined) carried[name] = value;
  }
  return carried;
};

const errorCode = (error: unknown): string => {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return error instanceof Error ? error.name : 'unknown';
};

/** Marks a span as failed. Only the error's code goes on it: messages may carry a client's data. */
export const addErrorAttributes = (error: unknown, span: Span | undefined = trace.getActiveSpan()): void => {
  const code = errorCode(error);
  span?.setAttribute('error.type', code);
  span?.setStatus({ code: SpanStatusCode.ERROR, message: code });
};

/**
 * Runs `fn` inside a new span, which ends when `fn` does; a failure marks it and is thrown on. Attributes of the run
 * (pack, ledger commit, pattern, request, user, run) are carried on to every span below, auto-instrumented ones too.
 */
export async function traceContext<T, N extends string>(
  name: Literal<N> | FilteredText,
  attributes: TraceAttributes,
  fn: (span: SafeSpan) => T | Promise<T>,
  options: TraceOptions = NO_OPTIONS,
): Promise<T> {
  const own = defined(attributes);
  const carried = carrying(toCarry(own));
  const inside = hasTrail(carried) ? carried : withTrail(carried);
  const span = trace.getTracer(TRACER).startSpan(name, { ...options, attributes: own }, inside);
  try {
    return await context.with(trace.setSpan(inside, span), fn, undefined, span);
  } catch (error) {
    addErrorAttributes(error, span);
    throw error;
  } finally {
    span.end();
  }
}

/** Puts attributes on the active span and on every span that starts below it from now on. */
export const addContextAttributes = (attributes: TraceAttributes): void => {
  const own = defined(attributes);
  trace.getActiveSpan()?.setAttributes(own);
  addToCarried(toCarry(own));
};

export const addPatternAttributes = (pattern: {
  readonly pattern_id: string;
  readonly pricing_pack_id?: string | undefined;
  readonly ledger_commit_hash?: string | undefined;
}): void => addContextAttributes(pattern);

export const addAgentAttributes = (agent: {
  readonly agent_name: string;
  readonly capability: string;
}): void => {
  trace.getActiveSpan()?.setAttributes({ agent_name: agent.agent_name, capability: agent.capability });
};

/** The active span in the form of the W3C header, or undefined outside a trace. */
export const currentTraceparent = (): string | undefined => {
  const active = trace.getActiveSpan()?.spanContext();
  if (active === undefined || !isSpanContextValid(active)) return undefined;
  return `00-${active.traceId}-${active.spanId}-${active.traceFlags.toString(16).padStart(2, '0')}`;
};

export const currentTraceId = (): string | undefined => {
  const active = trace.getActiveSpan()?.spanContext();
  return active !== undefined && isSpanContextValid(active) ? active.traceId : undefined;
};

export interface RemoteContext {
  readonly traceparent?: string | undefined;
}

/** The context that a W3C header names, ready to carry a run's attributes; a broken header gives a new trace. */
export const remoteContext = (remote: RemoteContext, from: Context = ROOT_CONTEXT): Context => {
  const headers: Record<string, string> = {};
  if (remote.traceparent !== undefined) headers['traceparent'] = remote.traceparent;
  return withTrail(carrying({}, propagation.extract(from, headers)));
};

/** Runs `fn` as a continuation of a trace that another process began. */
export const withRemoteContext = <T>(remote: RemoteContext, fn: () => T): T =>
  context.with(remoteContext(remote), fn);
