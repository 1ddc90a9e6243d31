import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  migrateToLatest,
  openDatabase,
  startEmbeddedPostgres,
  type Database,
  type EmbeddedPostgres,
} from '@dawsos/database';
import { copyCluster } from './postgres-template';

const run = promisify(execFile);

/** A real PostgreSQL server in a folder of its own, for one test file. */
export interface TestPostgres {
  /** Names the database `postgres`; it stays the same after a restart. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** SIGKILL to every process of the server, all at once. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and data, after `kill` or `halt`. */
  restart(): Promise<void>;
  /** Stops it cleanly, keeping the data. */
  halt(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

export interface TestPostgresOptions {
  /** `false` (the default) is faster and safe against killed processes; `true` is for measurements. */
  readonly fsync?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dawsos-postgres-'));
  await copyCluster(dataDir);
  const settings = { fsync: options.fsync === true ? 'on' : 'off', ...options.settings };
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, settings });
  const { url, port } = server;
  return {
    url,
    port,
    dataDir,
    kill: async () => {
      const children = await childrenOf(server.pid);
      for (const pid of [server.pid, ...children]) killIfAlive(pid);
      await server.ended;
    },
    restart: async () => {
      server = await startEmbeddedPostgres({ dataDir, port, settings });
    },
    halt: () => server.stop(),
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line) => (line.trim() === '' ? [] : [Number(line)]));
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself in the meantime
  }
}

export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  /** Closes the connections of `database`. The server drops the data with its folder. */
  close(): Promise<void>;
}

const TEMPLATE = 'dawsos_template';
const TEMPLATE_LOCK = 7_031;

/** A database of its own, with the newest schema: a clone of a template that is migrated once a server. */
export async function createTestDatabase(
  postgres: Pick<TestPostgres, 'url'>,
  options: { readonly maxConnections?: number } = {},
): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = openDatabase({ url: postgres.url, maxConnections: 1, applicationName: 'test-admin' });
  try {
    // until this session ends: whoever comes at the same time finds the template finished
    await admin.pool.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rows } = await admin.pool.query('select from pg_database where datname = $1', [TEMPLATE]);
    if (rows.length === 0) await makeTemplate(admin, postgres.url);
    await admin.pool.query(`create database ${name} template ${TEMPLATE}`);
  } finally {
    await admin.close();
  }
  const url = databaseUrl(postgres.url, name);
  const database = openDatabase({
    url,
    maxConnections: options.maxConnections ?? 10,
    applicationName: 'test',
  });
  return { url, database, close: () => database.close() };
}

async function makeTemplate(admin: Database, serverUrl: string): Promise<void> {
  await admin.pool.query(`create database ${TEMPLATE}`);
  const template = openDatabase({
    url: databaseUrl(serverUrl, TEMPLATE),
    maxConnections: 1,
    applicationName: 'test-template',
  });
  try {
    await migrateToLatest(template);
  } finally {
    await template.close();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
