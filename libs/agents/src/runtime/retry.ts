import { setTimeout as delay } from 'node:timers/promises';
import { isDawsosError } from '@dawsos/contracts';
import { backoffMs } from '@dawsos/resilience';

export interface RetryOptions {
  /** Attempts beyond the first, unless a step says otherwise. */
  readonly retries: number;
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** Uniform in [0, 1): spreads the attempts of many runs; it never reaches a result. */
  readonly random: () => number;
}

/** Repeats `attempt` while its error is marked retryable, but for an open circuit, which stays open for longer than any delay here. */
export async function withRetries<T>(
  options: RetryOptions,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let retry = 0; ; retry++) {
    try {
      return await attempt();
    } catch (error) {
      const mayRepeat = isDawsosError(error) && error.retryable && error.code !== 'circuit_open';
      if (!mayRepeat || retry >= options.retries || signal.aborted) throw error;
      const waited = await wait(delayMs(options, retry), signal);
      if (!waited) throw error;
    }
  }
}

function delayMs({ initialDelayMs, maxDelayMs, random }: RetryOptions, retry: number): number {
  return backoffMs({ firstMs: initialDelayMs, longestMs: maxDelayMs, jitter: 'full' }, retry, random);
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(milliseconds, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
