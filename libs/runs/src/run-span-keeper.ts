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
  /** Runs whose spans are stored by one statement. */
  readonly runsAtOnce?: number;
  /** Statements under way; beyond it new runs' spans are dropped, since telemetry must not fill the memory. */
  readonly mostStatements?: number;
}

/** Gathers the spans of each run for a moment and stores them together. A store that fails costs the spans only. */
export function createRunSpanKeeper({
  store,
  delayMs = 200,
  runsAtOnce = 100,
  mostStatements = 20,
}: RunSpanKeeperOptions): RunSpanKeeper {
  const waiting = new Map<string, object[]>();
  const saving = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.size === 0) return;
    const parts = [...waiting].map(([runId, spans]) => ({ runId, spans }));
    waiting.clear();
    const save = store
      .save(parts)
      .catch(() => undefined)
      .finally(() => saving.delete(save));
    saving.add(save);
  }

  return {
    keep(span) {
      if (span.runId === undefined) return;
      const spans = waiting.get(span.runId);
      if (spans !== undefined) spans.push(span);
      else if (saving.size < mostStatements) waiting.set(span.runId, [span]);
      if (waiting.size >= runsAtOnce) flush();
      else timer ??= setTimeout(flush, delayMs);
    },
    async close() {
      flush();
      await Promise.all(saving);
    },
  };
}
