import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createTestDatabase,
  freePort,
  startPostgres,
  startRedis,
  type TestDatabase,
  type TestPostgres,
  type TestRedis,
} from '@dawsos/testing';
import { createApi, type Api } from './api';
import { CANARY_LEDGER, startCanaryWatch } from './canary';
import { createLedgerRepository, type LedgerRepository } from './ledger-repository';
import { ROOT, startServiceProcess, type Environment, type ServiceProcess } from './service-process';

export const ENGINES = ['redis', 'postgres'] as const;
export type Engine = (typeof ENGINES)[number];

/** How long a worker holds a job: short, so that a dead worker's run moves on within seconds. */
const LOCK_SECONDS = 2;
/** The newest day that the example has prices for. */
export const EXAMPLE_LAST_DAY = '2025-10-22';
const PACK_WITHIN_MS = 120_000;

export interface StackOptions {
  readonly engine: Engine;
  readonly workers?: number;
  /** For all services. */
  readonly environment?: Environment;
}

/** The whole system from real processes: PostgreSQL, Redis where the engine is Redis, API, workers, a fresh pack. */
export interface Stack {
  readonly engine: Engine;
  readonly postgres: TestPostgres;
  readonly database: TestDatabase;
  readonly redis: TestRedis | undefined;
  readonly ledger: LedgerRepository;
  readonly api: Api;
  readonly apiProcess: ServiceProcess;
  readonly workers: readonly ServiceProcess[];
  readonly packBuilder: ServiceProcess;
  startWorker(environment?: Environment): Promise<ServiceProcess>;
  /** A further API process; `api` stays as it is. */
  startApi(environment?: Environment): Promise<{ api: Api; process: ServiceProcess }>;
  stop(): Promise<void>;
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'dawsos-e2e-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  let failure: Error | undefined;
  const stop = async () => {
    for (let last = stops.pop(); last !== undefined; last = stops.pop())
      await last().catch(
        (error: unknown) => (failure ??= error instanceof Error ? error : new Error(String(error))),
      );
    if (failure !== undefined) throw failure;
  };
  try {
    return await build(options, folder, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  options: StackOptions,
  folder: string,
  stops: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Stack> {
  const { engine } = options;
  const postgres = await startPostgres();
  stops.push(() => postgres.stop());
  const database = await createTestDatabase(postgres);
  stops.push(() => database.close());
  const redis = engine === 'redis' ? await startRedis() : undefined;
  if (redis !== undefined) stops.push(() => redis.stop());
  const ledger = await createLedgerRepository(join(folder, 'ledger'), CANARY_LEDGER);
  const patterns = join(folder, 'patterns');
  for (const from of [join(ROOT, 'patterns'), join(ROOT, 'e2e', 'patterns')])
    await cp(from, patterns, { recursive: true });
  const canary = await startCanaryWatch({
    folder,
    database,
    redis,
    sendsElsewhere: options.environment?.['OTEL_EXPORTER_OTLP_ENDPOINT'] !== undefined,
  });
  stops.push(
    () => canary.close(),
    () => canary.search(),
  );
  const shared: Environment = {
    DATABASE_URL: database.url,
    QUEUE_ENGINE: engine,
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    LEDGER_REPO: ledger.dir,
    PATTERNS_DIR: patterns,
    RIGHTS_REGISTRY: join(ROOT, 'rights', 'registry.yaml'),
    PRICES_DIR: join(ROOT, 'examples', 'market'),
    SOURCES_DIR: join(ROOT, 'examples', 'market'),
    TODAY: EXAMPLE_LAST_DAY,
    JOB_LOCK_SECONDS: String(LOCK_SECONDS),
    SHUTDOWN_TIMEOUT_SECONDS: '10',
    RATE_LIMIT_PER_MINUTE: '1000000',
    ...canary.environment,
    ...options.environment,
  };

  const services: ServiceProcess[] = [];
  let started = 0;
  const start = async (app: ServiceProcess['app'], extra: Environment = {}) => {
    started += 1;
    const logFile = join(folder, `${app}-${String(started)}.log`);
    const service = await startServiceProcess({ app, environment: { ...shared, ...extra }, logFile });
    services.push(service);
    stops.push(async () => {
      if (service.alive()) await service.stop();
    });
    return service;
  };
  const startApi = async (extra: Environment = {}) => {
    const port = String(await freePort());
    const process = await start('executor-api', { PORT: port, ...extra });
    return { api: createApi(`http://127.0.0.1:${port}`), process };
  };

  const workers: ServiceProcess[] = [];
  const startWorker = async (extra?: Environment) => {
    const worker = await start('pattern-worker', extra);
    workers.push(worker);
    return worker;
  };
  const [packBuilder, { api, process: apiProcess }] = await Promise.all([
    start('pack-builder'),
    startApi(),
    ...Array.from({ length: options.workers ?? 1 }, () => startWorker()),
  ]);
  await untilPackIsFresh(api);
  await canary.plant(api);
  stops.push(() => canary.scrape(services));
  return {
    engine,
    postgres,
    database,
    redis,
    ledger,
    api,
    apiProcess,
    workers,
    packBuilder,
    startWorker,
    startApi,
    stop,
  };
}

async function untilPackIsFresh(api: Api): Promise<void> {
  const deadline = Date.now() + PACK_WITHIN_MS;
  for (;;) {
    const answer = await api.request('/health/pack');
    const text = await answer.text();
    if (answer.status === 200) return;
    if (Date.now() > deadline) throw new Error(`no fresh pack: ${text}`);
    await delay(50);
  }
}
