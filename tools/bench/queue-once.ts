import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { currentTraceparent, setupObservability, traceContext } from '@dawsos/observability';
import { SpanKind } from '@opentelemetry/api';
import type { Telemetry } from 'bullmq';
import { z } from 'zod';

/**
 * One variant of the queue path, once: `node queue-once.ts VARIANT JOBS` with REDIS_URL and OTLP_URL. Adds the jobs and
 * works them off in this process, and prints how many it did a second. What is instrumented is loaded after the
 * instrumentation, so imports are made as they are needed.
 */
const PRODUCERS = 16;
const CONCURRENCY = 16;
const LOCK_SECONDS = 30;
/** Until the exporter has sent what waits: it sends its last, part-filled batch after a second. */
const SENT_AFTER_MS = 1_500;
const QUEUE = 'bench';
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

interface QueuePath {
  readonly add: (id: string) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}
type OpenPath = (onJob: () => void) => Promise<QueuePath>;

const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const otlpUrl = process.env['OTLP_URL'] ?? 'http://127.0.0.1:4318';

const VARIANTS: Readonly<Record<string, OpenPath>> = { plain: bullmq, ours, 'bullmq-otel': withBullmqOtel };

async function bullmq(onJob: () => void, telemetry?: Telemetry): Promise<QueuePath> {
  const { Queue, Worker } = await import('bullmq');
  const { hostname: host, port } = new URL(redisUrl);
  const connection = { host, port: Number(port) };
  const traced = telemetry === undefined ? {} : { telemetry };
  const queue = new Queue(QUEUE, { connection, defaultJobOptions: JOB_OPTIONS, ...traced });
  const worker = new Worker(QUEUE, () => Promise.resolve(onJob()), {
    connection: { ...connection, maxRetriesPerRequest: null },
    concurrency: CONCURRENCY,
    lockDuration: LOCK_SECONDS * 1000,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    ...traced,
  });
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  return {
    add: (id) => queue.add(QUEUE, { run_id: id }, { jobId: id }),
    close: async () => {
      await worker.close();
      await queue.close();
    },
  };
}

/** As bullmq-otel's users set it up: the SDK without filters, and no instrumentation of Redis. */
async function withBullmqOtel(onJob: () => void): Promise<QueuePath> {
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  const { BullMQOtel } = await import('bullmq-otel');
  const exporter = new OTLPTraceExporter({ url: `${otlpUrl}/v1/traces`, concurrencyLimit: 2 });
  // The sizes that ours has (libs/observability).
  const spans = { maxQueueSize: 8_192, maxExportBatchSize: 512, scheduledDelayMillis: 1_000 };
  const sdk = new NodeSDK({
    autoDetectResources: false,
    logRecordProcessors: [],
    metricReaders: [],
    spanProcessors: [new BatchSpanProcessor({ exporter, ...spans })],
  });
  sdk.start();
  const path = await bullmq(onJob, new BullMQOtel());
  return { add: path.add, close: () => path.close().then(() => sdk.shutdown()) };
}

/** As the services set it up: the filter, the context of the run, the instrumentation of Redis, metrics. */
async function ours(onJob: () => void): Promise<QueuePath> {
  const observability = setupObservability({
    serviceName: 'bench',
    otlpEndpoint: otlpUrl,
    processMetrics: false,
    logDestination: { write: () => undefined },
  });
  const { pii, logger, metrics } = observability;
  const { createJobQueue, createJobWorker, createQueueBackend } = await import('@dawsos/queue');
  const backend = createQueueBackend({ engine: 'redis', url: redisUrl, prefix: 'ours' });
  await backend.prepare();
  const shared = { backend, name: QUEUE, logger, pii };
  const queue = createJobQueue<{ run_id: string }>(shared);
  const worker = createJobWorker({
    ...shared,
    schema: z.object({ run_id: z.string() }),
    process: () => Promise.resolve(onJob()),
    concurrency: CONCURRENCY,
    lockSeconds: LOCK_SECONDS,
    metrics,
  });
  return {
    add: async (id) => {
      // The span of the publisher ends before the job is added, as it does in the API.
      const traceparent = await traceContext(
        'publish bench',
        pii.attributes({
          'messaging.system': 'bullmq',
          'messaging.operation.name': 'publish',
          'messaging.operation.type': 'send',
          'messaging.destination.name': QUEUE,
          'messaging.message.id': id,
        }),
        () => currentTraceparent() ?? null,
        { kind: SpanKind.PRODUCER },
      );
      await queue.enqueue([{ id, data: { run_id: id }, traceparent }]);
    },
    close: async () => {
      await worker.close(5_000);
      await queue.close();
      await backend.close();
      await observability.shutdown(5_000);
    },
  };
}

async function main([variant = '', count = '']: readonly string[]): Promise<void> {
  const open = VARIANTS[variant];
  const jobs = Number(count);
  if (open === undefined || !(jobs > 0)) throw new Error('name a variant and the number of jobs');
  let onJob = (): void => undefined;
  const path = await open(() => onJob());
  const work = async (total: number): Promise<void> => {
    const done = Promise.withResolvers<void>();
    let left = total;
    onJob = () => {
      left -= 1;
      if (left === 0) done.resolve();
    };
    let toAdd = total;
    const produce = async (): Promise<void> => {
      while (toAdd > 0) {
        toAdd -= 1;
        await path.add(randomUUID());
      }
    };
    await Promise.all([done.promise, ...Array.from({ length: PRODUCERS }, produce)]);
  };
  await work(Math.ceil(jobs / 4)); // warms up
  const started = performance.now();
  await work(jobs);
  const seconds = (performance.now() - started) / 1000;
  if (variant !== 'plain') await delay(SENT_AFTER_MS);
  await path.close();
  process.stdout.write(`${jobs / seconds}\n`);
}

await main(process.argv.slice(2));
