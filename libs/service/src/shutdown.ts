import { settlesWithin } from '@dawsos/resilience';

/** What was started, to be stopped last first. */
export interface ShutdownStack {
  /** `stop` runs at shutdown, after everything that was pushed later has stopped. */
  push(name: string, stop: () => Promise<void> | void): void;
  /** Stops everything once; resolves with the names of what failed to stop in time. */
  run(deadlineMs: number): Promise<readonly string[]>;
}

export function createShutdownStack(): ShutdownStack {
  const stops: { name: string; stop: () => Promise<void> | void }[] = [];
  let running: Promise<readonly string[]> | undefined;

  async function stopAll(deadlineMs: number): Promise<readonly string[]> {
    const deadline = Date.now() + deadlineMs;
    const failed: string[] = [];
    for (let entry = stops.pop(); entry !== undefined; entry = stops.pop()) {
      if (!(await settlesWithin(entry.stop, deadline - Date.now()))) failed.push(entry.name);
    }
    return failed;
  }

  return {
    push: (name, stop) => void stops.push({ name, stop }),
    run: (deadlineMs) => (running ??= stopAll(deadlineMs)),
  };
}
