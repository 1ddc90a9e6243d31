import type { Attributes, AttributeValue } from '@opentelemetry/api';

/** The characters of all values remembered; beyond this many, all are forgotten and learnt anew. */
const MOST_LETTERS = 500_000;

/**
 * Remembers attributes that the filter left as they are: the spans of a run carry the same ones, and to look each up
 * takes a tenth of filtering them. Nothing that the filter changed or dropped is kept.
 */
export interface KnownAttributes {
  /** Those that must be filtered; undefined where all are known. */
  unknownOf(attributes: Attributes): Attributes | undefined;
  learn(attributes: Attributes, filtered: Attributes): void;
}

export const createKnownAttributes = (): KnownAttributes => {
  const valuesOf = new Map<string, Set<AttributeValue>>();
  let letters = 0;
  const isPlain = (value: unknown): value is string | number | boolean =>
    typeof value !== 'object' && value !== undefined;

  return {
    unknownOf(attributes) {
      let unknown: Attributes | undefined;
      for (const name in attributes) {
        const value = attributes[name];
        if (value !== undefined && valuesOf.get(name)?.has(value) === true) continue;
        unknown ??= {};
        unknown[name] = value;
      }
      return unknown;
    },
    learn(attributes, filtered) {
      if (letters > MOST_LETTERS) {
        valuesOf.clear();
        letters = 0;
      }
      for (const name in attributes) {
        const value = attributes[name];
        if (!isPlain(value) || filtered[name] !== value) continue;
        const values = valuesOf.get(name);
        if (values === undefined) valuesOf.set(name, new Set([value]));
        else values.add(value);
        letters += name.length + String(value).length;
      }
    },
  };
};
