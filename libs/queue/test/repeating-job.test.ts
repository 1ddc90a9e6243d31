import { randomUUID } from 'node:crypto';
import { PatternJobSchema, type PatternJob } from '@dawsos/contracts';
import { createMetricsRegistry, createPiiFilter, createSilentLogger } from '@dawsos/observability';
import { startRedis, type TestRedis } from '@dawsos/testing';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { createJobQueue, createJobWorker, createQueueBackend } from '../src';

const EVERY_SECOND = '* * * * * *';
const exporter = new InMemorySpanExporter();
let redis: TestRedis;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
  trace.disable();
  propagation.disable();
  context.disable();
});

test('a job that repeats begins a trace each time, so that no trace grows for ever', async () => {
  const logger = createSilentLogger();
  const pii = createPiiFilter();
  const metrics = createMetricsRegistry({ processMetrics: false });
  const backend = createQueueBackend({ engine: 'redis', url: redis.url, prefix: 'repeating' });
  await backend.prepare();
  const queue = createJobQueue<PatternJob>({ backend, name: 'packs', logger, pii });
  const thirdTime = Promise.withResolvers<void>();
  let times = 0;
  const worker = createJobWorker({
    backend,
    name: 'packs',
    schema: PatternJobSchema,
    async process() {
      times += 1;
      if (times === 3) thirdTime.resolve();
    },
    concurrency: 1,
    lockSeconds: 10,
    logger,
    pii,
    metrics,
  });
  await queue.schedule('freshness', EVERY_SECOND, { run_id: randomUUID() });
  await thirdTime.promise;
  await worker.close(1_000);
  await queue.close();
  await backend.close();

  const attempts = exporter.getFinishedSpans();
  expect(attempts.length).toBeGreaterThanOrEqual(3);
  expect(attempts.map(({ name, parentSpanContext }) => [name, parentSpanContext])).toEqual(
    attempts.map(() => ['process packs', undefined]),
  );
  expect(new Set(attempts.map((span) => span.spanContext().traceId)).size).toBe(attempts.length);
});
