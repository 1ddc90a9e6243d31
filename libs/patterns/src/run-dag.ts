export interface DagOptions {
  /** Node `i` waits for `dependencies[i]`; without cycles. */
  readonly dependencies: readonly (readonly number[])[];
  readonly maxParallel: number;
  readonly signal: AbortSignal;
  /** Runs one node; `signal` aborts once another node fails or the outer signal does. */
  readonly run: (index: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Runs each node once all it waits for are done, at most `maxParallel` at once, the lowest index first.
 * The first fault aborts the others; the promise settles only after every started node has.
 * @throws the first fault, or the signal's reason.
 */
export async function runDag({ dependencies, maxParallel, signal, run }: DagOptions): Promise<void> {
  const abort = new AbortController();
  const onAbort = (): void => abort.abort(signal.reason);
  if (signal.aborted) throw signal.reason;
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await drain(dependencies, maxParallel, abort, run);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  if (abort.signal.aborted) throw abort.signal.reason;
}

async function drain(
  dependencies: readonly (readonly number[])[],
  maxParallel: number,
  abort: AbortController,
  run: DagOptions['run'],
): Promise<void> {
  const waitsFor = dependencies.map((needed) => new Set(needed));
  const pending = new Set(dependencies.keys());
  const active = new Map<number, Promise<void>>();
  const runNode = async (index: number): Promise<void> => {
    try {
      await run(index, abort.signal);
      for (const needed of waitsFor) needed.delete(index);
    } catch (error) {
      abort.abort(error);
    } finally {
      active.delete(index);
    }
  };
  for (;;) {
    if (!abort.signal.aborted) {
      for (const index of pending) {
        if (active.size >= maxParallel) break;
        if (waitsFor[index]?.size !== 0) continue;
        pending.delete(index);
        active.set(index, runNode(index));
      }
    }
    if (active.size === 0) return;
    await Promise.race(active.values());
  }
}
