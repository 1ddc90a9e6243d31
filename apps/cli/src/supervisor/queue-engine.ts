import { accessSync, constants, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT } from '@dawsos/service';
import { freePort } from '@dawsos/resilience';
import { CliError } from '../cli-error';
import { tailOf } from './log-tail';
import { startProcess, type ManagedProcess } from './managed-process';

export type QueueChoice =
  | { readonly engine: 'redis'; readonly url: string; readonly reason: string }
  | { readonly engine: 'redis'; readonly server: string; readonly reason: string }
  | { readonly engine: 'postgres'; readonly reason: string };

export interface QueueInUse {
  readonly engine: 'redis' | 'postgres';
  readonly url: string | null;
}

const SERVERS = ['redis-server', 'valkey-server'];

/**
 * REDIS_URL when it is set, else a private server when one is on PATH, else BullMQ's PostgreSQL backend; `forced`
 * overrules the last two.
 * @throws CliError when Redis is forced and there is none
 */
export function chooseQueue(
  environment: Readonly<Record<string, string | undefined>>,
  forced: 'redis' | 'postgres' | undefined,
): QueueChoice {
  if (forced === 'postgres') return { engine: 'postgres', reason: '--queue postgres' };
  const url = environment['REDIS_URL'];
  if (url !== undefined && url !== '') return { engine: 'redis', url, reason: 'REDIS_URL is set' };
  const server = findOnPath(SERVERS, environment['PATH'] ?? '');
  if (server !== undefined) return { engine: 'redis', server, reason: `${server} is on PATH` };
  if (forced === 'redis') {
    throw new CliError('there is no Redis to run the queue on', EXIT.unavailable, {
      cause: 'REDIS_URL is not set, and neither redis-server nor valkey-server is on PATH',
      fix: 'install redis-server, set REDIS_URL, or leave --queue redis out',
    });
  }
  return { engine: 'postgres', reason: 'no redis-server or valkey-server on PATH, and no REDIS_URL' };
}

function findOnPath(names: readonly string[], path: string): string | undefined {
  for (const name of names) {
    for (const folder of path.split(delimiter)) {
      const file = join(folder, name);
      if (folder !== '' && isExecutable(file)) return file;
    }
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const READY_WITHIN_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;

/** A private server on loopback, append-only in the data folder. @throws CliError when it does not come up */
export async function startPrivateRedis(options: {
  readonly server: string;
  readonly data: string;
  readonly log: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Promise<{ readonly process: ManagedProcess; readonly url: string; readonly port: number }> {
  const folder = join(options.data, 'redis');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const port = await freePort();
  const settings: Readonly<Record<string, string>> = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  const process = startProcess({
    name: 'redis',
    command: options.server,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    environment: options.environment,
    log: options.log,
    channel: false,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  let over = false;
  void process.ended().then(() => (over = true));
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answersPing(port))) {
    if (over || Date.now() > deadline) {
      process.kill();
      throw new CliError('the private Redis does not come up', EXIT.unavailable, {
        cause: tailOf(options.log),
        fix: 'mend what its log says, or start with --queue postgres',
        log: options.log,
      });
    }
    await delay(20);
  }
  return { process, url: `redis://127.0.0.1:${String(port)}`, port };
}

/** False while it is not there, and while it still loads its append-only file. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/** Starts what carries the jobs, or takes what is configured. */
export async function startQueue(
  {
    data,
    environment,
    forced,
    logFolder,
  }: {
    readonly data: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly forced: 'redis' | 'postgres' | undefined;
    readonly logFolder: string;
  },
  own: (child: ManagedProcess) => void,
): Promise<{ value: QueueInUse; detail: string }> {
  const choice: QueueChoice = chooseQueue(environment, forced);
  if (choice.engine === 'postgres') {
    return { value: { engine: 'postgres', url: null }, detail: `on PostgreSQL (${choice.reason})` };
  }
  if ('url' in choice) {
    return { value: { engine: 'redis', url: choice.url }, detail: `on Redis (${choice.reason})` };
  }
  const log = join(logFolder, 'redis.log');
  const redis = await startPrivateRedis({ server: choice.server, data, log, environment });
  own(redis.process);
  const detail = `on Redis, port ${String(redis.port)} (${basename(choice.server)} is on PATH)`;
  return { value: { engine: 'redis', url: redis.url }, detail };
}
