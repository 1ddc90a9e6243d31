import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@dawsos/resilience';
import type { TestPostgres } from './postgres';

const run = promisify(execFile);

/** Where Debian and Ubuntu put the programs of each major version. */
const VERSIONS = '/usr/lib/postgresql';
const READY_WITHIN_MS = 30_000;

/** The folder of the programs of a PostgreSQL that is installed here, the newest; undefined without one. */
export function findOwnPostgres(): string | undefined {
  if (!existsSync(VERSIONS)) return undefined;
  return readdirSync(VERSIONS)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
}

/** A server that is not the embedded one: the machine's own PostgreSQL, in a folder of its own, for one test file. */
export async function startOwnPostgres(): Promise<Pick<TestPostgres, 'url' | 'stop'>> {
  const programs = findOwnPostgres();
  if (programs === undefined) throw new Error('there is no PostgreSQL in /usr/lib/postgresql');
  const account = await serverAccount();
  const dataDir = await mkdtemp(join(tmpdir(), 'dawsos-own-postgres-'));
  if (account.uid !== undefined && account.gid !== undefined) {
    await chown(dataDir, account.uid, account.gid);
  }
  const options = { ...account, cwd: dataDir };
  const port = await freePort();
  const init = ['-D', dataDir, '-U', 'dawsos', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(join(programs, 'initdb'), init, options);
  const settings = [
    `port=${String(port)}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${dataDir}`,
  ];
  const args = ['-D', dataDir, ...[...settings, 'fsync=off'].flatMap((setting) => ['-c', setting])];
  const server = spawn(join(programs, 'postgres'), args, { ...options, stdio: 'ignore' });
  const ended = once(server, 'exit');
  const probe = ['-h', '127.0.0.1', '-p', String(port), '-q'];
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(join(programs, 'pg_isready'), probe))) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error('PostgreSQL did not start');
    await delay(50);
  }
  return {
    url: `postgresql://dawsos@127.0.0.1:${String(port)}/postgres`,
    stop: async () => {
      server.kill('SIGINT');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function answers(program: string, args: readonly string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    () => false,
  );
}

/** PostgreSQL does not run as root: the account that its package made. */
async function serverAccount(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
