import type { WorkerReport } from '@dawsos/contracts';
import type { JobWorkerVitals } from '@dawsos/queue';
import type { WorkerVitalsStore } from '@dawsos/runs';

export interface VitalsOptions {
  readonly store: WorkerVitalsStore;
  readonly workerId: string;
  readonly jobs: () => JobWorkerVitals;
  readonly breakers: () => readonly {
    readonly agentName: string;
    readonly state: 'closed' | 'open' | 'half_open';
  }[];
  readonly settings: {
    readonly concurrency: number;
    readonly lockSeconds: number;
    readonly maxAttempts: number;
  };
  onError(error: unknown): void;
  readonly intervalMs?: number;
}

export interface Vitals {
  /** Says that the worker stopped in order. Never throws. */
  stop(): Promise<void>;
}

const INTERVAL_MS = 5_000;
/** Shorter standstills put no lock at risk. */
const BLOCK_MS = 500;
const BLOCKS_KEPT = 20;
const TICK_MS = 20;

/**
 * Reports this worker every few seconds: its event loop, its locks, its breakers. One statement each time, one row a
 * worker; the row outlives the process, so that a run which it lost can be explained.
 */
export function reportVitals(options: VitalsOptions): Vitals {
  const { store, workerId, settings } = options;
  const loop = watchEventLoop();
  let blocks: WorkerReport['event_loop_blocks'] = [];
  let writing: Promise<void> = Promise.resolve();
  let stopped = false;

  function look(): WorkerReport {
    const lagMs = loop.takeLagMs();
    if (lagMs >= BLOCK_MS) {
      blocks = [...blocks, { at: new Date().toISOString(), ms: Math.round(lagMs) }].slice(-BLOCKS_KEPT);
    }
    const { activeJobs, locksRenewedAt, lockRenewalsFailed } = options.jobs();
    return {
      concurrency: settings.concurrency,
      active_jobs: activeJobs,
      lock_seconds: settings.lockSeconds,
      max_attempts: settings.maxAttempts,
      event_loop_lag_ms: Math.round(lagMs),
      event_loop_blocks: blocks,
      locks_renewed_at: locksRenewedAt?.toISOString() ?? null,
      lock_renewals_failed: lockRenewalsFailed.map((at) => at.toISOString()),
      breakers: options.breakers().map(({ agentName, state }) => ({ agent_name: agentName, state })),
    };
  }

  /** One at a time: where the database is slow, reports are left out rather than queued. */
  let isWriting = false;
  function write(how: 'started' | 'report'): void {
    const report = look();
    if (isWriting || stopped) return;
    isWriting = true;
    writing = store[how](workerId, report)
      .catch((error: unknown) => options.onError(error))
      .finally(() => (isWriting = false));
  }

  write('started');
  const timer = setInterval(() => write('report'), options.intervalMs ?? INTERVAL_MS);
  timer.unref();
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      loop.stop();
      await writing;
      await store.stopped(workerId).catch((error: unknown) => options.onError(error));
    },
  };
}

/**
 * The longest standstill of the event loop since it was last asked. Node's own `monitorEventLoopDelay` leaves out the
 * first 20 ms after a reset, and with it a standstill that begins there.
 */
function watchEventLoop(): { takeLagMs(): number; stop(): void } {
  let lastTick = performance.now();
  let lagMs = 0;
  function tick(): void {
    const now = performance.now();
    lagMs = Math.max(lagMs, now - lastTick - TICK_MS);
    lastTick = now;
  }
  const timer = setInterval(tick, TICK_MS);
  timer.unref();
  return {
    takeLagMs() {
      tick();
      const taken = lagMs;
      lagMs = 0;
      return taken;
    },
    stop: () => clearInterval(timer),
  };
}
