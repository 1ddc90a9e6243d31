import { DawsosError } from '@dawsos/contracts';
import { settlesWithin, withDeadline } from '@dawsos/resilience';
import {
  createPostgresBackend,
  DEFAULT_SCHEMA,
  Queue,
  runMigrations,
  Worker,
  type PgPool,
  type Processor,
  type QueueOptions,
  type WorkerOptions,
} from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import { Client, Pool } from 'pg';
import { SilenceGuardedClient } from './silence-guarded-client';
import { connectRedis, parseRedisUrl, type ConnectionRole, type RedisTarget } from './connection';

export type QueueBackendOptions =
  | { readonly engine: 'redis'; readonly url: string; readonly prefix: string }
  | { readonly engine: 'postgres'; readonly databaseUrl: string };

export type QueueSettings = Omit<QueueOptions, 'connection' | 'prefix'>;
export type WorkerSettings = Omit<WorkerOptions, 'connection' | 'prefix'>;

/** What is used of BullMQ's classes: the same on both engines, whose class types differ in their connection. */
export interface OpenQueue extends Pick<
  Queue,
  | 'addBulk'
  | 'getJob'
  | 'getJobState'
  | 'remove'
  | 'getJobCounts'
  | 'getJobs'
  | 'upsertJobScheduler'
  | 'close'
  | 'disconnect'
> {
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Gives up the connection that was made for it. */
  release(): Promise<void>;
}
export interface OpenWorker extends Pick<Worker, 'close' | 'disconnect'> {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'stalled', listener: (jobId: string) => void): unknown;
  on(event: 'lockRenewalFailed', listener: (jobIds: string[]) => void): unknown;
  on(event: 'locksRenewed', listener: () => void): unknown;
}

/** What carries the jobs. Everything of ours reaches BullMQ through it. */
export interface QueueBackend {
  readonly engine: 'redis' | 'postgres';
  openQueue(name: string, settings: QueueSettings): OpenQueue;
  openWorker(name: string, processor: Processor, settings: WorkerSettings): OpenWorker;
  /**
   * Makes the engine ready for workers: PostgreSQL gets BullMQ's schema, Redis is checked.
   * @throws DawsosError `queue_unavailable`; `invalid_configuration` where Redis may evict keys, which loses jobs.
   */
  prepare(): Promise<void>;
  /** Resolves when the engine answers. @throws DawsosError `queue_unavailable` */
  check(): Promise<void>;
  /** Closes the connections that it opened, after the queues and workers are closed. Never hangs. */
  close(): Promise<void>;
}

/** The connections of one queue or worker: its queries, and the one that listens. */
const POSTGRES_CONNECTIONS = 5;
const CHECK_TIMEOUT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 10_000;

export interface QueueConfiguration {
  readonly QUEUE_ENGINE: 'redis' | 'postgres';
  readonly REDIS_URL: string | undefined;
  readonly QUEUE_PREFIX: string;
  readonly DATABASE_URL: string;
}

/** The backend that the configuration names. @throws DawsosError `invalid_configuration` */
export function queueBackendFor(configuration: QueueConfiguration): QueueBackend {
  const {
    QUEUE_ENGINE: engine,
    REDIS_URL: url,
    QUEUE_PREFIX: prefix,
    DATABASE_URL: databaseUrl,
  } = configuration;
  if (engine === 'postgres') return createQueueBackend({ engine, databaseUrl });
  if (url !== undefined) return createQueueBackend({ engine, url, prefix });
  throw new DawsosError(
    'invalid_configuration',
    'REDIS_URL is not set and QUEUE_ENGINE is redis. Set it (REDIS_URL=redis://localhost:6379), or QUEUE_ENGINE=postgres.',
  );
}

/** Opens nothing yet: connections are made as queues and workers are. */
export function createQueueBackend(options: QueueBackendOptions): QueueBackend {
  return options.engine === 'redis' ? redisBackend(options) : postgresBackend(options.databaseUrl);
}

function redisBackend({ url, prefix }: { url: string; prefix: string }): QueueBackend {
  const target = parseRedisUrl(url);
  const connections = new Set<Redis | Cluster>();
  const open = (role: ConnectionRole): Redis | Cluster => {
    const connection = connectRedis(target, role);
    // an error without a listener ends the process; BullMQ reports what it cannot mend
    connection.on('error', () => undefined);
    connections.add(connection);
    return connection;
  };
  let probe: Redis | Cluster | undefined;
  const check = async (): Promise<void> => {
    const own = (probe ??= open('producer'));
    await within(() => own.ping(), 'Redis does not answer');
  };
  return {
    engine: 'redis',
    openQueue(name, settings) {
      const connection = open('producer');
      const queue = new Queue(name, {
        ...settings,
        connection,
        prefix: keyPrefix(target, prefix),
        skipWaitingForReady: true,
      });
      return releasing(queue, async () => {
        connections.delete(connection);
        connection.disconnect();
      });
    },
    openWorker: (name, processor, settings) =>
      new Worker(name, processor, {
        ...settings,
        connection: open('worker'),
        prefix: keyPrefix(target, prefix),
      }),
    check,
    async prepare() {
      await check();
      if (probe !== undefined) await refuseEviction(probe);
    },
    close: () => {
      for (const connection of connections) connection.disconnect();
      return Promise.resolve();
    },
  };
}

function releasing<Q extends Omit<OpenQueue, 'release'>>(queue: Q, release: () => Promise<void>): OpenQueue {
  return Object.assign(queue, { release });
}

/** On a cluster all keys of a queue must lie on one shard, which a hash tag sees to. */
function keyPrefix(target: RedisTarget, prefix: string): string {
  return target.kind === 'cluster' ? `{${prefix}}` : prefix;
}

/** Redis that evicts keys loses jobs in silence. Where CONFIG is not allowed, the operator answers for it. */
async function refuseEviction(connection: Redis | Cluster): Promise<void> {
  const answer: unknown = await connection.call('CONFIG', 'GET', 'maxmemory-policy').catch(() => undefined);
  const policy: unknown = Array.isArray(answer) ? answer[1] : undefined;
  if (typeof policy !== 'string' || policy === 'noeviction') return;
  throw new DawsosError(
    'invalid_configuration',
    `REDIS_URL: this Redis evicts keys (maxmemory-policy is ${policy}), which loses jobs. Set maxmemory-policy noeviction.`,
  );
}

function postgresBackend(databaseUrl: string): QueueBackend {
  const pools = new Set<Pool>();
  // pools of our own: of a configuration BullMQ makes its LISTEN client by itself, without a bound on any answer
  const open = (): Pool & PgPool => {
    const pool = new Pool({
      connectionString: databaseUrl,
      // what BullMQ sets on pools that it makes
      options: `-c search_path=${DEFAULT_SCHEMA}`,
      max: POSTGRES_CONNECTIONS,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      Client: SilenceGuardedClient,
    });
    pools.add(pool);
    // pg's own types want a row type where BullMQ's copy of them takes any
    return pool as Pool & PgPool;
  };
  const withClient = async <T>(use: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CHECK_TIMEOUT_MS });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await use(client);
    } catch (error) {
      throw unavailable('the PostgreSQL of the queue does not answer', error);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  return {
    engine: 'postgres',
    openQueue(name, settings) {
      const pool = open();
      const queue = new Queue(name, { ...settings, connection: pool }, createPostgresBackend);
      return releasing(queue, async () => {
        pools.delete(pool);
        await pool.end();
      });
    },
    openWorker: (name, processor, settings) =>
      new Worker(name, processor, { ...settings, connection: open() }, createPostgresBackend),
    check: () => withClient(async (client) => void (await client.query('select 1'))),
    prepare: () => withClient(async (client) => void (await runMigrations(client))),
    close: async () => {
      await settlesWithin(() => Promise.all([...pools].map((pool) => pool.end())), CLOSE_TIMEOUT_MS);
    },
  };
}

async function within<T>(answer: () => Promise<T>, problem: string): Promise<T> {
  const late = { onTimeout: () => new Error('no answer in time') };
  try {
    return await withDeadline({ timeoutMs: CHECK_TIMEOUT_MS }, late, answer);
  } catch (error) {
    throw unavailable(problem, error);
  }
}

function unavailable(problem: string, cause: unknown): DawsosError {
  return new DawsosError('queue_unavailable', `The queue is not reachable: ${problem}.`, { cause });
}
