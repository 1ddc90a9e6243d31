import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@dawsos/resilience';

/** A real redis-server in a folder of its own. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and data. */
  restart(): Promise<void>;
  /** Cuts the last `share` (0 to 1) of the append-only file off, as a lost last second would; while it is down. */
  cutAppendOnlyFile(share: number): Promise<void>;
  /** All that was ever written to it, jobs and failures that are long removed too: its append-only file. */
  written(): Promise<Buffer>;
  /** SIGSTOP and SIGCONT: a server that hangs. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export interface TestRedisOptions {
  /** Further settings, as pairs: `{ 'maxmemory-policy': 'allkeys-lru' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const START_DEADLINE_MS = 20_000;

/** Needs redis-server on PATH. Append-only, everysec, as the embedded default runs it. */
export async function startRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'dawsos-redis-'));
  const port = await freePort();
  let child = await startServer(port, dir, options.settings ?? {});
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    dir,
    kill: () => end('SIGKILL'),
    restart: async () => {
      child = await startServer(port, dir, options.settings ?? {});
    },
    cutAppendOnlyFile: (share) => cutAppendOnlyFile(dir, share),
    written: async () => {
      const folder = join(dir, 'appendonlydir');
      const names = await readdir(folder);
      return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop: async () => {
      child.kill('SIGCONT');
      await end('SIGTERM');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startServer(
  port: number,
  dir: string,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const merged: Record<string, string> = {
    port: String(port),
    bind: '127.0.0.1',
    dir,
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    ...settings,
  };
  const args = Object.entries(merged).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', [...args, '--save', ''], { stdio: 'ignore' });
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await answersPing(port))) {
    if (failure !== undefined || child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error('redis-server did not start; is it installed?', { cause: failure });
    }
    await delay(20);
  }
  return child;
}

/** True once the server has loaded its data: until then it answers -LOADING. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once('error', () => settle(false));
    socket.once('data', (data) => settle(data.toString().startsWith('+PONG')));
  });
}

async function cutAppendOnlyFile(dir: string, share: number): Promise<void> {
  const folder = join(dir, 'appendonlydir');
  const increments = (await readdir(folder)).filter((name) => name.endsWith('.incr.aof')).sort();
  const newest = increments.at(-1);
  if (newest === undefined) throw new Error('no append-only file');
  const file = join(folder, newest);
  await truncate(file, Math.floor((await stat(file)).size * (1 - share)));
}
