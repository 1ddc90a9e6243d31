import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DawsosError } from '@dawsos/contracts';
import { commandAs, serverAccount, type Account } from './account';
import { findBinaries, type Binaries } from './binaries';
import { ensureCluster, layoutOf, SUPERUSER } from './cluster';
import { freePort } from '@dawsos/resilience';
import { ensureNotOwned, isAlive, settlePrevious, startOf } from './previous';

export interface EmbeddedPostgresOptions {
  /** The folder of the server and its data; made when missing. */
  readonly dataDir: string;
  /** A free one by default. */
  readonly port?: number;
  /** Settings of postgresql.conf, beside ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** Names the database `postgres`, with the password; it is reached over loopback only. */
  readonly url: string;
  readonly port: number;
  /** The server's own process, in a process group of its own: Ctrl-C does not reach it. */
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the server has ended, by whatever cause. */
  readonly ended: Promise<void>;
  /** Ends open sessions and stops cleanly. */
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 60_000;
const START_TRIES = 40;
const STOP_DEADLINE_MS = 15_000;

/**
 * Starts a real PostgreSQL server on the loopback, as root (under the account `postgres`) or as an ordinary
 * user, with a generated password. Starts again on the same folder after anything, kill -9 of either process
 * included.
 * @throws DawsosError `store_unavailable` when the folder is in use or the server does not start (its log's end
 *   is the detail), `invalid_configuration` when this platform has none
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const layout = layoutOf(dataDir);
  await ensureNotOwned(layout.owner);
  const [binaries, account] = await Promise.all([findBinaries(), serverAccount()]);
  const password = await ensureCluster(dataDir, binaries, account);
  await settlePrevious(layout.cluster);
  await writeFile(layout.owner, JSON.stringify({ pid: process.pid, startedAt: await startOf(process.pid) }));
  const { child, port } = await startServer(options, layout, binaries, account);
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  if (child.exitCode !== null || child.pid === undefined) throw await notStarted(layout.log);
  child.unref();
  let stopping: Promise<void> | undefined;
  return {
    url: `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid: child.pid,
    logFile: layout.log,
    ended,
    stop: () => (stopping ??= stopServer(child, layout.owner)),
  };
}

type Layout = ReturnType<typeof layoutOf>;

/**
 * A start may meet the leftovers of a killed server: backends that have not noticed yet and still hold its
 * shared memory. They are gone within moments, so it tries again; as it does when the free port was taken.
 */
async function startServer(
  options: EmbeddedPostgresOptions,
  layout: Layout,
  binaries: Binaries,
  account: Account | undefined,
): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; attempt <= START_TRIES; attempt += 1) {
    const port = options.port ?? (await freePort());
    const child = await spawnServer(port, options.settings ?? {}, layout, binaries, account);
    if (await becomesReady(child, layout.cluster)) return { child, port };
    const log = await logEnd(layout.log);
    const portTaken = options.port === undefined && log.includes('could not bind');
    if (!portTaken && !log.includes('shared memory block')) break;
    await delay(100);
  }
  throw await notStarted(layout.log);
}

async function spawnServer(
  port: number,
  settings: Readonly<Record<string, string>>,
  layout: Layout,
  binaries: Binaries,
  account: Account | undefined,
): Promise<ChildProcess> {
  const merged: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    ...settings,
  };
  const flags = Object.entries(merged).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const args = ['-D', layout.cluster, ...flags];
  const { file, args: argv, ...as } = await commandAs(account, binaries.postgres, args, [layout.cluster]);
  const log = await open(layout.log, 'w', 0o600);
  try {
    const child = spawn(file, argv, { ...as, cwd: '/', detached: true, stdio: ['ignore', log.fd, log.fd] });
    // a program that cannot be run shows as an early exit
    child.once('error', () => undefined);
    return child;
  } finally {
    await log.close();
  }
}

/** The server writes its state into the eighth line of postmaster.pid; that is what pg_ctl waits for, too. */
async function becomesReady(child: ChildProcess, clusterDir: string): Promise<boolean> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const lines = (await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (lines[0] === String(child.pid) && lines[7]?.startsWith('ready')) return true;
    if (Date.now() > deadline) {
      child.kill('SIGQUIT');
      return false;
    }
    await delay(15);
  }
  return false;
}

async function logEnd(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim().slice(-800);
}

async function notStarted(logFile: string): Promise<DawsosError> {
  return new DawsosError(
    'store_unavailable',
    `The embedded database did not start; its log, ${logFile}, ends with: ${await logEnd(logFile)}`,
  );
}

/** SIGINT: fast shutdown (sessions are ended, all is written); SIGQUIT: at once, recovered at the next start. */
async function stopServer(child: ChildProcess, ownerFile: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const exited = new Promise<void>((done) => child.once('exit', () => done()));
    child.ref();
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGQUIT'), STOP_DEADLINE_MS);
    await exited;
    clearTimeout(timer);
  }
  if (child.pid === undefined || !isAlive(child.pid)) await rm(ownerFile, { force: true });
}
