import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@dawsos/testing';

const ROOT = path.resolve(__dirname, '../../..');
const MAIN = path.join(ROOT, 'apps/pack-builder/dist/main.js');
const READY_WITHIN_MS = 60_000;

/** The pack builder as a process of its own. */
export interface BuilderProcess {
  /** SIGKILL; resolves once it is gone. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  metrics(): Promise<string>;
  logs(): string;
}

/** The example's ledger as the one commit of a git repository; its folder. */
export async function exampleRepository(): Promise<string> {
  const dir = await fs.mkdtemp(path.join(os.tmpdir(), 'dawsos-builder-ledger-'));
  await fs.cp(path.join(ROOT, 'examples/ledger'), dir, { recursive: true });
  const git = (...args: string[]): void => void execFileSync('git', ['-C', dir, ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('-c', 'user.name=Test', '-c', 'user.email=test@example.com', 'commit', '-q', '-m', 'Books');
  return dir;
}

/** Starts the builder on the example's prices, ready once this resolves. Needs a build of the tree. */
export async function startBuilder(environment: Readonly<Record<string, string>>): Promise<BuilderProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      OPERATIONS_PORT: String(port),
      PRICES_DIR: path.join(ROOT, 'examples/market'),
      TODAY: '2025-10-22',
      JOB_LOCK_SECONDS: '2',
      ...environment,
    },
  });
  const output: string[] = [];
  child.stdout.on('data', (data: Buffer) => output.push(data.toString()));
  child.stderr.on('data', (data: Buffer) => output.push(data.toString()));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  const ask = (where: string): Promise<Response> => fetch(`http://127.0.0.1:${String(port)}${where}`);
  await untilReady(child, () => ask('/readyz'), output);
  return {
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    metrics: async () => (await ask('/metrics')).text(),
    logs: () => output.join(''),
  };
}

async function untilReady(
  child: ChildProcess,
  ask: () => Promise<Response>,
  output: readonly string[],
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the pack builder did not come up:\n${output.join('')}`);
    }
    await delay(25);
  }
}
