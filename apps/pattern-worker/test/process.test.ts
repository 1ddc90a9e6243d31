import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PATTERN_QUEUE, type PatternJob } from '@dawsos/contracts';
import { loadPatterns, type PatternCatalog } from '@dawsos/patterns';
import { createJobQueue, createQueueBackend, type JobQueue, type QueueBackend } from '@dawsos/queue';
import { createPiiFilter } from '@dawsos/observability';
import { freePort, startRedis, type TestRedis } from '@dawsos/testing';
import { ROOT, startWorkerRig } from './worker-rig';

jest.setTimeout(120_000);

type Environment = Readonly<Record<string, string>>;

/** The built worker as a process of its own. */
async function startProcess(environment: Environment) {
  const port = await freePort();
  const child = spawn(process.execPath, [join(ROOT, 'apps/pattern-worker/dist/main.js')], {
    env: { PATH: process.env['PATH'], ...environment, OPERATIONS_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  return {
    output: () => output,
    get,
    exitCode: async () => (await ended)[0],
    signal: (name: NodeJS.Signals) => child.kill(name),
    async ready() {
      while (child.exitCode === null) {
        const answer = await get('/readyz').catch(() => undefined);
        if (answer?.status === 200) return;
        await delay(50);
      }
      throw new Error(`the worker ended:\n${output}`);
    },
  };
}

describe('the pattern worker as a process', () => {
  let rig: Awaited<ReturnType<typeof startWorkerRig>>;
  let redis: TestRedis;
  let patterns: PatternCatalog;
  beforeAll(async () => {
    rig = await startWorkerRig();
    redis = await startRedis();
    patterns = await loadPatterns(join(ROOT, 'patterns'), { has: () => true, names: () => [] });
  }, 120_000);
  afterAll(async () => {
    await redis.stop();
    await rig.stop();
  }, 60_000);

  const environment = (engine: 'redis' | 'postgres'): Environment => ({
    DATABASE_URL: rig.databaseUrl,
    QUEUE_ENGINE: engine,
    ...(engine === 'redis' ? { REDIS_URL: redis.url } : {}),
    LEDGER_REPO: rig.ledgerRepo,
    PATTERNS_DIR: join(ROOT, 'patterns'),
    OTEL_EXPORTER_OTLP_ENDPOINT: rig.traces.url,
    JOB_LOCK_SECONDS: '2',
    LOG_LEVEL: 'info',
  });

  async function openQueue(
    engine: 'redis' | 'postgres',
  ): Promise<{ backend: QueueBackend; queue: JobQueue<PatternJob> }> {
    const backend = createQueueBackend(
      engine === 'redis'
        ? { engine, url: redis.url, prefix: 'dawsos' }
        : { engine, databaseUrl: rig.databaseUrl },
    );
    await backend.prepare();
    const silent = () => undefined;
    const logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };
    return {
      backend,
      queue: createJobQueue({ backend, name: PATTERN_QUEUE, logger, pii: createPiiFilter() }),
    };
  }

  async function submit(queue: JobQueue<PatternJob>, patternId: string, traceparent: string | null = null) {
    const runId = await rig.accept(patterns, patternId);
    const data = { run_id: runId };
    await queue.enqueue([{ id: runId, data, traceparent }]);
    return runId;
  }

  async function finished(runId: string) {
    for (;;) {
      const run = await rig.get(runId);
      if (run.finished_at !== null) return run;
      await delay(25);
    }
  }

  test.each(['redis', 'postgres'] as const)(
    'takes jobs on %s, in the trace of the job, and stops in order',
    async (engine) => {
      const { backend, queue } = await openQueue(engine);
      const worker = await startProcess(environment(engine));
      await worker.ready();
      const traceId =
        engine === 'redis' ? '11111111111111111111111111111111' : '22222222222222222222222222222222';
      const runIds = [await submit(queue, 'portfolio_overview', `00-${traceId}-3333333333333333-01`)];
      for (let count = 0; count < 5; count++) runIds.push(await submit(queue, 'holdings'));
      const runs = await Promise.all(runIds.map(finished));
      expect(runs.map(({ status, attempts }) => [status, attempts])).toEqual(
        runs.map(() => ['succeeded', 1]),
      );

      await rig.traces.until((spans) =>
        spans.some((span) => span.traceId === traceId && span.kind === 'CONSUMER'),
      );
      const process = rig.traces.spans().find((span) => span.traceId === traceId && span.kind === 'CONSUMER');
      expect(process).toMatchObject({ parentSpanId: '3333333333333333', service: 'dawsos-pattern-worker' });

      const metrics = await (await worker.get('/metrics')).text();
      expect(metrics).toMatch(
        /dawsos_executor_pattern_executions_total\{[^}]*pattern_id="holdings"[^}]*\} 5/,
      );
      expect(metrics).toMatch(
        /dawsos_executor_circuit_breaker_state\{[^}]*agent_name="financial_analyst"[^}]*\} 0/,
      );
      expect(metrics).toMatch(/dawsos_executor_pattern_step_duration_seconds_count\{/);

      worker.signal('SIGTERM');
      expect(await worker.exitCode()).toBe(0);
      expect(worker.output()).not.toContain('"level":"error"');
      await queue.close();
      await backend.close();
    },
  );

  test('a run whose worker is killed in the middle is completed once by the next', async () => {
    const { backend, queue } = await openQueue('redis');
    const first = await startProcess(environment('redis'));
    await first.ready();
    const runIds = await Promise.all(Array.from({ length: 20 }, () => submit(queue, 'portfolio_overview')));
    while ((await Promise.all(runIds.map(rig.get))).every(({ status }) => status === 'accepted'))
      await delay(5);
    first.signal('SIGKILL');
    await first.exitCode();
    const second = await startProcess(environment('redis'));
    const runs = await Promise.all(runIds.map(finished));
    expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'succeeded'));
    expect(new Set(runs.map(({ data_hash }) => data_hash)).size).toBe(1);
    for (const runId of runIds) {
      const ends = (await rig.events(runId)).filter(({ type }) => type === 'run.finished');
      expect(ends).toHaveLength(1);
    }
    // The row that the dead worker left explains what became of its runs.
    const taken = runs.find(({ attempts }) => attempts > 1)?.run_id ?? '';
    const { findings, attempts } = await rig.explain(taken, (id) => queue.stateOf(id));
    // which of them depends on how long after the worker's last report it is asked
    expect(findings.filter(({ cause }) => cause === 'taken_over' || cause === 'worker_lost')).toHaveLength(1);
    expect(attempts[0]).toMatchObject({
      ended_as: 'lock_lost',
      worker: { event_loop_lag_ms: expect.any(Number) as number },
    });
    second.signal('SIGTERM');
    expect(await second.exitCode()).toBe(0);
    await queue.close();
    await backend.close();
  });

  test.each([
    ['names the variable that is missing', { REDIS_URL: '' }, 78, /REDIS_URL/],
    [
      'names the database that is not there',
      { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' },
      69,
      /./,
    ],
    [
      'lists what is wrong with the patterns',
      { PATTERNS_DIR: join(ROOT, 'apps/pattern-worker') },
      65,
      /package\.json:\d+:\d+: /,
    ],
  ])('ends at the start and %s', async (_what, change, code, message) => {
    const worker = await startProcess({ ...environment('redis'), ...change });
    expect(await worker.exitCode()).toBe(code);
    expect(worker.output()).toMatch(message);
  });
});
