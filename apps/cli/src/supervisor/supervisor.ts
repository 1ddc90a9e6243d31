import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '@dawsos/database';
import type { PackBuilds } from '@dawsos/pricing';
import { freePort } from '@dawsos/resilience';
import type { Books } from '../books/books';
import { claimForBooks } from '../books/kept-books';
import type { Environment } from '../context';
import { lastInstance, removeInstance, writeInstance, type Instance } from '../instance';
import type { Progress } from '../terminal/progress';
import type { Terminal } from '../terminal/terminal';
import { lockDataFolder } from './data-lock';
import { openStore } from './embedded-database';
import { forgetChildren, noteChildren, stopLeftovers } from './leftovers';
import type { ManagedProcess } from './managed-process';
import { awaitFirstBuild, describePack, packState, type FirstPack } from './pack-wait';
import { checkPort } from './preflight';
import { identifyProcess } from './process-identity';
import { startQueue, type QueueInUse } from './queue-engine';
import { createReleaseStack, type ReleaseStack } from './release-stack';
import { serviceEnvironment, settingsOf, writeEnvironment } from './service-environment';
import { awaitReady, startService, type Service } from './services';

export interface SupervisorOptions {
  readonly root: string;
  readonly data: string;
  readonly environment: Environment;
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly queue: 'redis' | 'postgres' | undefined;
  readonly workers: number;
  readonly port: number | undefined;
  /** Only these services, for a person who debugs the others. */
  readonly only?: readonly ServiceName[] | undefined;
  /** Lets a debugger attach to this one, on a free port that is said. */
  readonly inspect?: boolean | undefined;
  /** Opens the ledger and its prices, once the data folder is this process's own. */
  readonly openBooks: () => Promise<Books>;
}

export const SERVICE_NAMES = ['api', 'worker', 'builder'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export interface Running {
  readonly instance: Instance;
  readonly books: Books;
  readonly pack: FirstPack;
  readonly builds: PackBuilds;
  /** The services' variables, for a person who starts one by hand. */
  readonly environmentFile: string;
}

export interface Supervisor {
  /** Starts the embedded default. @throws the signal's reason as soon as it is aborted, whatever the phase */
  start(signal: AbortSignal): Promise<Running>;
  /** Stops the services first, then what they stand on. Resolves with the names of what did not stop in order. */
  stop(): Promise<readonly string[]>;
  /** Ends all processes at once; the stores recover at the next start. */
  kill(): void;
}

const LEFTOVER_GRACE_MS = 30_000;

/** Starts what the environment does not name, owns it, and stops it; what it names is used as it is. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const releases = createReleaseStack();
  const kills: (() => void)[] = [];
  return {
    start: (signal) => start(options, releases, kills, signal),
    stop: () => releases.releaseAll(),
    kill: () => {
      for (const kill of kills) kill();
    },
  };
}

async function start(
  options: SupervisorOptions,
  releases: ReleaseStack,
  kills: (() => void)[],
  signal: AbortSignal,
): Promise<Running> {
  const { data, progress, environment, terminal } = options;
  const lock = lockDataFolder(data);
  releases.push('lock', () => lock.release());
  const books = await options.openBooks();
  await claimForBooks(data, books);
  signal.throwIfAborted();
  const wantedPort = options.port ?? (Number(environment['PORT'] ?? 0) || undefined);
  await checkPort(wantedPort, options.port === undefined ? 'PORT' : '--port');

  const logFolder = join(data, 'log');
  mkdirSync(logFolder, { recursive: true, mode: 0o700 });
  const left = await stopLeftovers(data, LEFTOVER_GRACE_MS);
  if (left > 0) terminal.note(`  stopped ${String(left)} processes that a killed dawsos had left running`);

  const processes: ManagedProcess[] = [];
  const note = () =>
    noteChildren(
      data,
      processes.flatMap((child) => child.identity() ?? []),
    );
  const own = (child: ManagedProcess) => {
    processes.push(child);
    note();
    kills.push(() => child.kill());
    releases.push(child.name, () => child.stop());
  };
  const step: Progress['step'] = async (label, work) => {
    const value = await progress.step(label, work);
    signal.throwIfAborted();
    return value;
  };

  releases.push('children', () => forgetChildren(data));
  const startedAt = new Date(Date.now() - 1_000);
  const databaseUrl = await step('PostgreSQL', async () => {
    const store = await openStore(environment, data, terminal);
    kills.push(() => store.kill());
    releases.push('postgres', () => store.stop());
    return { value: store.url, detail: await migrate(store.url, store.detail) };
  });
  const builds = await openBuilds(databaseUrl, books, releases);
  const queue = await step('queue', () => startQueue({ ...options, forced: options.queue, logFolder }, own));
  const apiPort = await freePort(wantedPort ?? previousPort(lastInstance(data)));
  const shared = serviceEnvironment({ ...options, databaseUrl, queue, books, apiPort });

  const environmentFile = writeEnvironment(data, shared);
  const services: Service[] = [];
  for (const { app, name } of plan(options)) {
    const service = await startService({
      app,
      name,
      root: options.root,
      logFolder,
      environment: shared,
      inspect: options.inspect,
    });
    own(service.process);
    services.push(service);
    if (service.inspectUrl !== undefined) terminal.note(`  ${name}: debugger at ${service.inspectUrl}`);
  }
  const apiUrl = `http://127.0.0.1:${String(apiPort)}`;
  await step('services', async () => {
    await Promise.all(services.map((service) => awaitReady(service, signal)));
    return { value: undefined, detail: services.map(({ process }) => process.name).join(', ') };
  });
  const keep = () => keepAlive(processes, terminal, note);
  keep();
  const pack = await step('pack', async () => {
    const isBuilt = services.some(({ process }) => process.name === 'pack-builder');
    const value = isBuilt
      ? await awaitFirstBuild(apiUrl, builds, startedAt, signal)
      : { state: await packState(apiUrl), failure: undefined, isBuilding: false, wasThere: false };
    return { value, detail: describePack(value) };
  });
  const instance = describe({ apiUrl, databaseUrl, queue, books, services, shared });
  writeInstance(data, instance);
  releases.push('instance', () => removeInstance(data));
  return { instance, books, pack, builds, environmentFile };
}

function keepAlive(processes: readonly ManagedProcess[], terminal: Terminal, note: () => void): void {
  for (const child of processes) {
    child.keepAlive(({ code, signal }, delayMs) => {
      const how = signal ?? `exit code ${String(code)}`;
      terminal.note(
        `  ${child.name} ended (${how}); starting it again in ${String(delayMs)} ms. Log: ${child.log}`,
      );
      setTimeout(note, delayMs + 100).unref();
    });
  }
}

type App = 'executor-api' | 'pattern-worker' | 'pack-builder';

function plan({ only, workers }: SupervisorOptions): readonly { readonly app: App; readonly name: string }[] {
  const wanted = (name: ServiceName) => only === undefined || only.includes(name);
  const all = Array.from({ length: workers }, (_, index) => ({
    app: 'pattern-worker' as const,
    name: `pattern-worker-${String(index + 1)}`,
  }));
  return [
    ...(wanted('builder') ? [{ app: 'pack-builder' as const, name: 'pack-builder' }] : []),
    ...(wanted('worker') ? all : []),
    ...(wanted('api') ? [{ app: 'executor-api' as const, name: 'executor-api' }] : []),
  ];
}

async function migrate(url: string, detail: string): Promise<string> {
  const { migrateToLatest, openDatabase } = await import('@dawsos/database');
  const database = openDatabase({ url, maxConnections: 2, applicationName: 'dawsos-up' });
  try {
    const applied = await migrateToLatest(database);
    return applied.length > 0 ? `${detail}, ${String(applied.length)} migrations` : detail;
  } finally {
    await database.close();
  }
}

/** The supervisor's own view of builds: it waits for the first, and asks for more when the books change. */
async function openBuilds(url: string, books: Books, releases: ReleaseStack): Promise<PackBuilds> {
  const { openDatabase } = await import('@dawsos/database');
  const { createPackBuilds, sourcesId } = await import('@dawsos/pricing');
  const database: Database = openDatabase({ url, maxConnections: 2, applicationName: 'dawsos-up' });
  releases.push('database connections', () => database.close());
  const settings = { LEDGER_REPO: books.repo, LEDGER_FILE: books.place.file, PRICES_DIR: books.pricesDir };
  const pins = async () => ({
    ledgerCommit: await books.repository.resolve(books.ref),
    sources: sourcesId(settings),
  });
  return createPackBuilds({ database, pins });
}

function previousPort(instance: Instance | undefined): number | undefined {
  return instance === undefined ? undefined : Number(new URL(instance.api_url).port);
}

function describe(from: {
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly queue: QueueInUse;
  readonly books: Books;
  readonly services: readonly Service[];
  readonly shared: Environment;
}): Instance {
  const { queue, books, services } = from;
  const { settings, secrets } = settingsOf(from.shared);
  return {
    pid: process.pid,
    process_started: identifyProcess(process.pid)?.started ?? '',
    started_at: new Date().toISOString(),
    api_url: from.apiUrl,
    database_url: from.databaseUrl,
    queue_engine: queue.engine,
    redis_url: queue.url,
    ledger: books.identity,
    settings,
    secrets: [...secrets],
    processes: services.map((service) => ({
      name: service.process.name,
      operations_url: service.operationsUrl,
      log: service.process.log,
    })),
  };
}
