import { type Agent, defineCapability } from '@dawsos/agents';
import { DawsosError, PATTERN_QUEUE, PatternJobSchema, type PatternJob } from '@dawsos/contracts';
import {
  createMetricsRegistry,
  createPiiFilter,
  createSilentLogger,
  currentTraceparent,
  traceContext,
} from '@dawsos/observability';
import {
  createJobQueue,
  createJobWorker,
  createQueueBackend,
  type JobQueue,
  type QueueBackend,
} from '@dawsos/queue';
import { startRedis, type ReceivedSpan, type TestRedis } from '@dawsos/testing';
import { SpanKind } from '@opentelemetry/api';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { startWorkerRig, type TestWorker } from './worker-rig';

jest.setTimeout(60_000);

const PATTERN = {
  id: 'scripted',
  version: '1.0.0',
  name: 'Scripted',
  description: 'Does what the test says',
  steps: [{ id: 'act', capability: 'test.act', as: 'act' }],
  outputs: ['act'],
};
type Act = (signal: AbortSignal) => Promise<unknown>;

/** An agent whose step does the first act in its first attempt, and so on; the last one again and again. */
function actor(...acts: readonly Act[]): Agent {
  let calls = 0;
  const capability = defineCapability({
    name: 'test.act',
    description: 'Acts',
    args: z.strictObject({}),
    result: z.strictObject({ done: z.boolean() }),
    run: async (_args, { signal }) => {
      await acts[Math.min(calls++, acts.length - 1)]?.(signal);
      return { done: true };
    },
  });
  return { name: 'actor', version: '1', capabilities: [capability] };
}

const succeeds: Act = async () => undefined;
const failsWith =
  (code: 'price_missing' | 'step_timeout'): Act =>
  async () => {
    throw new DawsosError(code, 'as the test says');
  };
/** Tells when it was reached, and hangs until it is told to stop. */
function hanging() {
  const reached = Promise.withResolvers<void>();
  const act: Act = (signal) =>
    new Promise((_, reject) => {
      reached.resolve();
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  return { act, reached: reached.promise };
}

const STEP_OK = ['    step_0', '      agent_execute'];
const STEP_FAILED = ['    step_0 error', '      agent_execute error'];

describe('the trace of a run, from the queue down', () => {
  let rig: Awaited<ReturnType<typeof startWorkerRig>>;
  let redis: TestRedis;
  let connection: Redis;
  let backend: QueueBackend;
  let queue: JobQueue<PatternJob>;
  const logger = createSilentLogger();
  const pii = createPiiFilter();
  const metrics = createMetricsRegistry({ processMetrics: false });
  const closes: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    [rig, redis] = await Promise.all([startWorkerRig(), startRedis()]);
    connection = new Redis(redis.url);
    backend = createQueueBackend({ engine: 'redis', url: redis.url, prefix: 'trace' });
    await backend.prepare();
    queue = createJobQueue({ backend, name: PATTERN_QUEUE, logger, pii });
  });
  afterEach(async () => {
    await Promise.all(closes.splice(0).map((close) => close()));
  });
  afterAll(async () => {
    await queue.close();
    await backend.close();
    connection.disconnect();
    await redis.stop();
    await rig.stop();
  });

  /** A worker on the queue; `ended` resolves each time that it is done with a job. */
  async function work(agent: Agent, maxAttempts?: number): Promise<TestWorker & { ended(): Promise<void> }> {
    const worker = await rig.startWorker({
      agents: [agent],
      patterns: [PATTERN],
      ...(maxAttempts === undefined ? {} : { maxAttempts }),
    });
    let done = Promise.withResolvers<void>();
    const jobs = createJobWorker({
      backend,
      name: PATTERN_QUEUE,
      schema: PatternJobSchema,
      process: (job, signal) => worker.attempt(job.run_id, signal).finally(() => done.resolve()),
      concurrency: 1,
      lockSeconds: 2,
      logger,
      pii,
      metrics,
    });
    closes.push(() => jobs.close(1_000));
    return {
      ...worker,
      async ended() {
        await done.promise;
        done = Promise.withResolvers();
      },
    };
  }

  const jobOf = (runId: string, traceparent: string) => ({
    id: runId,
    data: { run_id: runId, pattern_id: PATTERN.id, request_id: 'req-1' },
    traceparent,
  });

  /** As the API does: the run, with the publishing span's context, then its job. */
  function submit({
    patterns,
  }: TestWorker): Promise<{ runId: string; traceId: string; traceparent: string }> {
    return traceContext(
      'publish patterns',
      {},
      async (span) => {
        const traceparent = currentTraceparent() ?? '';
        const runId = await rig.accept(patterns, PATTERN.id, {}, traceparent);
        await queue.enqueue([jobOf(runId, traceparent)]);
        return { runId, traceId: span.spanContext().traceId, traceparent };
      },
      { kind: SpanKind.PRODUCER },
    );
  }

  const isAttempt = ({ name }: ReceivedSpan) => name === 'process patterns';
  /** The whole trace, once so many attempts are there. */
  async function traced(
    traceId: string,
    attempts: number,
  ): Promise<{ lines: string[]; attempts: ReceivedSpan[] }> {
    const ofRun = () => rig.traces.spans().filter((span) => span.traceId === traceId);
    await rig.traces.until(
      () =>
        ofRun().filter(isAttempt).length >= attempts &&
        ofRun().some(({ name }) => name === 'publish patterns'),
      // spans leave in batches, each some seconds after its first
      30_000,
    );
    const drawn = rig.traces.draw(traceId, {
      label: ({ name, status }) => (status.code === 'error' ? `${name} error` : name),
    });
    const inOrder = ofRun()
      .filter(isAttempt)
      .sort((a, b) => Number(a.startUnixNano - b.startUnixNano));
    return { lines: drawn.split('\n'), attempts: inOrder };
  }
  /** Which attempt each is, its error, and the position of the one that it is linked to. */
  const story = (attempts: readonly ReceivedSpan[]) =>
    attempts.map(({ attributes, links }) => [
      attributes['attempt'],
      attributes['error.type'],
      ...links.map(({ traceId, spanId }) =>
        attempts.findIndex((other) => other.traceId === traceId && other.spanId === spanId),
      ),
    ]);
  const removed = async (runId: string) => {
    while ((await queue.stateOf(runId)) !== 'missing') await new Promise(setImmediate);
  };

  test('of a failed run: step, agent and attempt are errors', async () => {
    const worker = await work(actor(failsWith('price_missing')));
    const { runId, traceId } = await submit(worker);
    await worker.ended();
    const { lines, attempts } = await traced(traceId, 1);
    expect(lines).toEqual(['publish patterns', '  process patterns error', ...STEP_FAILED]);
    expect(story(attempts)).toEqual([[1, 'price_missing']]);
    expect((await rig.get(runId)).status).toBe('failed');
  });

  test('of a run that is tried again: an attempt is a span, linked to the one before', async () => {
    const worker = await work(actor(failsWith('step_timeout'), failsWith('step_timeout'), succeeds));
    const { runId, traceId, traceparent } = await submit(worker);
    for (let attempt = 1; attempt < 3; attempt++) {
      await worker.ended();
      await removed(runId);
      await queue.enqueue([jobOf(runId, traceparent)]);
    }
    await worker.ended();
    const { lines, attempts } = await traced(traceId, 3);
    expect(lines).toEqual([
      'publish patterns',
      '  process patterns error',
      ...STEP_FAILED,
      '  process patterns error',
      ...STEP_FAILED,
      '  process patterns',
      ...STEP_OK,
    ]);
    expect(story(attempts)).toEqual([
      [1, 'step_timeout'],
      [2, 'step_timeout', 0],
      [3, undefined, 1],
    ]);
  });

  test('of a stalled job that is taken over: the lost attempt is there once, with what it did below it', async () => {
    const { act, reached } = hanging();
    const stalled = await work(actor(act));
    const { runId, traceId } = await submit(stalled);
    await reached;
    // As if the lock had run out: the worker's renewals are refused, and the next check gives the job away.
    await connection.del(`trace:${PATTERN_QUEUE}:${runId}:lock`);
    const other = await work(actor(succeeds));
    await Promise.all([stalled.ended(), other.ended()]).catch(() => undefined);
    const { lines, attempts } = await traced(traceId, 2);
    expect(lines).toEqual([
      'publish patterns',
      '  process patterns error',
      ...STEP_FAILED,
      '  process patterns',
      ...STEP_OK,
    ]);
    expect(story(attempts)).toEqual([
      [1, 'lock_lost'],
      [2, undefined, 0],
    ]);
    expect((await rig.get(runId)).status).toBe('succeeded');
  });

  test('of a run that is lost each time: the end is an error as well', async () => {
    const { act, reached } = hanging();
    const stalled = await work(actor(act), 1);
    const { runId, traceId } = await submit(stalled);
    await reached;
    await connection.del(`trace:${PATTERN_QUEUE}:${runId}:lock`);
    await work(actor(succeeds), 1);
    const { lines, attempts } = await traced(traceId, 2);
    expect(lines).toEqual([
      'publish patterns',
      '  process patterns error',
      ...STEP_FAILED,
      '  process patterns error',
    ]);
    expect(story(attempts)).toEqual([
      [1, 'lock_lost'],
      [undefined, 'attempts_exhausted', 0],
    ]);
    expect((await rig.get(runId)).status).toBe('failed');
  });

  test('of a run that is cancelled at work', async () => {
    const { act, reached } = hanging();
    const worker = await work(actor(act));
    const { runId, traceId } = await submit(worker);
    await reached;
    await rig.cancel(runId);
    await worker.ended();
    const { lines, attempts } = await traced(traceId, 1);
    expect(lines).toEqual(['publish patterns', '  process patterns error', ...STEP_FAILED]);
    expect(story(attempts)).toEqual([[1, 'run_cancelled']]);
  });

  test('does not grow, however often its job is delivered', async () => {
    const worker = await work(actor(succeeds));
    const { runId, traceId, traceparent } = await submit(worker);
    await worker.ended();
    for (let again = 0; again < 20; again++) {
      await removed(runId);
      await queue.enqueue([jobOf(runId, traceparent)]);
      await worker.ended();
    }
    const { runId: next, traceId: later } = await submit(worker);
    await worker.ended();
    await traced(later, 1);
    expect((await traced(traceId, 1)).lines).toEqual(['publish patterns', '  process patterns', ...STEP_OK]);
    expect((await rig.get(next)).status).toBe('succeeded');
  });
});
