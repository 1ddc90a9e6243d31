import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
/** Any JSON value. One schema for all uses: it is recursive, and documents name it once. */
export const JsonValueSchema = z.json();
export type JsonObject = { readonly [key: string]: JsonValue };

/** RFC 8785 JSON: equal values give equal bytes. */
export function canonicalJson(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('the value has no JSON form');
  return text;
}

export type Sha256Hex = string & { readonly __brand: 'Sha256Hex' };

export function sha256Hex(data: string | Uint8Array): Sha256Hex {
  return createHash('sha256').update(data).digest('hex') as Sha256Hex;
}

/** SHA-256 over the canonical JSON of `value`. */
export function contentHash(value: JsonValue): Sha256Hex {
  return sha256Hex(canonicalJson(value));
}
