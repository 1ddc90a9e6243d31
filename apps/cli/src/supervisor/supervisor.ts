import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { removeInstance, readInstance, writeInstance, type Instance } from '../instance';
import type { Places } from '../places';
import type { Progress } from '../terminal/progress';
import type { Terminal } from '../terminal/terminal';
import { lockDataFolder } from './data-lock';
import { forgetChildren, noteChildren, stopLeftovers } from './leftovers';
import type { ManagedProcess } from './managed-process';
import { awaitFreshPack } from './pack-wait';
import { freePort } from './ports';
import { chooseQueue, startPrivateRedis, type QueueChoice } from './queue-engine';
import { createReleaseStack, type ReleaseStack } from './release-stack';
import { awaitReady, startService, type Service } from './services';

type Environment = Readonly<Record<string, string | undefined>>;

export interface SupervisorOptions {
  readonly places: Places;
  readonly environment: Environment;
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly queue: 'redis' | 'postgres' | undefined;
  readonly workers: number;
  readonly port: number | undefined;
}

export interface Running {
  readonly instance: Instance;
  /** Stops the services first, then what they stand on. Resolves with the names of what did not stop in order. */
  stop(): Promise<readonly string[]>;
  /** Ends all processes at once; the stores recover at the next start. */
  kill(): void;
}

const LEFTOVER_GRACE_MS = 30_000;

/** Starts the embedded default: what the environment names is used, all else is started and owned here. */
export async function startAll(options: SupervisorOptions): Promise<Running> {
  const { places } = options;
  const releases = createReleaseStack();
  const lock = lockDataFolder(places.data);
  releases.push('lock', () => lock.release());
  try {
    return await startLocked(options, releases);
  } catch (error) {
    await releases.releaseAll();
    throw error;
  }
}

async function startLocked(options: SupervisorOptions, releases: ReleaseStack): Promise<Running> {
  const { places, progress, environment, terminal } = options;
  const logFolder = join(places.data, 'log');
  mkdirSync(logFolder, { recursive: true, mode: 0o700 });
  const left = await stopLeftovers(places.data, LEFTOVER_GRACE_MS);
  if (left > 0) terminal.note(`  stopped ${String(left)} processes that a killed dawsos had left running`);

  const processes: ManagedProcess[] = [];
  const note = () =>
    noteChildren(
      places.data,
      processes.flatMap((child) => child.identity() ?? []),
    );
  const own = (child: ManagedProcess) => {
    processes.push(child);
    note();
    releases.push(child.name, () => child.stop());
  };

  releases.push('children', () => forgetChildren(places.data));
  const previous = readInstance(places.data);
  const databaseUrl = await progress.step('PostgreSQL', () => startDatabase(options, releases));
  const queue = await progress.step('queue', () => startQueue(options, logFolder, own));
  const ledger = await progress.step('ledger', () => prepareLedger(places, environment));
  const apiPort = await freePort(options.port ?? previousPort(previous));
  const shared = {
    ...environment,
    ...(await serviceEnvironment({ places, environment, databaseUrl, queue, ledgerRepo: ledger, apiPort })),
  };

  const start = async (app: 'executor-api' | 'pattern-worker' | 'pack-builder', name: string) => {
    const service = await startService({ app, name, root: places.root, logFolder, environment: shared });
    own(service.process);
    return service;
  };
  const services: Service[] = [];
  const builder = await start('pack-builder', 'pack-builder');
  for (let index = 1; index <= options.workers; index += 1) {
    services.push(await start('pattern-worker', `pattern-worker-${String(index)}`));
  }
  const api = await start('executor-api', 'executor-api');
  services.push(builder, api);
  const apiUrl = `http://127.0.0.1:${String(apiPort)}`;
  await progress.step('services', async () => {
    await Promise.all(services.map((service) => awaitReady(service)));
    return { value: undefined, detail: `API, ${String(options.workers)} workers, pack builder` };
  });
  await progress.step('pack', () => awaitFreshPack(apiUrl, builder));

  for (const child of processes) {
    child.keepAlive(({ code, signal }, delayMs) => {
      const how = signal ?? `exit code ${String(code)}`;
      terminal.note(
        `  ${child.name} ended (${how}); starting it again in ${String(delayMs)} ms. Log: ${child.log}`,
      );
      setTimeout(note, delayMs + 100).unref();
    });
  }
  const instance = describe(apiUrl, databaseUrl, queue, ledger, services);
  writeInstance(places.data, instance);
  releases.push('instance', () => removeInstance(places.data));
  return {
    instance,
    stop: () => releases.releaseAll(),
    kill: () => {
      for (const child of processes) child.kill();
    },
  };
}

interface QueueInUse {
  readonly engine: 'redis' | 'postgres';
  readonly url: string | null;
}

async function startDatabase(
  { places, environment }: SupervisorOptions,
  releases: ReleaseStack,
): Promise<{ value: string; detail: string }> {
  const { migrateToLatest, openDatabase, startEmbeddedPostgres } = await import('@dawsos/database');
  const configured = environment['DATABASE_URL'];
  let url = configured;
  let detail = 'DATABASE_URL is set';
  if (url === undefined || url === '') {
    const server = await startEmbeddedPostgres({ dataDir: join(places.data, 'postgres') });
    releases.push('postgres', () => server.stop());
    url = server.url;
    detail = `embedded, port ${String(server.port)}`;
  }
  const database = openDatabase({ url, maxConnections: 2, applicationName: 'dawsos-up' });
  try {
    const applied = await migrateToLatest(database);
    if (applied.length > 0) detail += `, ${String(applied.length)} migrations`;
  } finally {
    await database.close();
  }
  return { value: url, detail };
}

async function startQueue(
  { places, environment, queue: forced }: SupervisorOptions,
  logFolder: string,
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
  const redis = await startPrivateRedis({ server: choice.server, data: places.data, log, environment });
  own(redis.process);
  const detail = `on Redis, port ${String(redis.port)} (${basename(choice.server)} is on PATH)`;
  return { value: { engine: 'redis', url: redis.url }, detail };
}

async function prepareLedger(
  places: Places,
  environment: Environment,
): Promise<{ value: string; detail: string }> {
  const configured = environment['LEDGER_REPO'];
  if (configured !== undefined && configured !== '') {
    return { value: configured, detail: `${configured} (LEDGER_REPO is set)` };
  }
  const { createExampleLedgerRepository } = await import('../example-repository.js');
  const { dir, commit } = await createExampleLedgerRepository(join(places.data, 'example-ledger'));
  return { value: dir, detail: `the example at ${commit.slice(0, 7)}` };
}

/** What the services are told; a variable that the user set stays as it is. */
async function serviceEnvironment(from: {
  readonly places: Places;
  readonly environment: Environment;
  readonly databaseUrl: string;
  readonly queue: QueueInUse;
  readonly ledgerRepo: string;
  readonly apiPort: number;
}): Promise<Environment> {
  const { places, environment, queue } = from;
  const market = environment['PRICES_DIR'];
  const exampleMarket = join(places.root, 'examples', 'market');
  return {
    DATABASE_URL: from.databaseUrl,
    QUEUE_ENGINE: queue.engine,
    ...(queue.url === null ? {} : { REDIS_URL: queue.url }),
    LEDGER_REPO: from.ledgerRepo,
    PATTERNS_DIR: environment['PATTERNS_DIR'] ?? join(places.root, 'patterns'),
    RIGHTS_REGISTRY: environment['RIGHTS_REGISTRY'] ?? join(places.root, 'rights', 'registry.yaml'),
    PRICES_DIR: market ?? exampleMarket,
    SOURCES_DIR: environment['SOURCES_DIR'] ?? market ?? exampleMarket,
    // The example's prices end on a day; a pack of that day is fresh only on days near it.
    ...(market === undefined && environment['TODAY'] === undefined ? await lastDayOf(exampleMarket) : {}),
    HOST: environment['HOST'] ?? '127.0.0.1',
    PORT: String(from.apiPort),
  };
}

async function lastDayOf(market: string): Promise<Environment> {
  const { newestQuoteDate, readPriceFolder } = await import('@dawsos/pricing');
  const day = newestQuoteDate(await readPriceFolder(market));
  return day === undefined ? {} : { TODAY: day };
}

function previousPort(instance: Instance | undefined): number | undefined {
  return instance === undefined ? undefined : Number(new URL(instance.api_url).port);
}

function describe(
  apiUrl: string,
  databaseUrl: string,
  queue: QueueInUse,
  ledgerRepo: string,
  services: readonly Service[],
): Instance {
  return {
    pid: process.pid,
    started_at: new Date().toISOString(),
    api_url: apiUrl,
    database_url: databaseUrl,
    queue_engine: queue.engine,
    redis_url: queue.url,
    ledger_repo: ledgerRepo,
    processes: services.map((service) => ({
      name: service.process.name,
      operations_url: service.operationsUrl,
      log: service.process.log,
    })),
  };
}
