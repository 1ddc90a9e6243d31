import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Child {
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL when it takes too long; resolves once it is gone. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Whether it is up. */
  readonly isReady: () => Promise<boolean>;
}

const READY_WITHIN_MS = 60_000;
const STOPS_WITHIN_MS = 15_000;

/** A process that runs until it is stopped. @throws with the end of its log when it does not come up */
export async function startChild(options: ChildOptions): Promise<Child> {
  const child = launch(options);
  const ended = once(child, 'exit');
  const started: Child = {
    pid: child.pid ?? -1,
    signal: (name) => void child.kill(name),
    async stop() {
      if (isOver(child)) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN_MS);
      await ended;
      clearTimeout(timer);
    },
  };
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await options.isReady().catch(() => false))) {
    if (isOver(child) || Date.now() > deadline) {
      child.kill('SIGKILL');
      const log = readFileSync(options.logFile, 'utf8').slice(-3000);
      throw new Error(`${options.args[0] ?? options.command} did not come up; its log ends with:\n${log}`);
    }
    await delay(25);
  }
  return started;
}

const isOver = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

function launch({ command, args, environment, logFile }: ChildOptions): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    // Only what is named here, so that two machines' settings do not differ in what is measured.
    const env = { PATH: process.env['PATH'], ...environment };
    return spawn(command, args, { env, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

export async function isOk(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await answer.body?.cancel();
  return answer.ok;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
