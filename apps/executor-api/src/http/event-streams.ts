import { DawsosError } from '@dawsos/contracts';

/** The event streams that are open, bounded per principal: each holds a connection and reads the database. */
export interface EventStreams {
  /** @throws DawsosError `rate_limited`. The returned function gives the place back. */
  take(principalId: string): () => void;
}

const RETRY_SECONDS = 5;

export function createEventStreams(mostPerPrincipal: number): EventStreams {
  const open = new Map<string, number>();
  return {
    take(principalId) {
      const count = open.get(principalId) ?? 0;
      if (count >= mostPerPrincipal) {
        throw new DawsosError(
          'rate_limited',
          `More than ${String(mostPerPrincipal)} event streams at once.`,
          {
            retryAfterSeconds: RETRY_SECONDS,
          },
        );
      }
      open.set(principalId, count + 1);
      return () => {
        const left = (open.get(principalId) ?? 1) - 1;
        if (left === 0) open.delete(principalId);
        else open.set(principalId, left);
      };
    },
  };
}
