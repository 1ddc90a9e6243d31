import type { Attributes, AttributeValue } from '@opentelemetry/api';

/** Pairs remembered; beyond it all are forgotten and learnt anew. */
const MOST = 5_000;
const LONGEST = 200;

/**
 * Remembers attributes that the filter left as they are: the spans of a run carry the same ones, and to look each up
 * takes a tenth of filtering them. Nothing that the filter changed or dropped is kept.
 */
export interface KnownAttributes {
  haveAll(attributes: Attributes): boolean;
  learn(attributes: Attributes, filtered: Attributes): void;
}

export const createKnownAttributes = (): KnownAttributes => {
  const valuesOf = new Map<string, Set<AttributeValue>>();
  let size = 0;
  const isPlain = (value: unknown): value is string | number | boolean =>
    typeof value === 'string' ? value.length <= LONGEST : typeof value !== 'object' && value !== undefined;

  return {
    haveAll(attributes) {
      for (const name in attributes) {
        const value = attributes[name];
        if (value === undefined || valuesOf.get(name)?.has(value) !== true) return false;
      }
      return true;
    },
    learn(attributes, filtered) {
      if (size > MOST) {
        valuesOf.clear();
        size = 0;
      }
      for (const name in attributes) {
        const value = attributes[name];
        if (!isPlain(value) || filtered[name] !== value) continue;
        const values = valuesOf.get(name);
        if (values === undefined) valuesOf.set(name, new Set([value]));
        else values.add(value);
        size += 1;
      }
    },
  };
};
