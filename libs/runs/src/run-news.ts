import { openListener, type Database } from '@dawsos/database';
import { LRUCache } from '@dawsos/resilience';
import { NEWS_CHANNEL } from './channels';

export interface RunNews {
  wait(runId: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** The longest wait before the caller looks for itself; shorter while notifications cannot come. */
const LOOK_AFTER_MS = 2_000;
const LOOK_AFTER_UNCONNECTED_MS = 300;
/** News of runs for which nobody waited: someone may just be between reading and waiting. */
const REMEMBERED = 1_000;

/** News of runs over one LISTEN connection. Hints only: after every wait, the caller reads the database. */
export function createRunNews(database: Database): RunNews {
  const waiting = new Map<string, Set<() => void>>();
  const missed = new LRUCache<string, true>({ max: REMEMBERED });

  const tell = (runId: string) => {
    const waiters = waiting.get(runId);
    if (waiters !== undefined) {
      for (const wake of [...waiters]) wake();
      return;
    }
    missed.set(runId, true);
  };

  const listener = openListener(database, {
    channels: [NEWS_CHANNEL],
    onNotification: (_channel, runId) => tell(runId),
    onConnected: () => [...waiting.keys()].forEach(tell),
  });

  return {
    wait: async (runId, timeoutMs, signal) => {
      if (signal.aborted || missed.delete(runId)) return;
      const longest = listener.connected() ? LOOK_AFTER_MS : LOOK_AFTER_UNCONNECTED_MS;
      await new Promise<void>((resolve) => {
        const waiters = waiting.get(runId) ?? new Set();
        waiting.set(runId, waiters);
        const wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          waiters.delete(wake);
          if (waiters.size === 0 && waiting.get(runId) === waiters) waiting.delete(runId);
          resolve();
        };
        const timer = setTimeout(wake, Math.min(timeoutMs, longest));
        signal.addEventListener('abort', wake, { once: true });
        waiters.add(wake);
      });
    },
    close: () => listener.close(),
  };
}
