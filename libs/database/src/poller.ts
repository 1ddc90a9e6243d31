export interface LookOptions {
  /** From the end of one look to the start of the next; the first one too comes after it. */
  readonly intervalMs: number;
  onError?(error: unknown): void;
}

export interface RepeatedLook {
  /** Looks no more; resolves when the look under way has ended. */
  close(): Promise<void>;
}

/** Looks again and again, one look at a time; one that fails is told and delays no other. Keeps no process alive. */
export function startPolling(look: () => Promise<unknown>, options: LookOptions): RepeatedLook {
  let running: Promise<unknown> = Promise.resolve();
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  function schedule(): void {
    if (closed) return;
    timer = setTimeout(() => {
      running = look()
        .catch((error: unknown) => options.onError?.(error))
        .finally(schedule);
    }, options.intervalMs);
    timer.unref();
  }

  schedule();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
