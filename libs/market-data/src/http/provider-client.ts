import { setTimeout as delay } from 'node:timers/promises';
import { isDawsosError, type DawsosError } from '@dawsos/contracts';
import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { backoffMs } from '@dawsos/resilience';
import { createAnswerCache, type SizedAnswer } from './answer-cache';
import { fetchAnswer, unavailable, type AnswerRequest } from './fetch-answer';
import type { ProviderClientOptions } from './provider-options';
import { createRateLimit } from './rate-limit';

/** One provider over HTTP: rate limit, timeout, byte cap, retries with backoff, circuit breaker, cache. */
export interface ProviderClient {
  /**
   * The JSON of an answer, numbers as the text that was sent.
   * @throws DawsosError `source_unavailable` (no answer, 429, 5xx, open circuit; retryable), `source_refused` (other
   * statuses, and redirects, which would carry the key elsewhere), `source_malformed` (no JSON, or too large)
   */
  get(path: string, query: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<unknown>;
  readonly circuit: 'closed' | 'open';
}

export function createProviderClient(options: ProviderClientOptions): ProviderClient {
  const {
    source,
    retries = 3,
    firstRetryMs = 500,
    longestWaitMs = 30_000,
    breakAfter = 5,
    halfOpenAfterMs = 30_000,
    now = () => performance.now(),
    random = Math.random,
  } = options;
  const limit = createRateLimit(options.requestsPerMinute, now);
  const cache = createAnswerCache(options.cacheMs ?? 15 * 60_000, now);
  // A refusal is the provider at work: it neither opens the circuit nor is it worth another try.
  const isFault = (error: unknown): boolean => isDawsosError(error) && error.code === 'source_unavailable';
  const breaker = circuitBreaker(handleWhen(isFault), {
    halfOpenAfter: halfOpenAfterMs,
    breaker: new ConsecutiveBreaker(breakAfter),
  });
  let open = false;
  breaker.onBreak(() => (open = true));
  breaker.onReset(() => (open = false));

  async function attempt(request: AnswerRequest, signal: AbortSignal): Promise<SizedAnswer> {
    try {
      return await breaker.execute(async () => {
        await limit.turn(signal);
        return fetchAnswer(request, signal);
      }, signal);
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw circuitOpen(source, halfOpenAfterMs);
      if (isDawsosError(error) && error.retryAfterSeconds !== undefined) {
        limit.pause(Math.min(longestWaitMs, error.retryAfterSeconds * 1000));
      }
      throw error;
    }
  }

  async function withRetries(request: AnswerRequest, signal: AbortSignal): Promise<SizedAnswer> {
    for (let retry = 0; ; retry += 1) {
      try {
        return await attempt(request, signal);
      } catch (error) {
        if (!isFault(error) || !isDawsosError(error) || open || retry >= retries) throw error;
        const backoff = { firstMs: firstRetryMs, longestMs: Infinity, jitter: 'half' } as const;
        const wait = Math.max(backoffMs(backoff, retry, random), (error.retryAfterSeconds ?? 0) * 1000);
        if (wait > longestWaitMs) throw error;
        await delay(wait, undefined, { signal }).catch(() => {
          throw error;
        });
      }
    }
  }

  return {
    get: (path, query, signal) =>
      cache.get(
        `${path}?${new URLSearchParams(query).toString()}`,
        (shared) => withRetries({ ...options, path, query }, shared),
        signal,
      ),
    get circuit() {
      return open ? 'open' : 'closed';
    },
  };
}

function circuitOpen(source: string, halfOpenAfterMs: number): DawsosError {
  const seconds = Math.ceil(halfOpenAfterMs / 1000);
  return unavailable(
    source,
    `failed several times in a row; it is asked again after ${String(seconds)} s`,
    seconds,
  );
}
