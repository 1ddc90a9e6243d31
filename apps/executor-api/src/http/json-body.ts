import { DawsosError, LONGEST_POINTER_PART, MOST_FIELD_ERRORS, type FieldError } from '@dawsos/contracts';

export interface JsonBounds {
  readonly depth: number;
  /** Members of objects and elements of arrays, all together. */
  readonly members: number;
}

/** Far beyond any request of ours, far below what makes a parser or a recursive schema work hard. */
export const JSON_BOUNDS: JsonBounds = { depth: 32, members: 20_000 };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * JSON from bytes: UTF-8 only, within the bounds, without what would poison a prototype (`__proto__` as a key)
 * and without text that the database or a hash cannot take (NUL, half a surrogate pair).
 * @throws DawsosError `malformed_json` with line and column; `invalid_request`
 */
export function parseJsonBody(bytes: Uint8Array, bounds: JsonBounds = JSON_BOUNDS): unknown {
  requireBounds(bytes, bounds);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new DawsosError('malformed_json', `The body is not JSON${placeOf(error)}.`);
  }
  const errors: FieldError[] = [];
  collectHostile(value, '', errors);
  if (errors.length > 0)
    throw new DawsosError('invalid_request', 'The body holds what is not allowed.', { errors });
  return value;
}

/** Counts before anything is built: one pass over the bytes, no recursion. */
function requireBounds(bytes: Uint8Array, bounds: JsonBounds): void {
  let depth = 0;
  let members = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
      continue;
    }
    if (byte === QUOTE) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > bounds.depth) throw tooMuch(`nests deeper than ${String(bounds.depth)} levels`);
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    else if (byte === 0x2c) {
      members += 1;
      if (members > bounds.members) throw tooMuch(`has more than ${String(bounds.members)} members`);
    }
  }
}

function tooMuch(what: string): DawsosError {
  return new DawsosError('invalid_request', `The body ${what}.`, { errors: [{ pointer: '', detail: what }] });
}

/** V8 gives the place in its message, beside text of the body, which stays out of ours. */
function placeOf(error: unknown): string {
  const found = error instanceof SyntaxError ? /\(line (\d+) column (\d+)\)/.exec(error.message) : null;
  return found === null ? '' : ` (line ${found[1] ?? ''}, column ${found[2] ?? ''})`;
}

/** Stops at the most errors that an answer has; a pointer holds the beginnings of keys, which may be long. */
function collectHostile(value: unknown, pointer: string, errors: FieldError[]): void {
  if (errors.length >= MOST_FIELD_ERRORS) return;
  if (typeof value === 'string') {
    const detail = faultOfText(value);
    if (detail !== undefined) errors.push({ pointer, detail });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (errors.length >= MOST_FIELD_ERRORS) return;
      collectHostile(item, `${pointer}/${String(index)}`, errors);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (errors.length >= MOST_FIELD_ERRORS) return;
      const at = `${pointer}/${escapePointer(key.slice(0, LONGEST_POINTER_PART))}`;
      const detail = key === '__proto__' ? 'is not an allowed name' : faultOfText(key);
      if (detail === undefined) collectHostile(member, at, errors);
      else errors.push({ pointer: at.toWellFormed().replaceAll('\0', ''), detail });
    }
  }
}

function faultOfText(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the character U+0000';
  return text.isWellFormed() ? undefined : 'must not contain half of a surrogate pair';
}

/** RFC 6901. */
export function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
