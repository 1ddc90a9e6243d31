import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { backoffMs } from '@dawsos/resilience';
import { identifyProcess, type ProcessIdentity } from './process-identity';

export interface ProcessDefinition {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes what the process prints. */
  readonly log: string;
  /** Node children get a channel to the supervisor, by which they notice that it is gone. */
  readonly channel: boolean;
  /** How long it may take to stop in order before it is killed. */
  readonly stopTimeoutMs: number;
}

export interface ExitReason {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ManagedProcess {
  readonly name: string;
  readonly log: string;
  /** The running child; undefined between a crash and its restart. */
  identity(): ProcessIdentity | undefined;
  restarts(): number;
  /** Resolves with the reason when the present child ends. */
  ended(): Promise<ExitReason>;
  /** From now on a child that ends is started again, with backoff. */
  keepAlive(onRestart: (reason: ExitReason, delayMs: number) => void): void;
  stop(): Promise<void>;
  kill(): void;
}

const RESTART = { firstMs: 250, longestMs: 10_000, jitter: 'none' } as const;
const STABLE_AFTER_MS = 30_000;

/** Starts a process and watches it. It is a session of its own, so that Ctrl-C reaches the supervisor alone. */
export function startProcess(definition: ProcessDefinition): ManagedProcess {
  let child = launch(definition);
  let ended = exitOf(child);
  let stopping = false;
  let restarts = 0;
  let failures = 0;
  let startedAt = Date.now();
  let timer: NodeJS.Timeout | undefined;
  let onRestart: ((reason: ExitReason, delayMs: number) => void) | undefined;

  function watch(): void {
    void ended.then((reason) => {
      if (stopping || onRestart === undefined) return;
      failures = Date.now() - startedAt > STABLE_AFTER_MS ? 1 : failures + 1;
      const delayMs = backoffMs(RESTART, failures - 1);
      onRestart(reason, delayMs);
      timer = setTimeout(restart, delayMs);
    });
  }

  function restart(): void {
    restarts += 1;
    startedAt = Date.now();
    child = launch(definition);
    ended = exitOf(child);
    watch();
  }

  return {
    name: definition.name,
    log: definition.log,
    identity: () =>
      child.pid === undefined || child.exitCode !== null ? undefined : identifyProcess(child.pid),
    restarts: () => restarts,
    ended: () => ended,
    keepAlive(callback) {
      onRestart = callback;
      watch();
    },
    async stop() {
      stopping = true;
      clearTimeout(timer);
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), definition.stopTimeoutMs);
      await ended;
      clearTimeout(killer);
    },
    kill() {
      stopping = true;
      clearTimeout(timer);
      child.kill('SIGKILL');
    },
  };
}

function launch(definition: ProcessDefinition): ChildProcess {
  const log = openSync(definition.log, 'a', 0o600);
  try {
    return spawn(definition.command, definition.args, {
      detached: true,
      env: definition.environment,
      stdio: definition.channel ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

function exitOf(child: ChildProcess): Promise<ExitReason> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}
