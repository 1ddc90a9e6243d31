import type { RunSpanStore } from './run-spans';

/** Spans of runs on their way into the store. */
export interface RunSpanKeeper {
  keep(span: { readonly runId: string | undefined }): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

export interface RunSpanKeeperOptions {
  readonly store: Pick<RunSpanStore, 'save'>;
  /** How long spans wait for others of their run. */
  readonly delayMs?: number;
  /** Runs whose spans may wait; beyond it new spans are dropped, since telemetry must not fill the memory. */
  readonly mostRuns?: number;
}

/** Gathers the spans of each run for a moment and stores them together. A store that fails costs the spans only. */
export function createRunSpanKeeper({
  store,
  delayMs = 200,
  mostRuns = 2_000,
}: RunSpanKeeperOptions): RunSpanKeeper {
  const waiting = new Map<string, object[]>();
  const saving = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const [runId, spans] of waiting) {
      const save = store
        .save(runId, spans)
        .catch(() => undefined)
        .finally(() => saving.delete(save));
      saving.add(save);
    }
    waiting.clear();
  }

  return {
    keep(span) {
      if (span.runId === undefined) return;
      const spans = waiting.get(span.runId);
      if (spans !== undefined) spans.push(span);
      else if (waiting.size < mostRuns) waiting.set(span.runId, [span]);
      timer ??= setTimeout(flush, delayMs);
    },
    async close() {
      flush();
      await Promise.all(saving);
    },
  };
}
