interface Call<V> {
  readonly answer: Promise<V>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Equal calls at once are made once. Each caller leaves with its own signal; the call itself is aborted once nobody
 * waits for it any more, and never because one of several left.
 */
export interface SharedCalls<V> {
  /** @throws what the call throws, or the reason of the caller's signal */
  share(key: string, call: (signal: AbortSignal) => Promise<V>, signal?: AbortSignal): Promise<V>;
}

export function createSharedCalls<V>(): SharedCalls<V> {
  const calls = new Map<string, Call<V>>();

  function begin(key: string, call: (signal: AbortSignal) => Promise<V>): Call<V> {
    const controller = new AbortController();
    const begun: Call<V> = { controller, waiting: 0, answer: call(controller.signal) };
    const end = (): void => {
      if (calls.get(key) === begun) calls.delete(key);
    };
    begun.answer.then(end, end);
    calls.set(key, begun);
    return begun;
  }

  return {
    async share(key, call, signal) {
      signal?.throwIfAborted();
      const joined = calls.get(key) ?? begin(key, call);
      joined.waiting += 1;
      let onAbort: (() => void) | undefined;
      const left = new Promise<never>((_, reject) => {
        onAbort = () => reject(signal?.reason as Error);
        signal?.addEventListener('abort', onAbort, { once: true });
      });
      try {
        return await Promise.race([joined.answer, left]);
      } finally {
        if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
        joined.waiting -= 1;
        if (joined.waiting === 0 && calls.get(key) === joined) {
          // whoever asks now gets a call of its own
          calls.delete(key);
          joined.controller.abort(signal?.reason);
        }
      }
    },
  };
}
