import { createSharedCalls, LRUCache } from '@dawsos/resilience';

/** An answer, and how many bytes it came in. */
export interface SizedAnswer {
  readonly body: unknown;
  readonly bytes: number;
}

/** Answers that are given again for a while; equal questions at once are asked once. */
export interface AnswerCache {
  /** `ask` is told to stop once nobody waits for its answer any more. */
  get(
    key: string,
    ask: (signal: AbortSignal) => Promise<SizedAnswer>,
    signal?: AbortSignal,
  ): Promise<unknown>;
}

const BYTES_KEPT = 32 * 1024 * 1024;

export function createAnswerCache(forMs: number, now: () => number): AnswerCache {
  const kept = new LRUCache<string, SizedAnswer>({
    maxSize: BYTES_KEPT,
    sizeCalculation: ({ bytes }) => Math.max(1, bytes),
    ttl: forMs,
    ttlResolution: 0,
    // a start of 0 would stand for none
    perf: { now: () => now() + 1 },
  });
  const calls = createSharedCalls<SizedAnswer>();
  return {
    async get(key, ask, signal) {
      const known = kept.get(key);
      if (known !== undefined) return known.body;
      const call = async (own: AbortSignal): Promise<SizedAnswer> => {
        const answer = await ask(own);
        if (forMs > 0) kept.set(key, answer);
        return answer;
      };
      return (await calls.share(key, call, signal)).body;
    },
  };
}
