import { canonicalJson, type JsonValue, type Sha256Hex, sha256Hex } from '@dawsos/contracts';
import type { Directive, LedgerNumber, Meta } from '@dawsos/ledger';

const hashes = new WeakMap<Directive, Sha256Hex>();

/** Content hash of a directive with all that a capability can see of it, its place in the file included. */
export function directiveHash(directive: Directive): Sha256Hex {
  const known = hashes.get(directive);
  if (known !== undefined) return known;
  const hash = sha256Hex(canonicalJson(plain(directive)));
  hashes.set(directive, hash);
  return hash;
}

/** Metadata as canonical JSON sees it. */
export function plainMeta(meta: Meta): JsonValue {
  return plain(meta);
}

/** Maps become lists of pairs in key order, ledger numbers their text with trailing zeros. */
function plain(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (isLedgerNumber(value)) return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) {
    const pairs = [...(value as ReadonlyMap<string, unknown>)].sort(([a], [b]) => (a < b ? -1 : 1));
    return pairs.map(([key, member]) => [key, plain(member)]);
  }
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
  }
  throw new TypeError(`a directive cannot hold a ${typeof value}`);
}

function isLedgerNumber(value: unknown): value is LedgerNumber {
  return typeof value === 'object' && value !== null && 'scale' in value && 'toDecimal' in value;
}
