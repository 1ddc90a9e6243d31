import fs from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { migrateToLatest, openDatabase, startEmbeddedPostgres, type Database } from '@dawsos/database';
import * as git from 'isomorphic-git';
import { freePort, isOk, startChild, type Child } from './child.ts';

export const ROOT = resolve(import.meta.dirname, '..', '..');
/** The newest day that the example has prices for. */
export const LAST_DAY = '2025-10-22';
/** What is submitted and computed throughout. */
export const OVERVIEW = { pattern_id: 'portfolio_overview', portfolio_id: 'growth' } as const;

const PACK_WITHIN_MS = 60_000;
const AUTHOR = { name: 'Bench', email: 'bench@example.com', timestamp: 1_700_000_000, timezoneOffset: 0 };

export type Environment = Readonly<Record<string, string>>;

/** Real processes: PostgreSQL as the embedded default runs it (fsync on), Redis (append-only), the API; a built pack. */
export interface System {
  readonly database: Database;
  readonly redisUrl: string;
  readonly apiPort: number;
  readonly ledgerDir: string;
  readonly folder: string;
  startWorker(environment: Environment): Promise<Child>;
  /** Beside the one on `apiPort`; with a PORT of its own. */
  startApi(environment: Environment): Promise<Child>;
  /** The one on `apiPort`. */
  stopApi(): Promise<void>;
  /** Called in reverse order at the end. */
  onStop(stop: () => Promise<unknown>): void;
}

/** Brings the system up for `work` and takes it down again. */
export async function withSystem<T>(work: (system: System) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'dawsos-bench-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    return await work(await startSystem(folder, stops));
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function startSystem(folder: string, stops: (() => Promise<unknown>)[]): Promise<System> {
  // Beside the folder: as root the server runs under an account of its own, which cannot enter ours.
  const dataDir = await mkdtemp(join(tmpdir(), 'dawsos-bench-postgres-'));
  stops.push(() => rm(dataDir, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres({ dataDir });
  stops.push(() => postgres.stop());
  const database = openDatabase({ url: postgres.url, maxConnections: 4, applicationName: 'bench' });
  stops.push(() => database.close());
  await migrateToLatest(database);
  const redisUrl = await startRedis(folder, stops);
  const ledgerDir = join(folder, 'ledger');
  await createLedger(ledgerDir);

  const shared: Environment = {
    DATABASE_URL: postgres.url,
    QUEUE_ENGINE: 'redis',
    REDIS_URL: redisUrl,
    LEDGER_REPO: ledgerDir,
    PATTERNS_DIR: join(ROOT, 'patterns'),
    RIGHTS_REGISTRY: join(ROOT, 'rights', 'registry.yaml'),
    PRICES_DIR: join(ROOT, 'examples', 'market'),
    TODAY: LAST_DAY,
    // The most that can be set: the clients are one principal.
    RATE_LIMIT_PER_MINUTE: '1000000',
  };
  const start = async (app: string, environment: Environment = {}): Promise<Child> => {
    const operationsPort = Number(environment['OPERATIONS_PORT'] ?? (await freePort()));
    const child = await startChild({
      command: process.execPath,
      // `node --cpu-prof tools/bench/main.ts` profiles the services as well.
      args: [...process.execArgv, join(ROOT, 'apps', app, 'dist', 'main.js')],
      environment: { ...shared, ...environment, OPERATIONS_PORT: String(operationsPort) },
      logFile: join(folder, `${app}.log`),
      isReady: () => isOk(`http://127.0.0.1:${operationsPort}/readyz`),
    });
    stops.push(() => child.stop());
    return child;
  };

  const apiPort = await freePort();
  const packBuilder = await start('pack-builder');
  const api = await start('executor-api', { PORT: String(apiPort) });
  await untilPackIsFresh(apiPort);
  await packBuilder.stop();
  return {
    database,
    redisUrl,
    apiPort,
    ledgerDir,
    folder,
    startWorker: (environment) => start('pattern-worker', environment),
    startApi: (environment) => start('executor-api', environment),
    stopApi: () => api.stop(),
    onStop: (stop) => void stops.push(stop),
  };
}

/** Append-only, in `folder`; its stop is added to `stops`. Resolves with its address. */
export async function startRedis(folder: string, stops: (() => Promise<unknown>)[]): Promise<string> {
  const port = await freePort();
  const settings = ['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'];
  const url = `redis://127.0.0.1:${port}`;
  const child = await startChild({
    command: 'redis-server',
    args: ['--port', String(port), ...settings],
    environment: {},
    logFile: join(folder, 'redis.log'),
    isReady: () => canConnect(port),
  });
  stops.push(() => child.stop());
  return url;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => settle(true));
    const settle = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('error', () => settle(false));
  });
}

/** The example ledger in a git repository of its own. */
async function createLedger(dir: string): Promise<void> {
  await cp(join(ROOT, 'examples', 'ledger'), dir, { recursive: true });
  await git.init({ fs, dir, defaultBranch: 'main' });
  await git.add({ fs, dir, filepath: '.' });
  await git.commit({ fs, dir, message: 'Books', author: AUTHOR });
}

async function untilPackIsFresh(port: number): Promise<void> {
  const deadline = Date.now() + PACK_WITHIN_MS;
  while (!(await isOk(`http://127.0.0.1:${port}/health/pack`))) {
    if (Date.now() > deadline) throw new Error('the pack builder built no pack');
    await delay(50);
  }
}
