import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const PREFIX = 'dawsos_';
const SECRET_BYTES = 32;
const KEY_FORM = /^dawsos_[A-Za-z0-9_-]{43}$/;

/** A key as its owner holds it: a prefix that secret scanners know, then 256 bits of the system's random source. */
export function generateApiKey(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

/** Whether `text` has the form of a key; says nothing about whether it is one. */
export function hasApiKeyForm(text: string): boolean {
  return KEY_FORM.test(text);
}

/** SHA-256 of the key, hex. A fast hash is enough: with 256 random bits there is nothing to guess. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex');
}

/** Compares two hex digests in a time that does not depend on where they differ. */
export function digestsEqual(one: string, other: string): boolean {
  const left = Buffer.from(one, 'hex');
  const right = Buffer.from(other, 'hex');
  return left.length === right.length && timingSafeEqual(left, right);
}
