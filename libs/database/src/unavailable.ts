import { isNativeError } from 'node:util/types';
import { DawsosError } from '@dawsos/contracts';

/** Node's codes of a connection that could not be made or was lost. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * SQLSTATEs after which a later try may succeed: connection exceptions (08), a transaction to be tried again
 * (40), lack of resources such as connections or disk (53), a lock that was not to be had (55P03), a statement
 * cancelled by its timeout or a server shutting down (57), input/output errors (58), and a standby (25006).
 */
const UNAVAILABLE_SQLSTATES = /^(08...|40...|53...|57...|58...|55P03|25006|25P03)$/;

/** What pg and its pool say without a code. */
const UNAVAILABLE_MESSAGES =
  /^(Connection terminated|timeout e(xceeded|xpired)|Query read timeout|Client (was closed|has encountered a connection error)|Cannot use a pool after calling end)/;

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** True when the database could not be reached or could not serve now, false when the statement itself is wrong. */
export function isStoreUnavailable(error: unknown): boolean {
  if (!isNativeError(error)) return false;
  // a host of several addresses gives one error an address
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.some(isStoreUnavailable);
  const code = codeOf(error);
  if (code !== undefined) return NETWORK_CODES.has(code) || UNAVAILABLE_SQLSTATES.test(code);
  return UNAVAILABLE_MESSAGES.test(error.message);
}

/** Runs `work`, and turns "the database is not there" into one error that callers know. @throws DawsosError `store_unavailable` */
export async function withStore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
    throw new DawsosError('store_unavailable', 'The database did not answer; try again shortly.', {
      cause: error,
      retryAfterSeconds: 1,
    });
  }
}
