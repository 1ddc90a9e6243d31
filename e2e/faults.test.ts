import { setTimeout as delay } from 'node:timers/promises';
import { addDays, isoDate } from '@dawsos/contracts';
import { startOtlpReceiver, startTcpProxy, type OtlpReceiver, type ReceivedSpan } from '@dawsos/testing';
import { Redis } from 'ioredis';
import { blockTable } from './rig/blocked-table';
import { ENGINES, startStack, type Stack } from './rig/stack';

const OVERVIEW = { pattern_id: 'portfolio_overview', portfolio_id: 'growth' };
/** One a day, each from a day after those before. */
let days = 0;
const lots = () => {
  days += 1;
  return {
    pattern_id: 'lots',
    portfolio_id: 'growth',
    inputs: { date: addDays(isoDate('2023-01-01'), days) },
  };
};

describe.each(ENGINES)('a fault, on %s', (engine) => {
  let receiver: OtlpReceiver;
  let stack: Stack;
  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    stack = await startStack({
      engine,
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '200' },
    });
  });
  afterAll(async () => {
    await stack.stop();
    await receiver.close();
  });
  const acceptMany = (count: number, { accept } = stack.api) =>
    Promise.all(Array.from({ length: count }, () => accept(lots())));

  it('kill -9 of a worker in the middle of a run costs nothing: the run completes once, and its trace shows both attempts', async () => {
    // Steps look into the step cache: held there, the worker is in the midst of a step.
    const blocked = await blockTable(stack.database.url, 'step_trace');
    const runId = await stack.api.accept(OVERVIEW);
    await blocked.untilSomebodyWaits();
    const [worker] = stack.workers;
    await worker?.kill();
    await blocked.release();
    await stack.startWorker();
    const run = await stack.api.finished(runId);
    expect([run.status, run.attempts]).toEqual(['succeeded', 2]);
    const { rows } = await stack.database.database.pool.query(
      'select attempt, ended_as from run_attempt where run_id = $1 order by attempt',
      [runId],
    );
    expect(rows).toEqual([
      { attempt: 1, ended_as: expect.anything() },
      { attempt: 2, ended_as: 'succeeded' },
    ]);
    const events = await (await stack.api.request(`/v1/runs/${runId}/events`)).text();
    expect(events.match(/^event: run\.finished$/gm)).toHaveLength(1);

    const attempts = (spans: readonly ReceivedSpan[]) =>
      spans.filter((span) => span.traceId === run.trace_id && span.name === 'process patterns');
    await receiver.until((received) => attempts(received).length === 2);
    expect(attempts(receiver.spans()).map((span) => span.attributes['attempt'])).toEqual(
      expect.arrayContaining([1, 2]),
    );
  });

  if (engine === 'redis') {
    const redisPort = () => stack.redis?.port ?? 0;

    it('between the commit and the queue: a run that was never queued completes all the same', async () => {
      const proxy = await startTcpProxy({ port: redisPort() });
      const { api, process } = await stack.startApi({ REDIS_URL: `redis://127.0.0.1:${String(proxy.port)}` });
      proxy.blackhole();
      const ids = await acceptMany(20, api);
      await process.kill();
      await proxy.close();
      const runs = await stack.api.allFinished(ids);
      expect(runs.map((run) => [run.status, run.attempts])).toEqual(ids.map(() => ['succeeded', 1]));
    });

    it('FLUSHALL with 200 runs waiting: every one completes once', async () => {
      const living = stack.workers.filter((worker) => worker.alive());
      await Promise.all(living.map((worker) => worker.stop()));
      const ids = await acceptMany(200);
      const redis = new Redis(redisPort());
      // a run is accepted before its job is queued
      while ((await redis.dbsize()) <= 200) await delay(50);
      await redis.flushall();
      await redis.quit();
      await stack.startWorker();
      const runs = await stack.api.allFinished(ids);
      expect(runs.map((run) => run.status)).toEqual(ids.map(() => 'succeeded'));
      const { rows } = await stack.database.database.pool.query<{ outcomes: string }>(
        'select count(*) as outcomes from run_outcome where run_id = any($1::uuid[])',
        [ids],
      );
      expect(rows).toEqual([{ outcomes: '200' }]);
    });
  }

  // the last one: `stack.api` is gone after it
  it('kill -9 of the API right after its answers loses none of what it accepted', async () => {
    const ids = await acceptMany(50);
    await stack.apiProcess.kill();
    const { api } = await stack.startApi();
    const runs = await api.allFinished(ids);
    expect(runs.map((run) => run.status)).toEqual(ids.map(() => 'succeeded'));
  });
});
