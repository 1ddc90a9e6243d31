import { randomUUID } from 'node:crypto';
import { LOCAL_PRINCIPAL, type Principal } from '@dawsos/contracts';
import {
  createTestDatabase,
  sharedPostgres,
  startPostgres,
  type TestDatabase,
  type SharedPostgres,
} from '@dawsos/testing';
import { createRunExecution, createRuns, type Runs, type RunJob } from '../src/index';
import { newRun, succeeded } from './fixture';

const OTHER: Principal = { id: 'other', scopes: ['read'], portfolios: '*' };
const NO_SIGNAL = new AbortController().signal;

let postgres: SharedPostgres;
let db: TestDatabase;
let intake: Runs;
let enqueued: RunJob[] = [];

beforeAll(async () => {
  postgres = await sharedPostgres();
  db = await createTestDatabase(postgres);
  intake = createRuns({
    database: db.database,
    enqueue: async (jobs) => {
      enqueued.push(...jobs);
    },
  });
});
beforeEach(() => {
  enqueued = [];
});
afterAll(async () => {
  await intake.close();
  await db.close();
});

const execution = () => createRunExecution({ database: db.database, maxAttempts: 3, docsUrl: 'https://d' });

describe('accepting a run', () => {
  it('commits it, and gives its job to the queue with ids and trace context only', async () => {
    const run = newRun();
    expect(await intake.accept(run)).toEqual({ runId: run.runId, created: true });
    expect(await intake.get(LOCAL_PRINCIPAL, run.runId)).toMatchObject({
      status: 'accepted',
      attempts: 0,
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      steps: [
        { step_id: 'positions', status: 'pending' },
        { step_id: 'valued', status: 'pending' },
      ],
    });
    expect(enqueued).toEqual([
      {
        data: { run_id: run.runId },
        place: 1,
        traceparent: run.traceparent,
      },
    ]);
  });

  it('makes one run of many submissions under one key at the same time', async () => {
    const runs = Array.from({ length: 50 }, () => newRun({ idempotencyKey: 'one' }));
    const answers = await Promise.all(runs.map((run) => intake.accept(run)));
    expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(enqueued).toHaveLength(1);
  });

  it('refuses the key for another payload, and keeps keys of principals apart', async () => {
    await intake.accept(newRun({ idempotencyKey: 'two' }));
    const changed = newRun({ idempotencyKey: 'two', bodyHash: 'another' });
    await expect(intake.accept(changed)).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    const others = newRun({ idempotencyKey: 'two', principal: OTHER });
    expect(await intake.accept(others)).toEqual({ runId: others.runId, created: true });
  });

  it('lets one bad submission fail alone', async () => {
    const good = newRun();
    const bad = newRun({ portfolioId: 'a\0b' });
    const [first, second] = await Promise.allSettled([intake.accept(good), intake.accept(bad)]);
    expect(first).toMatchObject({ status: 'fulfilled', value: { created: true } });
    expect(second.status).toBe('rejected');
  });

  it('is done although the queue is not there', async () => {
    const failures: number[] = [];
    const queueless = createRuns({
      database: db.database,
      enqueue: () => Promise.reject(new Error('no queue')),
      onEnqueueFailed: (_error, jobs) => failures.push(jobs),
    });
    const run = newRun();
    expect((await queueless.accept(run)).created).toBe(true);
    await queueless.close();
    expect(failures).toEqual([1]);
  });

  it('answers within its deadline although the batches before it hang, and stores nothing of it later', async () => {
    const impatient = createRuns({
      database: db.database,
      enqueue: async () => undefined,
      acceptDeadlineMs: 300,
    });
    const locking = await db.database.pool.connect();
    await locking.query('begin; lock table run in access exclusive mode');
    const began = performance.now();
    const turn = () => new Promise(setImmediate);
    const hung = [impatient.accept(newRun())];
    await turn();
    hung.push(impatient.accept(newRun()));
    await turn();
    const waiting = newRun();
    const answers = await Promise.allSettled([...hung, impatient.accept(waiting)]);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(
      answers.map((answer) => answer.status === 'rejected' && (answer.reason as { code: string }).code),
    ).toEqual(Array.from({ length: 3 }, () => 'store_unavailable'));
    await locking.query('rollback');
    locking.release();
    const { runId } = await impatient.accept(newRun());
    const { rows } = await db.database.pool.query('select run_id from run where run_id = any($1::uuid[])', [
      [waiting.runId, runId],
    ]);
    expect(rows).toEqual([{ run_id: runId }]);
    await impatient.close();
  });

  it('accepts 1,000 at once, each once', async () => {
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => intake.accept(newRun())));
    expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1_000);
    expect(new Set(enqueued.map(({ data }) => data.run_id)).size).toBe(1_000);
  });
});

describe('reading runs', () => {
  it("knows nothing of another principal's run", async () => {
    const { runId } = await intake.accept(newRun());
    expect(await intake.get(OTHER, runId)).toBeUndefined();
    expect(await intake.events(OTHER, runId, 0)).toBeUndefined();
    expect(await intake.result(OTHER, runId)).toBeUndefined();
    expect(await intake.requestCancel(OTHER, runId)).toBeUndefined();
    expect(await intake.get(LOCAL_PRINCIPAL, randomUUID())).toBeUndefined();
    expect(await intake.get(LOCAL_PRINCIPAL, '../../etc/passwd')).toBeUndefined();
  });

  it('lists page by page, newest first, each run once, whatever the page size', async () => {
    const principal: Principal = { ...OTHER, id: 'lister' };
    const runs = Array.from({ length: 25 }, () => newRun({ principal }));
    await Promise.all(runs.map((run) => intake.accept(run)));
    const seen: string[] = [];
    let after = null;
    do {
      const page = await intake.list(principal, {}, after, 7);
      expect(page.runs.length).toBeLessThanOrEqual(7);
      seen.push(...page.runs.map((run) => run.run_id));
      after = page.next;
    } while (after !== null);
    expect(seen).toHaveLength(25);
    expect(new Set(seen)).toEqual(new Set(runs.map((run) => run.runId)));
  });

  it('filters by pattern, status and time', async () => {
    const principal: Principal = { ...OTHER, id: 'filterer' };
    const before = new Date(Date.now() - 60_000);
    const { runId } = await intake.accept(newRun({ principal, patternId: 'risk_report' }));
    await intake.accept(newRun({ principal }));
    const ids = async (filter: object) =>
      (await intake.list(principal, filter, null, 10)).runs.map((run) => run.run_id);
    expect(await ids({ patternId: 'risk_report' })).toEqual([runId]);
    expect(await ids({ status: 'succeeded' })).toEqual([]);
    expect(await ids({ status: 'accepted', createdAfter: before })).toHaveLength(2);
    expect(await ids({ createdBefore: before })).toEqual([]);
  });

  it('gives a result byte for byte', async () => {
    const { runId } = await intake.accept(newRun());
    const started = await execution().start(runId, { workerId: 'w', traceparent: null });
    await execution().finish(runId, started!.attempt, succeeded());
    const outcome = succeeded();
    expect(await intake.result(LOCAL_PRINCIPAL, runId)).toEqual({
      dataJson: outcome.status === 'succeeded' && outcome.dataJson,
      dataHash: outcome.status === 'succeeded' && outcome.dataHash,
    });
  });
});

describe('waiting for news', () => {
  it('ends soon after the run has some, and long before the time-out', async () => {
    const { runId } = await intake.accept(newRun());
    const started = await execution().start(runId, { workerId: 'w', traceparent: null });
    const before = performance.now();
    const news = intake.waitForNews(runId, 60_000, NO_SIGNAL);
    await execution().finish(runId, started!.attempt, succeeded());
    await news;
    expect(performance.now() - before).toBeLessThan(5_000);
    expect((await intake.get(LOCAL_PRINCIPAL, runId))?.status).toBe('succeeded');
  });

  it('ends when the caller leaves, and after its time-out', async () => {
    const leaving = new AbortController();
    const left = intake.waitForNews(randomUUID(), 60_000, leaving.signal);
    leaving.abort();
    await left;
    await intake.waitForNews(randomUUID(), 10, NO_SIGNAL);
  });
});

describe('cancelling', () => {
  it('ends a waiting run at once, and then never starts it', async () => {
    const { runId } = await intake.accept(newRun());
    expect(await intake.requestCancel(LOCAL_PRINCIPAL, runId)).toBe(true);
    expect(await intake.requestCancel(LOCAL_PRINCIPAL, runId)).toBe(false);
    expect(await execution().start(runId, { workerId: 'w', traceparent: null })).toBeUndefined();
    expect(await intake.get(LOCAL_PRINCIPAL, runId)).toMatchObject({
      status: 'cancelled',
      steps: [{ status: 'cancelled' }, { status: 'cancelled' }],
    });
    const events = await intake.events(LOCAL_PRINCIPAL, runId, 0);
    expect(events?.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'run.accepted'],
      [2, 'run.finished'],
    ]);
  });
});

describe('when PostgreSQL is killed and comes back', () => {
  it('keeps what was accepted, refuses meanwhile as unavailable, and goes on by itself', async () => {
    const own = await startPostgres();
    const { database, close } = await createTestDatabase(own);
    const local = createRuns({ database, enqueue: () => Promise.resolve() });
    const { runId } = await local.accept(newRun());
    await own.kill();
    await expect(local.accept(newRun())).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(local.get(LOCAL_PRINCIPAL, runId)).rejects.toMatchObject({ code: 'store_unavailable' });
    await own.restart();
    expect((await local.get(LOCAL_PRINCIPAL, runId))?.status).toBe('accepted');
    expect((await local.accept(newRun())).created).toBe(true);
    await local.close();
    await close();
    await own.stop();
  });
});
