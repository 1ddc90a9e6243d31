import { DawsosError } from '@dawsos/contracts';
import { parseItem } from 'structured-headers';

const LONGEST = 255;
const VISIBLE = /^[\x21-\x7e]+$/;

/**
 * The key of an `Idempotency-Key` header: a quoted structured string (`"8e03978e"`), or the same bare.
 * @throws DawsosError `invalid_idempotency_key`
 */
export function parseIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  const text = header.trim();
  const key = text.startsWith('"') ? unquote(text) : text;
  if (key === undefined || key.length > LONGEST || !VISIBLE.test(key)) {
    throw new DawsosError(
      'invalid_idempotency_key',
      `Idempotency-Key must be 1 to ${String(LONGEST)} visible characters, in quotes: Idempotency-Key: "8e03978e-40d5"`,
    );
  }
  return key;
}

function unquote(text: string): string | undefined {
  try {
    const item: unknown = parseItem(text);
    const value: unknown = Array.isArray(item) ? item[0] : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
