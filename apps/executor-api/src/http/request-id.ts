import { randomUUID } from 'node:crypto';

const VALID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The caller's `X-Request-Id` when it is harmless in a log and a header, else a new UUID. */
export function requestIdOf(header: string | undefined): string {
  return header !== undefined && VALID.test(header) ? header : randomUUID();
}
