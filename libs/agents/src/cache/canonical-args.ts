import { canonicalJson, type JsonObject, type JsonValue, type Sha256Hex, sha256Hex } from '@dawsos/contracts';

const texts = new WeakMap<object, string>();

/**
 * Hash of the canonical JSON of a step's arguments. Results of earlier steps are frozen and shared between runs,
 * so their text is written once: of portfolio_overview's cached run, writing it anew took half the time.
 */
export function hashArgs(args: JsonObject): Sha256Hex {
  const members = Object.keys(args)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${textOf(args[key] ?? null)}`);
  return sha256Hex(`{${members.join(',')}}`);
}

function textOf(value: JsonValue): string {
  if (value === null || typeof value !== 'object' || !Object.isFrozen(value)) return canonicalJson(value);
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = canonicalJson(value);
  texts.set(value, text);
  return text;
}
