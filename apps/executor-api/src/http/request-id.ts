import { createHmac, randomBytes, randomUUID } from 'node:crypto';

const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PSEUDONYM_DIGITS = 24;

export interface RequestId {
  /** In logs, traces, tables and bodies: a UUID, or the pseudonym of what the caller sent. */
  readonly kept: string;
  /** In the header of the answer: what the caller sent, when it is harmless there. */
  readonly echoed: string;
}

/**
 * A caller's `X-Request-Id` may be anything, an account number or a key too. A UUID is kept as it is; of all else a
 * pseudonym, the same for equal ids as long as the process runs, under a secret that nobody else has.
 */
export function createRequestIds(
  secret: Buffer = randomBytes(32),
): (header: string | undefined) => RequestId {
  return (header) => {
    if (header === undefined || !HARMLESS.test(header)) {
      const id = randomUUID();
      return { kept: id, echoed: id };
    }
    if (UUID.test(header)) return { kept: header.toLowerCase(), echoed: header };
    const digest = createHmac('sha256', secret).update(header).digest('hex');
    return { kept: `req_${digest.slice(0, PSEUDONYM_DIGITS)}`, echoed: header };
  };
}
