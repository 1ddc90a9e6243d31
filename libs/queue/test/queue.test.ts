import { randomUUID } from 'node:crypto';
import { once, EventEmitter } from 'node:events';
import { DawsosError, isDawsosError, PatternJobSchema, type PatternJob } from '@dawsos/contracts';
import { createMetricsRegistry, createPiiFilter, createSilentLogger } from '@dawsos/observability';
import {
  createTestDatabase,
  sharedPostgres,
  startRedis,
  type SharedPostgres,
  type TestRedis,
} from '@dawsos/testing';
import type { Job } from 'bullmq';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import {
  createJobQueue,
  createJobWorker,
  createQueueBackend,
  type JobQueue,
  type JobWorker,
  type NewJob,
  type QueueBackend,
  type QueueBackendOptions,
} from '../src';

const logger = createSilentLogger();
const pii = createPiiFilter();
const metrics = createMetricsRegistry({ serviceName: 'test', serviceVersion: '0', processMetrics: false });
const LOCK_SECONDS = 2;
const DELAY_MS = 2_000;
const SECRET = 'jane.doe@example.com';

function newJob(id: string = randomUUID()): NewJob<PatternJob> {
  return { id, data: { run_id: id }, traceparent: null };
}

/** Resolves once `count` jobs were handed to it. */
class Hands extends EventEmitter {
  readonly taken: string[] = [];

  take(id: string): void {
    this.taken.push(id);
    this.emit('taken');
  }

  async have(count: number): Promise<readonly string[]> {
    while (this.taken.length < count) await once(this, 'taken');
    return this.taken;
  }
}

let redis: TestRedis;
let postgres: SharedPostgres;
beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), sharedPostgres()]);
});
afterAll(async () => {
  await redis.stop();
});

describe.each(['redis', 'postgres'] as const)('a queue on %s', (engine) => {
  let backend: QueueBackend;
  let queue: JobQueue<PatternJob>;
  let name: string;
  const workers: JobWorker[] = [];

  let databaseUrl = '';

  const options = async (): Promise<QueueBackendOptions> => {
    if (engine === 'redis') return { engine, url: redis.url, prefix: `t${randomUUID().slice(0, 8)}` };
    const database = await createTestDatabase(postgres);
    await database.close();
    databaseUrl = database.url;
    return { engine, databaseUrl };
  };

  const work = (
    process: (data: PatternJob, signal: AbortSignal) => Promise<void>,
    concurrency = 4,
  ): JobWorker => {
    const worker = createJobWorker({
      backend,
      name,
      schema: PatternJobSchema,
      process,
      concurrency,
      lockSeconds: LOCK_SECONDS,
      logger,
      pii,
      metrics,
    });
    workers.push(worker);
    return worker;
  };

  beforeEach(async () => {
    name = 'patterns';
    backend = createQueueBackend(await options());
    await backend.prepare();
    queue = createJobQueue<PatternJob>({ backend, name, logger, pii });
  });

  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close(1_000)));
    await queue.close();
    await backend.close();
  });

  it('takes a job of a second principal before the flood of a first, and idles while neither waits', async () => {
    const flood = Array.from({ length: 300 }, (_, index) => ({ ...newJob(), place: index + 1 }));
    await queue.enqueue(flood);
    const second = { ...newJob(), place: 1 };
    await queue.enqueue([second]);
    const hands = new Hands();
    work(async ({ run_id }) => hands.take(run_id), 1);
    const taken = await hands.have(301);
    // the first eight of the flood are as old as they are; the rest gives way
    expect(taken.indexOf(second.id)).toBeLessThan(12);
    expect(new Set(taken).size).toBe(301);
  });

  it('hands each job to a worker, its data as it was added', async () => {
    const hands = new Hands();
    const jobs = Array.from({ length: 50 }, () => newJob());
    await queue.enqueue(jobs);
    work(async (data) => hands.take(data.run_id));
    expect([...(await hands.have(50))].sort()).toEqual(jobs.map((job) => job.id).sort());
  });

  it('adds what is handed over in one turn of the event loop by one call, and the next turn’s by another', async () => {
    const calls: number[] = [];
    const counted: QueueBackend = {
      ...backend,
      openQueue(...args) {
        const opened = backend.openQueue(...args);
        const addBulk = opened.addBulk.bind(opened);
        opened.addBulk = (jobs) => {
          calls.push(jobs.length);
          return addBulk(jobs);
        };
        return opened;
      },
    };
    const gathering = createJobQueue<PatternJob>({ backend: counted, name, logger, pii });
    await Promise.all(Array.from({ length: 5 }, () => gathering.enqueue([newJob()])));
    await gathering.enqueue([newJob(), newJob()]);
    expect(calls).toEqual([5, 2]);
    expect((await queue.depth()).jobs.waiting).toBe(7);
    await gathering.close();
  });

  it('adds a job once while it lives, and again once it is done', async () => {
    const job = newJob();
    await queue.enqueue([job, job]);
    await queue.enqueue([job]);
    expect((await queue.depth()).jobs.waiting).toBe(1);
    expect(await queue.restore([job])).toBe(0);

    const hands = new Hands();
    const worker = work(async (data) => hands.take(data.run_id));
    await hands.have(1);
    await worker.close(1_000);
    expect(await queue.restore([job])).toBe(1);
    work(async (data) => hands.take(data.run_id));
    await hands.have(2);
  });

  it('says how many jobs wait and how long the oldest has', async () => {
    expect(await queue.depth()).toMatchObject({ jobs: { waiting: 0, active: 0 }, oldestWaitingSeconds: 0 });
    await queue.enqueue([newJob(), newJob()]);
    const depth = await queue.depth();
    expect(depth.jobs.waiting).toBe(2);
    expect(depth.oldestWaitingSeconds).toBeGreaterThanOrEqual(0);
    expect(depth.oldestWaitingSeconds).toBeLessThan(60);
  });

  it('goes on after a job that fails, and keeps nothing of what it said', async () => {
    const hands = new Hands();
    const [bad, good] = [newJob(), newJob()];
    await queue.enqueue([bad, good]);
    const worker = work(async (data) => {
      hands.take(data.run_id);
      if (data.run_id === bad.id) throw new Error(`no such customer: ${SECRET}`);
    }, 1);
    await hands.have(2);
    await worker.close(2_000);
    expect((await queue.depth()).jobs).toMatchObject({ waiting: 0, active: 0, failed: 0 });
    expect(await everythingStored()).not.toContain(SECRET);
  });

  it('gives back at shutdown what does not finish within the grace', async () => {
    await queue.enqueue([newJob()]);
    const started = new EventEmitter();
    const reason = new Promise<unknown>((resolve) => {
      const worker = work(
        (_data, signal) =>
          new Promise((_, reject) => {
            started.emit('started', worker);
            signal.addEventListener('abort', () => {
              resolve(signal.reason);
              reject(signal.reason as Error);
            });
          }),
      );
    });
    const [worker] = (await once(started, 'started')) as [JobWorker];
    await worker.close(50);
    expect(await reason).toMatchObject({ code: 'shutting_down' });
    expect(isDawsosError(await reason)).toBe(true);
  });

  it('lets another worker take the job of one whose lock ran out', async () => {
    const hands = new Hands();
    const waking = new AbortController();
    // as a worker that hangs: it holds the job, and does not renew its lock
    const hung = backend.openWorker(
      name,
      async (job: Job<PatternJob>) => {
        hands.take(job.data.run_id);
        if (!waking.signal.aborted) await once(waking.signal, 'abort');
      },
      { lockDuration: LOCK_SECONDS * 1000, skipLockRenewal: true, skipStalledCheck: true },
    );
    hung.on('error', () => undefined);
    await queue.enqueue([newJob()]);
    await hands.have(1);
    const before = await waitCount();
    work(async (data) => hands.take(data.run_id));
    const [first, second] = await hands.have(2);
    expect(second).toBe(first);
    // it had been taken: the time with the other worker is no wait
    expect(await waitCount()).toBe(before);
    waking.abort();
    await hung.close();
  });

  it('counts as waiting only what a worker could take: no delay that was asked for, no time with another worker', async () => {
    const waits: number[] = [];
    const waited = new EventEmitter();
    const own = createMetricsRegistry({ processMetrics: false });
    const worker = createJobWorker({
      backend,
      name,
      schema: PatternJobSchema,
      process: () => Promise.resolve(),
      concurrency: 4,
      lockSeconds: LOCK_SECONDS,
      logger,
      pii,
      metrics: {
        ...own,
        recordQueueWait: (_queue, seconds) => {
          waits.push(seconds);
          waited.emit('waited');
        },
      },
    });
    workers.push(worker);
    const raw = backend.openQueue(name, {});
    const { id, data } = newJob();
    await raw.addBulk([{ name, data, opts: { jobId: id, delay: DELAY_MS, removeOnComplete: true } }]);
    expect(await queue.depth()).toMatchObject({ jobs: { waiting: 0, delayed: 1 }, oldestWaitingSeconds: 0 });
    await once(waited, 'waited');
    await raw.close();
    await raw.disconnect();
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeLessThan(DELAY_MS / 1000);
  });

  async function waitCount(): Promise<string | undefined> {
    const { body } = await metrics.expose(undefined);
    return new RegExp(`^dawsos_queue_wait_seconds_count\\{queue="${name}"\\} (\\d+)$`, 'm').exec(body)?.[1];
  }

  async function everythingStored(): Promise<string> {
    return engine === 'redis' ? everythingInRedis() : everythingInPostgres();
  }

  async function everythingInPostgres(): Promise<string> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema', 'public')`,
    );
    const texts: string[] = [];
    for (const { name: table } of tables.rows) {
      texts.push(JSON.stringify((await client.query(`select * from ${table}`)).rows));
    }
    await client.end();
    expect(texts.length).toBeGreaterThan(0);
    return texts.join('\n');
  }

  async function everythingInRedis(): Promise<string> {
    const client = new Redis(redis.url);
    const texts: string[] = [];
    for (const key of await client.keys('*')) {
      const type = await client.type(key);
      if (type === 'hash') texts.push(JSON.stringify(await client.hgetall(key)));
      if (type === 'stream') texts.push(JSON.stringify(await client.xrange(key, '-', '+')));
    }
    client.disconnect();
    expect(texts.length).toBeGreaterThan(0);
    return texts.join('\n');
  }
});

describe('Redis', () => {
  it('is refused by workers when it may evict keys, which loses jobs', async () => {
    const evicting = await startRedis({ settings: { 'maxmemory-policy': 'allkeys-lru' } });
    const backend = createQueueBackend({ engine: 'redis', url: evicting.url, prefix: 't' });
    await expect(backend.prepare()).rejects.toMatchObject({ code: 'invalid_configuration' });
    await backend.close();
    await evicting.stop();
  });

  it('that is not there makes a producer fail soon, and closing does not hang', async () => {
    const gone = await startRedis();
    const backend = createQueueBackend({ engine: 'redis', url: gone.url, prefix: 't' });
    const queue = createJobQueue<PatternJob>({ backend, name: 'patterns', logger, pii });
    await queue.enqueue([newJob()]);
    await gone.kill();
    await expect(queue.enqueue([newJob()])).rejects.toBeInstanceOf(DawsosError);
    await expect(backend.check()).rejects.toMatchObject({ code: 'queue_unavailable' });
    await gone.restart();
    await queue.close();
    await backend.close();
    await gone.stop();
  });
});
