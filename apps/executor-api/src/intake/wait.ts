import { isFinal, type Run, type RunReader } from '@dawsos/contracts';
import type { Runs } from '@dawsos/runs';

/**
 * The run once it has finished, or as it is after `timeoutMs` or when `signal` aborts. The database decides; news
 * only says when to look.
 */
export async function waitForEnd(
  runs: Pick<Runs, 'get' | 'waitForNews'>,
  who: { readonly reader: RunReader; readonly runId: string },
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Run | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    // Listening begins before the read, so that news between the two is not lost.
    const listening = new AbortController();
    const left = Math.max(0, deadline - performance.now());
    const news = runs.waitForNews(who.runId, left, AbortSignal.any([signal, listening.signal]));
    const run = await runs.get(who.reader, who.runId);
    if (run === undefined || isFinal(run.status) || left === 0 || signal.aborted) {
      listening.abort();
      await news;
      return run;
    }
    await news;
  }
}
