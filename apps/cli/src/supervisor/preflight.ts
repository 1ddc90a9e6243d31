import { accessSync, constants, existsSync, mkdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { isDawsosError } from '@dawsos/contracts';
import { isFreePort } from '@dawsos/resilience';
import { EXIT } from '@dawsos/service';
import { CliError } from '../cli-error';
import { readSettings } from '../commands/config';
import type { Environment } from '../context';

const LEAST_FREE_BYTES = 200_000_000;
const ANSWER_WITHIN_MS = 1_000;

/** What can be known of the machine before anything is started. @throws CliError that says what to do */
export function checkDataFolder(data: string): void {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    accessSync(data, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = codeOf(error);
    throw new CliError(`the data folder ${data} cannot be written (${code})`, EXIT.configuration, {
      cause: code === 'ENOTDIR' || code === 'EEXIST' ? 'a file stands in its way' : nearestFolder(data),
      fix: 'name another folder with --data DIR, or make this one yours',
    });
  }
  const { bavail, bsize } = statfsSync(data);
  if (bavail * bsize >= LEAST_FREE_BYTES) return;
  throw new CliError(
    `the disk of ${data} is full: ${String(Math.floor((bavail * bsize) / 1e6))} MB free`,
    EXIT.tryLater,
    {
      fix: 'make room for 200 MB, or name a folder on another disk with --data DIR',
    },
  );
}

function nearestFolder(path: string): string {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return `${folder} does not let this user write`;
}

export async function checkPort(port: number | undefined, setting: string): Promise<void> {
  if (port === undefined || port === 0 || (await isFreePort(port))) return;
  throw new CliError(`the port ${String(port)} is in use`, EXIT.configuration, {
    cause: `${setting} names it, and another program listens on it`,
    fix: 'name another with --port, or leave it out: a free one is taken',
  });
}

/** The settings as such, and the files that they name. @throws CliError, DawsosError `invalid_configuration` */
export async function checkSettings(environment: Environment): Promise<void> {
  readSettings(environment);
  requireFile(environment, 'API_KEYS_FILE', 'make one with: dawsos keys create --help');
  requireFile(environment, 'MARKETS_FILE', 'name a file of market calendars (docs/packs.md), or unset it');
  requireFolder(
    environment,
    'SOURCES_DIR',
    'name a folder of macro series, statements and news, or unset it',
  );
  requireFolder(environment, 'PATTERNS_DIR', 'name a folder of pattern files, or unset it');
  await checkRegistry(environment['RIGHTS_REGISTRY']);
  if (environment['MARKETS_FILE']) {
    const { parseConfiguration } = await import('@dawsos/configuration');
    const { readFreshnessPolicy } = await import('@dawsos/pricing');
    const names = ['MARKETS_FILE', 'PACK_MAX_AGE_BUSINESS_DAYS', 'PACK_BOUND_CONFIDENCE'] as const;
    await readFreshnessPolicy(parseConfiguration(environment, names));
  }
  await checkAnswers(environment, 'DATABASE_URL', 5432);
  await checkAnswers(environment, 'REDIS_URL', 6379);
}

async function checkRegistry(file: string | undefined): Promise<void> {
  if (file === undefined || file === '') return;
  const { parseRegistry } = await import('@dawsos/rights');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`RIGHTS_REGISTRY cannot be read: ${file} (${codeOf(error)})`, EXIT.configuration, {
      fix: 'name a registry file, or unset it: rights/registry.yaml is then taken',
    });
  }
  parseRegistry(text, file);
}

function requireFile(environment: Environment, name: string, fix: string): void {
  const path = environment[name];
  if (path === undefined || path === '') return;
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return;
  throw new CliError(`${name} names ${path}, which is no file`, EXIT.configuration, { fix });
}

function requireFolder(environment: Environment, name: string, fix: string): void {
  const path = environment[name];
  if (path === undefined || path === '') return;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new CliError(`${name} names ${path}, which is no folder`, EXIT.configuration, { fix });
}

/** A server that is named and not there would be waited for in vain. */
async function checkAnswers(environment: Environment, name: string, defaultPort: number): Promise<void> {
  const text = environment[name];
  if (text === undefined || text === '') return;
  const hosts = /^[a-z0-9+]+:\/\/(?:[^@/]*@)?([^/?]*)/i.exec(text)?.[1]?.split(',') ?? [];
  const answers = await Promise.all(hosts.map((host) => accepts(host, defaultPort)));
  if (hosts.length === 0 || answers.some(Boolean)) return;
  throw new CliError(`nothing answers where ${name} points: ${hosts.join(', ')}`, EXIT.unavailable, {
    fix: `start that server, correct ${name}, or unset it: an embedded one is then started`,
  });
}

function accepts(host: string, defaultPort: number): Promise<boolean> {
  const [, name = host, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  return new Promise((resolve) => {
    const socket = connect(port === undefined ? defaultPort : Number(port), name.replace(/^\[|\]$/g, ''));
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

const codeOf = (error: unknown): string => {
  if (isDawsosError(error)) return error.code;
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
};
