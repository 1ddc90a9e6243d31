import { setTimeout as delay } from 'node:timers/promises';

/** Lets at most so many calls a minute begin, evenly spaced, in the order in which they came. */
export interface RateLimit {
  /** Resolves when it is this call's turn. */
  turn(signal: AbortSignal): Promise<void>;
  /** Nobody's turn comes before `milliseconds` have passed: the server asked for it. */
  pause(milliseconds: number): void;
}

const MINUTE_MS = 60_000;

export function createRateLimit(requestsPerMinute: number, now: () => number): RateLimit {
  const spacing = MINUTE_MS / requestsPerMinute;
  let next = -Infinity;
  return {
    async turn(signal) {
      const at = Math.max(now(), next);
      next = at + spacing;
      const wait = at - now();
      if (wait > 0) await delay(wait, undefined, { signal });
    },
    pause(milliseconds) {
      next = Math.max(next, now() + milliseconds);
    },
  };
}
