import { noJitterGenerator } from 'cockatiel';

export interface BackoffPolicy {
  readonly firstMs: number;
  readonly longestMs: number;
  /**
   * `half`: uniform between half of the delay and all of it, for what many do at once and none should do at once again.
   * `full`: uniform between nothing and the delay.
   */
  readonly jitter: 'none' | 'half' | 'full';
}

/**
 * The delay before retry number `retry` (0 is the first): doubled each time up to the longest. A function of the number
 * alone, since attempts are counted in the database too, where the process that made the last one may be gone.
 */
export function backoffMs(policy: BackoffPolicy, retry: number, random: () => number = Math.random): number {
  const { firstMs: initialDelay, longestMs: maxDelay, jitter } = policy;
  const options = { initialDelay, maxDelay, exponent: 2, generator: noJitterGenerator };
  const [delay] = noJitterGenerator(retry, options);
  switch (jitter) {
    case 'none':
      return delay;
    case 'half':
      return Math.round(delay * (0.5 + random() / 2));
    case 'full':
      return random() * delay;
  }
}
