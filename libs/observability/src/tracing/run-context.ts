import { context, createContextKey, type AttributeValue, type Context } from '@opentelemetry/api';

/** Attributes that every span of a run carries, and those of its step and agent spans. Exact names: dashboards use them. */
export const CONTEXT_ATTRIBUTES = [
  'pricing_pack_id',
  'ledger_commit_hash',
  'pattern_id',
  'request_id',
  'user_id',
  'run_id',
] as const;
export type ContextAttribute = (typeof CONTEXT_ATTRIBUTES)[number];
export type ContextAttributes = Readonly<Record<string, AttributeValue>>;

/**
 * Shared by the spans below one point of a trace: what is added later reaches all spans that start after it. One
 * object a run, so nothing leaks to the next job on the same worker.
 */
interface Carried {
  readonly attributes: Record<string, AttributeValue>;
}

const CARRIED = createContextKey('dawsos context attributes');

export const carriedAttributes = (from: Context): ContextAttributes | undefined => {
  const carried = from.getValue(CARRIED);
  return isCarried(carried) ? carried.attributes : undefined;
};

const isCarried = (value: unknown): value is Carried =>
  typeof value === 'object' && value !== null && 'attributes' in value;

/** A context whose spans carry `attributes` and those that `from` carries already. */
export const carrying = (attributes: ContextAttributes, from: Context = context.active()): Context =>
  from.setValue(CARRIED, { attributes: { ...carriedAttributes(from), ...attributes } });

/** Adds to what the active context carries; false when it carries nothing, so that there is nothing to add to. */
export const addToCarried = (attributes: ContextAttributes): boolean => {
  const carried = context.active().getValue(CARRIED);
  if (!isCarried(carried)) return false;
  Object.assign(carried.attributes, attributes);
  return true;
};
