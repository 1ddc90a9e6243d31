import { EventEmitter, once } from 'node:events';
import { DawsosError, LOCAL_PRINCIPAL, sha256Hex, toProblem, type RunEvent } from '@dawsos/contracts';
import { createTestDatabase, sharedPostgres, type TestDatabase, type SharedPostgres } from '@dawsos/testing';
import {
  createRunExecution,
  createRuns,
  createRunSpanStore,
  createRunWatch,
  createStepTraceStore,
  createSweeper,
  pruneRuns,
  type AttemptEnd,
  type RunExecution,
  type Runs,
  type RunJob,
  type RunWatch,
  type StepUpdate,
} from '../src/index';
import { newRun, succeeded } from './fixture';

let postgres: SharedPostgres;
let db: TestDatabase;
let intake: Runs;
let execution: RunExecution;
const started: RunWatch[] = [];

beforeAll(async () => {
  postgres = await sharedPostgres();
  db = await createTestDatabase(postgres);
  intake = createRuns({ database: db.database, enqueue: () => Promise.resolve() });
  execution = createRunExecution({ database: db.database, maxAttempts: 2, docsUrl: 'https://docs' });
});
afterAll(async () => {
  await Promise.all(started.map((watch) => watch.close()));
  await intake.close();
  await db.close();
});

const WORKER = { workerId: 'worker-1', traceparent: null };

async function startNew(): Promise<{ runId: string; attempt: number }> {
  const { runId } = await intake.accept(newRun());
  const run = await execution.start(runId, WORKER);
  if (run === undefined) throw new Error('not started');
  return { runId, attempt: run.attempt };
}

const running = (step: number): StepUpdate => ({
  step_index: step,
  status: 'running',
  cached: false,
  error_code: null,
  durationMs: null,
});
const done = (step: number): StepUpdate => ({ ...running(step), status: 'succeeded', durationMs: 12.5 });

describe('an attempt', () => {
  it('gets all that it needs in one round trip', async () => {
    const run = newRun();
    await intake.accept(run);
    expect(await execution.start(run.runId, WORKER)).toMatchObject({
      runId: run.runId,
      attempt: 1,
      inputs: run.inputs,
      principalId: 'local',
      portfolios: '*',
      asofDate: '2025-10-22',
      pricingPackId: run.pricingPackId,
      packHash: run.packHash,
      ledgerCommitHash: run.ledgerCommitHash,
    });
  });

  it('shows its steps, and events numbered without a gap', async () => {
    const { runId, attempt } = await startNew();
    await execution.recordSteps(runId, attempt, [running(0), done(0), running(1)]);
    expect(await intake.get(LOCAL_PRINCIPAL, runId)).toMatchObject({
      status: 'running',
      steps: [
        { step_id: 'positions', status: 'succeeded', duration_ms: 12.5 },
        { step_id: 'valued', status: 'running' },
      ],
    });
    await execution.finish(runId, attempt, succeeded(), [done(1)]);
    const events = (await intake.events(LOCAL_PRINCIPAL, runId, 0)) as RunEvent[];
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(events.map(({ type, data }) => [type, data['step_id']])).toEqual([
      ['run.accepted', undefined],
      ['run.started', undefined],
      ['step.started', 'positions'],
      ['step.finished', 'positions'],
      ['step.started', 'valued'],
      ['step.finished', 'valued'],
      ['run.finished', undefined],
    ]);
    expect((await intake.events(LOCAL_PRINCIPAL, runId, 5))?.map(({ seq }) => seq)).toEqual([6, 7]);
  });

  it('numbers events without a gap when writes race with a cancellation, which ends them', async () => {
    const { runId, attempt } = await startNew();
    const record = () => execution.recordSteps(runId, attempt, [running(0), done(0)]);
    const racing = Promise.all(Array.from({ length: 20 }, record));
    await intake.requestCancel(LOCAL_PRINCIPAL, runId);
    const recorded = (await racing).filter(Boolean).length;
    expect(await record()).toBe(false);
    const events = (await intake.events(LOCAL_PRINCIPAL, runId, 0)) as RunEvent[];
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 3 + 2 * recorded }, (_, at) => at + 1));
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { status: 'cancelled' } });
  });

  it('gives a failure with its problem', async () => {
    const { runId, attempt } = await startNew();
    const error = toProblem(new DawsosError('price_missing', 'no price of VTI'), { docsUrl: 'https://docs' });
    await execution.finish(runId, attempt, { status: 'failed', error, provenance: null });
    expect(await intake.get(LOCAL_PRINCIPAL, runId)).toMatchObject({ status: 'failed', error });
  });
});

describe('a write whose answer is lost, or whose store is away for a moment', () => {
  /** The database, whose next answers are lost: `before` what was asked is done, or after it. */
  const losing = (moments: ('before' | 'after')[]): RunExecution => {
    const { pool } = db.database;
    const away = () => Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
    const flaky = Object.create(pool, {
      query: {
        value: async (config: Parameters<typeof pool.query>[0]) => {
          const moment = moments.shift();
          if (moment === 'before') throw away();
          const answer: unknown = await pool.query(config);
          if (moment === 'after') throw away();
          return answer;
        },
      },
    }) as typeof pool;
    return createRunExecution({
      database: { ...db.database, pool: flaky },
      maxAttempts: 2,
      docsUrl: 'https://docs',
    });
  };
  const never = new AbortController().signal;

  it.each([[['before', 'before'] as const], [['after'] as const], [['before', 'after'] as const]])(
    'is tried until it is stored (%j), and an outcome of this attempt counts as written',
    async (moments) => {
      const { runId, attempt } = await startNew();
      const finish = losing([...moments]).finish(runId, attempt, succeeded(), [], never);
      expect(await finish).toBe(true);
      expect(await intake.get(LOCAL_PRINCIPAL, runId)).toMatchObject({ status: 'succeeded', attempts: 1 });
    },
  );

  it('is not taken for written where a cancellation ended the run', async () => {
    const { runId, attempt } = await startNew();
    await intake.requestCancel(LOCAL_PRINCIPAL, runId);
    expect(await losing(['before']).finish(runId, attempt, succeeded(), [], never)).toBe(false);
  });

  it('gives a run back as soon as the store is there again, and once', async () => {
    const { runId, attempt } = await startNew();
    const reason = { code: 'source_unavailable', message: 'away' };
    expect(await losing(['before', 'after']).release(runId, attempt, reason, 0, never)).toBe(true);
    expect(await execution.start(runId, WORKER)).toMatchObject({ attempt: 2 });
  });

  it('is given up when the attempt is over', async () => {
    const { runId, attempt } = await startNew();
    const over = new AbortController();
    const finish = losing(Array.from({ length: 100 }, () => 'before' as const)).finish(
      runId,
      attempt,
      succeeded(),
      [],
      over.signal,
    );
    over.abort();
    await expect(finish).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});

describe('the fence', () => {
  it('refuses every write of an attempt that was taken over, and keeps one outcome', async () => {
    const { runId, attempt } = await startNew();
    const second = await execution.start(runId, { workerId: 'worker-2', traceparent: null });
    expect(second?.attempt).toBe(attempt + 1);
    expect(await execution.recordSteps(runId, attempt, [done(0)])).toBe(false);
    expect(await execution.finish(runId, attempt, succeeded())).toBe(false);
    expect(await execution.release(runId, attempt, { code: 'lock_lost', message: '' }, 0)).toBe(false);
    expect(await execution.finish(runId, attempt + 1, succeeded())).toBe(true);
    expect(await execution.finish(runId, attempt + 1, succeeded())).toBe(false);
    expect(await execution.start(runId, WORKER)).toBeUndefined();
  });

  it('lets one of many attempts that finish at the same time win', async () => {
    const { runId, attempt } = await startNew();
    const finishes = await Promise.all(
      Array.from({ length: 20 }, () => execution.finish(runId, attempt, succeeded())),
    );
    expect(finishes.filter(Boolean)).toHaveLength(1);
  });

  it('fails a run that was attempted as often as is allowed', async () => {
    const { runId } = await startNew();
    expect((await execution.start(runId, WORKER))?.attempt).toBe(2);
    expect(await execution.start(runId, WORKER)).toMatchObject({ isExhausted: true, attempt: 2 });
    expect(await execution.start(runId, WORKER)).toBeUndefined();
    expect(await intake.get(LOCAL_PRINCIPAL, runId)).toMatchObject({
      status: 'failed',
      attempts: 2,
      error: { code: 'attempts_exhausted' },
    });
  });

  it('lets a released run start again, its steps pending anew', async () => {
    const { runId, attempt } = await startNew();
    await execution.recordSteps(runId, attempt, [done(0)]);
    expect(await execution.release(runId, attempt, { code: 'step_timeout', message: '' }, 100)).toBe(true);
    expect((await intake.get(LOCAL_PRINCIPAL, runId))?.status).toBe('accepted');
    await execution.start(runId, WORKER);
    expect((await intake.get(LOCAL_PRINCIPAL, runId))?.steps[0]?.status).toBe('pending');
  });
});

describe('watching an attempt', () => {
  const watching = (pollMs?: number): RunWatch => {
    const watch = createRunWatch({ database: db.database, ...(pollMs === undefined ? {} : { pollMs }) });
    started.push(watch);
    return watch;
  };

  it('tells a cancellation in another process', async () => {
    const watch = watching();
    const { runId, attempt } = await startNew();
    const ended = new Promise<AttemptEnd>((resolve) => watch.watch(runId, attempt, resolve));
    await intake.requestCancel(LOCAL_PRINCIPAL, runId);
    expect(await ended).toBe('run_cancelled');
    expect(await execution.finish(runId, attempt, succeeded())).toBe(false);
  });

  it('tells at once, asked after a write was refused', async () => {
    const watch = watching(3_600_000);
    const { runId, attempt } = await startNew();
    const ended = new Promise<AttemptEnd>((resolve) => watch.watch(runId, attempt, resolve));
    await db.database.pool.query('update run set attempt = attempt + 1 where run_id = $1', [runId]);
    watch.look(runId);
    expect(await ended).toBe('lock_lost');
  });

  it('tells an attempt at once that a newer one has begun in the same worker, in whichever order they watch', async () => {
    const watch = watching(3_600_000);
    const { runId, attempt } = await startNew();
    const ended: string[] = [];
    const note = (which: string) => (why: AttemptEnd) => void ended.push(`${which} ${why}`);
    watch.watch(runId, attempt, note('first'));
    const next = await execution.start(runId, WORKER);
    const unwatch = watch.watch(runId, next!.attempt, note('second'));
    expect(ended).toEqual(['first lock_lost']);
    watch.watch(runId, attempt, note('late'));
    expect(ended).toEqual(['first lock_lost', 'late lock_lost']);
    unwatch();
  });

  it('tells that another attempt has the run, without any notification too', async () => {
    const watch = watching(50);
    const { runId, attempt } = await startNew();
    const ended = new Promise<AttemptEnd>((resolve) => watch.watch(runId, attempt, resolve));
    await db.database.pool.query('update run set attempt = attempt + 1 where run_id = $1', [runId]);
    expect(await ended).toBe('lock_lost');
  });
});

describe('the sweeper', () => {
  const sweeperFor = (jobs: RunJob[]) =>
    createSweeper({
      database: db.database,
      intervalMs: 3_600_000,
      queue: { restore: async (due) => jobs.push(...due) },
    });
  const makeDue = (runId: string) =>
    db.database.pool.query("update run set next_check = now() - interval '1 second' where run_id = $1", [
      runId,
    ]);

  it('gives open runs that are due to the queue, with their trace context', async () => {
    const run = newRun();
    await intake.accept(run);
    const attempt = await startNew();
    await Promise.all([makeDue(run.runId), makeDue(attempt.runId)]);
    const jobs: RunJob[] = [];
    const sweeper = sweeperFor(jobs);
    await sweeper.sweep();
    const ids = jobs.map(({ data }) => data.run_id);
    expect(ids.filter((id) => id === run.runId)).toHaveLength(1);
    expect(ids.filter((id) => id === attempt.runId)).toHaveLength(1);
    expect(jobs.find(({ data }) => data.run_id === run.runId)?.traceparent).toBe(run.traceparent);
    await sweeper.close();
  });

  it('rewrites nothing of a backlog that has its jobs, and one of many sweepers looks at it', async () => {
    const runs = await Promise.all(Array.from({ length: 20 }, () => intake.accept(newRun())));
    await Promise.all(runs.map(({ runId }) => makeDue(runId)));
    const versions = async (): Promise<unknown> => {
      const found = await db.database.pool.query(
        'select run_id, xmin::text from run where next_check <= now() order by 1',
      );
      return found.rows;
    };
    const before = await versions();
    const looks: number[] = [0, 0, 0];
    const enough = new EventEmitter();
    const sweepers = looks.map((_, index) =>
      createSweeper({
        database: db.database,
        intervalMs: 5,
        recheckMs: 5,
        queue: {
          restore: async () => {
            looks[index] = looks[index]! + 1;
            if (looks[index] >= 5) enough.emit('enough');
            return 0;
          },
        },
      }),
    );
    await once(enough, 'enough');
    await Promise.all(sweepers.map((sweeper) => sweeper.close()));
    expect(await versions()).toEqual(before);
    expect(looks.filter((count) => count > 0)).toHaveLength(1);
  });

  it('leaves the work to another while its own queue does not answer, and gives it back when it fails', async () => {
    const { runId } = await intake.accept(newRun());
    await makeDue(runId);
    const served = new EventEmitter();
    const broker = (fails: 'check' | 'restore') =>
      createSweeper({
        database: db.database,
        intervalMs: 5,
        recheckMs: 5,
        queue: {
          check: () => (fails === 'check' ? Promise.reject(new Error('away')) : Promise.resolve()),
          restore: () => Promise.reject(new Error('away')),
        },
      });
    const dead = [broker('check'), broker('restore')];
    const healthy = createSweeper({
      database: db.database,
      intervalMs: 5,
      recheckMs: 5,
      queue: {
        restore: async (jobs) => {
          if (jobs.some(({ data }) => data.run_id === runId)) served.emit('served');
          return 0;
        },
      },
    });
    await once(served, 'served');
    await Promise.all([...dead, healthy].map((sweeper) => sweeper.close()));
  });

  it('leaves finished runs alone', async () => {
    const { runId, attempt } = await startNew();
    await execution.finish(runId, attempt, succeeded());
    const { rows } = await db.database.pool.query<{ next_check: Date | null }>(
      'select next_check from run where run_id = $1',
      [runId],
    );
    expect(rows[0]?.next_check).toBeNull();
  });
});

describe('what is kept beside runs', () => {
  it("keeps a run's spans for its principal only", async () => {
    const spans = createRunSpanStore(db.database);
    const { runId } = await startNew();
    await spans.save([{ runId, spans: [{ name: 'step_0', startUnixNano: '1764000000000000001' }] }]);
    await spans.save([{ runId, spans: [{ name: 'step_1' }] }]);
    expect(await spans.find(LOCAL_PRINCIPAL, runId)).toEqual([
      { name: 'step_0', startUnixNano: '1764000000000000001' },
      { name: 'step_1' },
    ]);
    expect(await spans.find({ ...LOCAL_PRINCIPAL, id: 'other' }, runId)).toBeUndefined();
  });

  it('keeps step traces, the last used first', async () => {
    const store = createStepTraceStore(db.database);
    const trace = {
      key: sha256Hex('key'),
      capability: 'ledger.positions',
      agentVersion: '1',
      argsHash: sha256Hex('args'),
      reads: [{ kind: 'ledger' as const, key: 'k', hash: 'h', sources: ['ledger'], value_date: null }],
      readsHash: sha256Hex('reads'),
      resultJson: '{"10":1,"9":2}',
    };
    await store.save(trace);
    await store.save({ ...trace, readsHash: sha256Hex('others') });
    await store.save(trace);
    const found = await store.find(trace.key);
    expect(found.map(({ readsHash }) => readsHash)).toEqual([sha256Hex('reads'), sha256Hex('others')]);
    expect(found[0]).toEqual(trace);
    expect(await store.find('unknown')).toEqual([]);
  });

  it('removes finished runs after their retention, with all that belongs to them, and no open one', async () => {
    const open = await startNew();
    const old = await startNew();
    await execution.finish(old.runId, old.attempt, succeeded(), [done(0)]);
    await db.database.pool.query(
      "update run set finished_at = now() - interval '91 days' where run_id = $1",
      [old.runId],
    );
    const pruned = await pruneRuns({ database: db.database, runDays: 90, stepTraceDays: 30 });
    expect(pruned.runs).toBe(1);
    expect(await intake.get(LOCAL_PRINCIPAL, old.runId)).toBeUndefined();
    expect(await intake.get(LOCAL_PRINCIPAL, open.runId)).toBeDefined();
    const { rows } = await db.database.pool.query('select from run_step where run_id = $1', [old.runId]);
    expect(rows).toEqual([]);
  });
});
