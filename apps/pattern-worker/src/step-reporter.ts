import type { StepUpdate } from '@dawsos/runs';

export interface StepReporter {
  readonly report: (update: StepUpdate) => void;
  /** Ends the reporting: resolves with what is not written yet, once no write is under way. */
  readonly drain: () => Promise<readonly StepUpdate[]>;
}

export interface StepReporterOptions {
  /** Writes updates in their order; false when the run is no longer this attempt's. */
  readonly record: (updates: readonly StepUpdate[]) => Promise<boolean>;
  /** How long the first update of a batch waits for more: live enough for a watcher, and a short run needs no write of its own. */
  readonly intervalMs: number;
  readonly onRefused: () => void;
}

/** Gathers the news of a run's steps into few writes, one at a time. A write that fails is tried again with the next. */
export function createStepReporter({ record, intervalMs, onRefused }: StepReporterOptions): StepReporter {
  let waiting: readonly StepUpdate[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let ended = false;

  async function write(): Promise<void> {
    timer = undefined;
    const batch = waiting;
    waiting = [];
    try {
      if (await record(batch)) return;
      ended = true;
      onRefused();
    } catch {
      waiting = [...batch, ...waiting];
      schedule();
    }
  }

  function schedule(): void {
    if (ended || timer !== undefined || waiting.length === 0) return;
    timer = setTimeout(() => {
      writing = writing.then(write).then(schedule);
    }, intervalMs);
  }

  return {
    report(update) {
      if (ended) return;
      waiting = [...waiting, update];
      schedule();
    },
    async drain() {
      ended = true;
      clearTimeout(timer);
      await writing;
      return waiting;
    },
  };
}
