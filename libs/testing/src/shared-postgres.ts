import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestPostgres } from './postgres';

/** A server that others use too: it can be neither killed nor stopped. */
export type SharedPostgres = Pick<TestPostgres, 'url' | 'port'>;

/**
 * The one server of this Jest worker, started by the first test file that asks and stopped when the worker ends. Files
 * that kill, stop or configure their server take one of their own (`startPostgres`); others share this one and keep
 * apart by their databases (`createTestDatabase`).
 */
export async function sharedPostgres(): Promise<SharedPostgres> {
  // Jest gives each test file modules and globals of its own, so what the worker knows stands in a file with its pid.
  const known = join(tmpdir(), `dawsos-postgres-of-${String(process.pid)}.json`);
  if (existsSync(known)) {
    const { keeper, ...server } = JSON.parse(readFileSync(known, 'utf8')) as KeptPostgres;
    if (isAlive(keeper)) return server;
  }
  const { keeper, ...server } = await startKeeper(known);
  writeFileSync(known, JSON.stringify({ keeper, ...server }));
  return server;
}

interface KeptPostgres extends SharedPostgres {
  /** The pid of the process that keeps it. */
  readonly keeper: number;
}

async function startKeeper(known: string): Promise<KeptPostgres> {
  const program = resolve(__dirname, '..', 'dist', 'postgres-keeper.js');
  if (!existsSync(program)) throw new Error(`${program} is missing: build first (npx nx run-many -t build)`);
  const keeper = spawn(process.execPath, [program, known], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const lines = createInterface({ input: keeper.stdout });
  const [url] = (await Promise.race([
    once(lines, 'line'),
    once(keeper, 'exit').then(([code]) => {
      throw new Error(`the shared PostgreSQL did not start (exit ${String(code)})`);
    }),
  ])) as [string];
  lines.close();
  // Nothing of it keeps the worker alive; its end closes the pipe, and that ends the server.
  for (const pipe of [keeper.stdin, keeper.stdout]) if (pipe instanceof Socket) pipe.unref();
  keeper.unref();
  return { url, port: Number(new URL(url).port), keeper: keeper.pid ?? 0 };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
