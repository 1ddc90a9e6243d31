export interface PollerOptions {
  /** From the end of one look to the start of the next. */
  readonly intervalMs: number;
  /** Until the first look; one interval when absent. */
  readonly firstMs?: number;
  /** The share of the interval by which each wait may be shorter, so that processes started together spread. Default 0. */
  readonly jitter?: number;
  onError?(error: unknown): void;
}

export interface Poller {
  /** Polls no more: the signal of the look under way aborts, and this resolves once that look has ended. */
  close(): Promise<void>;
}

/** Polls, never twice at once. A failed look is reported and delays no other. Timers are unref'd: it keeps no process alive. */
export function startPolling(
  look: (signal: AbortSignal) => Promise<unknown>,
  options: PollerOptions,
): Poller {
  const { intervalMs, firstMs, jitter = 0 } = options;
  const closing = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  function schedule(milliseconds: number): void {
    if (closing.signal.aborted) return;
    timer = setTimeout(() => {
      running = look(closing.signal)
        .catch((error: unknown) => options.onError?.(error))
        .finally(() => schedule(intervalMs * (1 - jitter * Math.random())));
    }, milliseconds);
    timer.unref();
  }

  schedule(firstMs ?? intervalMs);
  return {
    close: async () => {
      closing.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
