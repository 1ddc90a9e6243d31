import { randomUUID } from 'node:crypto';
import { once, EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { PatternJobSchema, type PatternJob } from '@dawsos/contracts';
import { createMetricsRegistry, createPiiFilter, createSilentLogger } from '@dawsos/observability';
import {
  createTestDatabase,
  sharedPostgres,
  startRedis,
  startTcpProxy,
  type TcpProxy,
  type SharedPostgres,
  type TestRedis,
} from '@dawsos/testing';
import { createJobQueue, createJobWorker, createQueueBackend, type QueueBackendOptions } from '../src';

const logger = createSilentLogger();
const pii = createPiiFilter();
const metrics = createMetricsRegistry({ serviceName: 'test', serviceVersion: '0', processMetrics: false });

let redis: TestRedis;
let postgres: SharedPostgres;
beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), sharedPostgres()]);
});
afterAll(async () => {
  await redis.stop();
});

function newJob() {
  const id = randomUUID();
  return { id, data: { run_id: id }, traceparent: null };
}

/** A worker behind a proxy that swallows all bytes from `afterMs` after its first job on; a job is added past it. */
async function takesJobAfterSilence(
  proxy: TcpProxy,
  direct: QueueBackendOptions,
  proxied: QueueBackendOptions,
  afterMs: number,
): Promise<number> {
  const near = createQueueBackend(direct);
  await near.prepare();
  const queue = createJobQueue<PatternJob>({ backend: near, name: 'patterns', logger, pii });
  const far = createQueueBackend(proxied);
  const taken = new EventEmitter();
  const worker = createJobWorker({
    backend: far,
    name: 'patterns',
    schema: PatternJobSchema,
    process: async () => void taken.emit('taken'),
    concurrency: 1,
    lockSeconds: 10,
    logger,
    pii,
    metrics,
  });
  const first = once(taken, 'taken');
  await queue.enqueue([newJob()]);
  await first;
  await setTimeout(afterMs);
  proxy.blackhole();
  const second = once(taken, 'taken');
  await queue.enqueue([newJob()]);
  const before = performance.now();
  proxy.heal();
  await second;
  const seconds = (performance.now() - before) / 1000;
  await worker.close(1_000);
  await queue.close();
  await Promise.all([near.close(), far.close()]);
  await proxy.close();
  return seconds;
}

// the silence falls on whatever is under way by then: the end of the job, the next look, the LISTEN being set up
const MOMENTS_MS = [0, 4, 8, 10, 12, 16, 50];

async function onRedis(afterMs: number): Promise<number> {
  const proxy = await startTcpProxy(redis);
  const prefix = `half-${afterMs}`;
  return takesJobAfterSilence(
    proxy,
    { engine: 'redis', url: redis.url, prefix },
    { engine: 'redis', url: `redis://127.0.0.1:${proxy.port}`, prefix },
    afterMs,
  );
}

async function onPostgres(afterMs: number): Promise<number> {
  const [proxy, database] = await Promise.all([startTcpProxy(postgres), createTestDatabase(postgres)]);
  await database.close();
  const proxiedUrl = new URL(database.url);
  proxiedUrl.port = String(proxy.port);
  return takesJobAfterSilence(
    proxy,
    { engine: 'postgres', databaseUrl: database.url },
    { engine: 'postgres', databaseUrl: proxiedUrl.href },
    afterMs,
  );
}

describe('a worker whose connections are half-open', () => {
  it('notices on either engine, whatever was under way, and goes on with new connections', async () => {
    const seconds = await Promise.all(
      MOMENTS_MS.flatMap((afterMs) => [onRedis(afterMs), onPostgres(afterMs)]),
    );
    for (const taken of seconds) expect(taken).toBeLessThan(60);
  }, 120_000);
});

describe('a producer', () => {
  const throughProxy = async () => {
    const proxy = await startTcpProxy({ port: redis.port });
    const url = `redis://127.0.0.1:${String(proxy.port)}`;
    const backend = createQueueBackend({ engine: 'redis', url, prefix: randomUUID() });
    return { proxy, backend, queue: createJobQueue<PatternJob>({ backend, name: 'patterns', logger, pii }) };
  };

  it('adds jobs again once its half-open connection is healed, and its readiness says when', async () => {
    const { proxy, backend, queue } = await throughProxy();
    await queue.enqueue([newJob()]);
    proxy.blackhole();
    await expect(queue.check()).rejects.toMatchObject({ code: 'queue_unavailable' });
    await expect(queue.enqueue([newJob()])).rejects.toMatchObject({ code: 'queue_unavailable' });
    proxy.heal();
    await queue.check();
    await queue.enqueue([newJob()]);
    expect((await queue.depth()).jobs.waiting).toBe(2);
    await queue.close();
    await backend.close();
    await proxy.close();
  });

  it('whose first command fails while Redis starts or is slow is not dead for good', async () => {
    const { proxy, backend, queue } = await throughProxy();
    proxy.blackhole();
    await expect(queue.enqueue([newJob()])).rejects.toMatchObject({ code: 'queue_unavailable' });
    proxy.heal();
    await queue.enqueue([newJob()]);
    expect((await queue.depth()).jobs.waiting).toBe(1);
    await queue.close();
    await backend.close();
    await proxy.close();
  });
});
