import { DawsosError, LOCAL_PRINCIPAL, type Principal } from '@dawsos/contracts';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const WINDOW_SECONDS = 60;
const FAILED_KEYS_A_MINUTE = 20;
/** The one user of a loopback socket has nobody to crowd out; the bound is against a loop gone wild. */
const LOCAL_FACTOR = 100;

export interface RateLimits {
  /**
   * Counts a request of a principal and returns the headers that tell where it stands.
   * @throws DawsosError `rate_limited`
   */
  countRequest(principal: Principal): Promise<Readonly<Record<string, string>>>;
  /**
   * Counts a request without a valid key by its peer's address; a valid key is never held up by it, so that
   * nobody can lock out others behind the same proxy.
   * @throws DawsosError `rate_limited`
   */
  countFailedKey(address: string): Promise<void>;
}

/** Counted in this process. The peer's address is the socket's: X-Forwarded-For can be made up. */
export function createRateLimits(requestsPerMinute: number): RateLimits {
  const limiterOf = (points: number) => new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  const requests = limiterOf(requestsPerMinute);
  const localRequests = limiterOf(requestsPerMinute * LOCAL_FACTOR);
  const failedKeys = limiterOf(FAILED_KEYS_A_MINUTE);

  return {
    async countRequest(principal) {
      const limiter = principal === LOCAL_PRINCIPAL ? localRequests : requests;
      const { allowed, result } = await consume(limiter, principal.id);
      const secondsLeft = Math.ceil(result.msBeforeNext / 1000);
      if (!allowed) {
        throw new DawsosError('rate_limited', `More than ${String(limiter.points)} requests a minute.`, {
          retryAfterSeconds: secondsLeft,
        });
      }
      return {
        'RateLimit-Policy': `"default";q=${String(limiter.points)};w=${String(WINDOW_SECONDS)}`,
        RateLimit: `"default";r=${String(result.remainingPoints)};t=${String(secondsLeft)}`,
      };
    },
    async countFailedKey(address) {
      const { allowed, result } = await consume(failedKeys, address);
      if (allowed) return;
      throw new DawsosError('rate_limited', 'Too many requests without a valid key.', {
        retryAfterSeconds: Math.ceil(result.msBeforeNext / 1000),
      });
    },
  };
}

async function consume(
  limiter: RateLimiterMemory,
  key: string,
): Promise<{ readonly allowed: boolean; readonly result: RateLimiterRes }> {
  try {
    return { allowed: true, result: await limiter.consume(key) };
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return { allowed: false, result: refusal };
    throw refusal;
  }
}
