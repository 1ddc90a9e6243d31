import { openListener, withStore, type Database } from '@dawsos/database';
import { CANCEL_CHANNEL } from './channels';

/** Why an attempt is over: its run was cancelled, or another attempt has it. */
export type AttemptEnd = 'run_cancelled' | 'lock_lost';

export interface RunWatch {
  /** Calls `onEnd` once when the attempt no longer holds the run. Returns how to stop watching. */
  watch(runId: string, attempt: number, onEnd: (why: AttemptEnd) => void): () => void;
  /** Asks now what became of a watched run, as when a write of its attempt was refused: `onEnd` is told why. */
  look(runId: string): void;
  close(): Promise<void>;
}

export interface RunWatchOptions {
  readonly database: Database;
  /** How often the database is asked even without a notification. */
  readonly pollMs?: number;
}

const POLL_MS = 2_000;

const STATE = `select run_id, status, attempt from run where run_id = any($1::uuid[])`;

interface Watched {
  readonly attempt: number;
  readonly onEnd: (why: AttemptEnd) => void;
}

/**
 * How a cancellation reaches a running job in another process: the API commits the outcome and notifies; this
 * listens, and asks the database for all attempts of this worker every two seconds in any case. The state is in
 * PostgreSQL, so a flushed queue loses nothing and nothing needs to be retained elsewhere.
 */
export function createRunWatch({ database, pollMs = POLL_MS }: RunWatchOptions): RunWatch {
  const watched = new Map<string, Watched>();

  async function look(runIds: readonly string[]): Promise<void> {
    if (runIds.length === 0) return;
    const { rows } = await withStore(() =>
      database.pool.query<{ run_id: string; status: string; attempt: number }>(STATE, [runIds]),
    );
    for (const row of rows) {
      const entry = watched.get(row.run_id);
      if (entry === undefined || (row.status === 'running' && row.attempt === entry.attempt)) continue;
      watched.delete(row.run_id);
      entry.onEnd(row.status === 'cancelled' ? 'run_cancelled' : 'lock_lost');
    }
  }
  // while the database is away, the next look finds what this one missed
  const lookQuietly = (runIds: readonly string[]) => void look(runIds).catch(() => undefined);

  const lookAt = (runId: string) => {
    if (watched.has(runId)) lookQuietly([runId]);
  };

  const listener = openListener(database, {
    channels: [CANCEL_CHANNEL],
    onNotification: (_channel, runId) => lookAt(runId),
    onConnected: () => lookQuietly([...watched.keys()]),
  });
  const timer = setInterval(() => lookQuietly([...watched.keys()]), pollMs).unref();

  return {
    watch: (runId, attempt, onEnd) => {
      const entry = { attempt, onEnd };
      const other = watched.get(runId);
      const newer = other === undefined || other.attempt < attempt ? entry : other;
      watched.set(runId, newer);
      // two attempts of one run in this process: the newer one holds the run, and nothing would tell the older one
      if (newer === entry) other?.onEnd('lock_lost');
      else onEnd('lock_lost');
      return () => {
        if (watched.get(runId) === entry) watched.delete(runId);
      };
    },
    look: lookAt,
    close: async () => {
      clearInterval(timer);
      watched.clear();
      await listener.close();
    },
  };
}
