import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from './service-process';

export const LAUNCHER = join(ROOT, 'dawsos');

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves once `pattern` was printed on either stream. @throws when the command ends without it */
  until(pattern: RegExp): Promise<void>;
  signal(name: NodeJS.Signals): void;
  readonly finished: Promise<Finished>;
}

export interface LaunchOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly command?: string;
}

/** Starts `./dawsos` (or another command) as a user would, with pipes instead of a terminal. */
export function launch(args: readonly string[], options: LaunchOptions = {}): RunningCommand {
  const child = spawn(options.command ?? LAUNCHER, args, {
    cwd: options.cwd ?? ROOT,
    // Jest's own flags, and what tells colour and CI, are not the user's.
    env: {
      ...process.env,
      NODE_OPTIONS: undefined,
      CI: undefined,
      FORCE_COLOR: undefined,
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const streams = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      streams[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const finished = once(child, 'close').then(() => ({ exitCode: child.exitCode, ...streams }));
  return {
    pid: child.pid ?? -1,
    stdout: () => streams.stdout,
    stderr: () => streams.stderr,
    until: (pattern) => untilPrinted(child, pattern, streams, listeners),
    signal: (name) => child.kill(name),
    finished,
  };
}

export const run = (args: readonly string[], options?: LaunchOptions): Promise<Finished> =>
  launch(args, options).finished;

function untilPrinted(
  child: ChildProcess,
  pattern: RegExp,
  streams: { readonly stdout: string; readonly stderr: string },
  listeners: Set<() => void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!pattern.test(streams.stdout) && !pattern.test(streams.stderr)) return;
      listeners.delete(look);
      resolve();
    };
    listeners.add(look);
    child.once('close', () => {
      reject(new Error(`ended without ${String(pattern)}:\n${streams.stdout}\n${streams.stderr}`));
    });
    look();
  });
}
