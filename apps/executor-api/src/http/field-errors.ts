import { DawsosError, LONGEST_POINTER_PART, MOST_FIELD_ERRORS, type FieldError } from '@dawsos/contracts';
import type { z } from 'zod';
import { escapePointer } from './json-body';

/** zod's issues as JSON pointers into what was sent. */
export function fieldErrors(error: z.ZodError): readonly FieldError[] {
  return error.issues.slice(0, MOST_FIELD_ERRORS).flatMap(fieldErrorsOf).slice(0, MOST_FIELD_ERRORS);
}

function fieldErrorsOf(issue: z.core.$ZodIssue): readonly FieldError[] {
  const pointer = pointerTo(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MOST_FIELD_ERRORS).map((key) => ({
      pointer: `${pointer}/${escapePointer(key.slice(0, LONGEST_POINTER_PART))}`,
      detail: 'is not a field of this request',
    }));
  }
  return [{ pointer, detail: issue.message.replace(/^Invalid input: /, '') }];
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${escapePointer(String(part).slice(0, LONGEST_POINTER_PART))}`).join('');
}

/**
 * Parses what a client sent.
 * @throws DawsosError `invalid_request` with a pointer for each fault
 */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error);
  const list = errors.map(({ pointer, detail }) => `${pointer === '' ? 'it' : pointer} ${detail}`).join('; ');
  throw new DawsosError('invalid_request', `The ${what} is not valid: ${list}.`, { errors });
}
