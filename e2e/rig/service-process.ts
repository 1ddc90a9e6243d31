import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@dawsos/testing';

export const ROOT = resolve(__dirname, '..', '..');

export type App = 'executor-api' | 'pattern-worker' | 'pack-builder';
export type Environment = Readonly<Record<string, string>>;

/** One of the apps as a process of its own, from `dist`, as it runs in production. */
export interface ServiceProcess {
  readonly app: App;
  readonly pid: number;
  readonly operationsUrl: string;
  /** What it printed so far. */
  log(): string;
  alive(): boolean;
  /** SIGKILL; resolves once it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
}

const READY_WITHIN_MS = 60_000;

export interface ServiceOptions {
  readonly app: App;
  readonly environment: Environment;
  /** Where its output goes. */
  readonly logFile: string;
  /** False: returns at once, for a service that is not to come up. */
  readonly awaitReady?: boolean;
}

/** Starts it and resolves once it says that it is ready. @throws with the end of its log when it does not */
export async function startServiceProcess(options: ServiceOptions): Promise<ServiceProcess> {
  const port = await freePort();
  const child = launch(options, port);
  const ended = once(child, 'exit');
  const service: ServiceProcess = {
    app: options.app,
    pid: child.pid ?? -1,
    operationsUrl: `http://127.0.0.1:${String(port)}`,
    log: () => readFileSync(options.logFile, 'utf8'),
    alive: () => child.exitCode === null && child.signalCode === null,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
  if (options.awaitReady !== false) await untilReady(service);
  return service;
}

function launch({ app, environment, logFile }: ServiceOptions, operationsPort: number): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    return spawn(process.execPath, [join(ROOT, 'apps', app, 'dist', 'main.js')], {
      // Nothing of the test run's own environment reaches the service but where programs are.
      env: { PATH: process.env['PATH'], ...environment, OPERATIONS_PORT: String(operationsPort) },
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

async function untilReady(service: ServiceProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(service))) {
    if (!service.alive() || Date.now() > deadline) {
      throw new Error(
        `${service.app} did not become ready; its log ends with:\n${service.log().slice(-3000)}`,
      );
    }
    await delay(25);
  }
}

async function isReady({ operationsUrl }: ServiceProcess): Promise<boolean> {
  try {
    const answer = await fetch(`${operationsUrl}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}
