import { DawsosError } from '@dawsos/contracts';

/** What one principal holds at once of something that costs while it lasts, in this process. */
export interface Places {
  /** @throws DawsosError `rate_limited`. The returned function gives the place back. */
  take(principalId: string): () => void;
}

export interface PlacesOptions {
  /** As the RateLimit header names it. */
  readonly name: string;
  readonly most: number;
  /** In the plural: `event streams`. */
  readonly what: string;
}

const RETRY_SECONDS = 5;

export function createPlaces({ name, most, what }: PlacesOptions): Places {
  const open = new Map<string, number>();
  return {
    take(principalId) {
      const count = open.get(principalId) ?? 0;
      if (count >= most) {
        throw new DawsosError('rate_limited', `More than ${String(most)} ${what} at once.`, {
          retryAfterSeconds: RETRY_SECONDS,
          extensions: { limit: { name, quota: most } },
        });
      }
      open.set(principalId, count + 1);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const left = (open.get(principalId) ?? 1) - 1;
        if (left === 0) open.delete(principalId);
        else open.set(principalId, left);
      };
    },
  };
}
