import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
/** Any JSON value. One schema for all uses: it is recursive, and documents name it once. */
export const JsonValueSchema = z.json();
export type JsonObject = { readonly [key: string]: JsonValue };

/** RFC 8785 JSON: equal values give equal bytes. @throws TypeError on NaN, an infinity or what is no JSON */
export function canonicalJson(value: JsonValue): string {
  return plainText(value, 0) ?? foreignText(value);
}

/** Letters that stand for themselves between quotes: nearly all that results are made of. */
const PLAIN_LETTERS = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
/** What is nested deeper goes to the library, which does not recurse. */
const DEEPEST = 100;

/** The text of plain JSON; undefined where something in it takes more thought. A third of the library's time. */
function plainText(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') {
    if (PLAIN_LETTERS.test(value)) return `"${value}"`;
    return value.isWellFormed() ? JSON.stringify(value) : undefined;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : undefined;
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || depth > DEEPEST || 'toJSON' in value) return undefined;
  if (Array.isArray(value)) return arrayText(value, depth);
  let text = '{';
  for (const key of Object.keys(value).sort()) {
    const member: unknown = Reflect.get(value, key);
    if (member === undefined) continue;
    const [name, told] = [plainText(key, depth), plainText(member, depth + 1)];
    if (name === undefined || told === undefined) return undefined;
    text += text.length === 1 ? `${name}:${told}` : `,${name}:${told}`;
  }
  return `${text}}`;
}

function arrayText(items: readonly unknown[], depth: number): string | undefined {
  let text = '[';
  for (let index = 0; index < items.length; index += 1) {
    const told = plainText(items[index], depth + 1);
    if (told === undefined) return undefined;
    text += index === 0 ? told : `,${told}`;
  }
  return `${text}]`;
}

function foreignText(value: JsonValue): string {
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
