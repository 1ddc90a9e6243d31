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

  it('gives open runs that are due to the queue, with their trace context; several sweepers share them', async () => {
    const run = newRun();
    await intake.accept(run);
    const attempt = await startNew();
    await Promise.all([makeDue(run.runId), makeDue(attempt.runId)]);
    const jobs: RunJob[] = [];
    const sweepers = [sweeperFor(jobs), sweeperFor(jobs), sweeperFor(jobs)];
    await Promise.all(sweepers.map((sweeper) => sweeper.sweep()));
    const ids = jobs.map(({ data }) => data.run_id);
    expect(ids.filter((id) => id === run.runId)).toHaveLength(1);
    expect(ids.filter((id) => id === attempt.runId)).toHaveLength(1);
    expect(jobs.find(({ data }) => data.run_id === run.runId)?.traceparent).toBe(run.traceparent);
    await Promise.all(sweepers.map((sweeper) => sweeper.close()));
  });

  it('looks at a run again only after a while, so that a living job is not asked for twice a second', async () => {
    const { runId } = await intake.accept(newRun());
    await makeDue(runId);
    const jobs: RunJob[] = [];
    const sweeper = sweeperFor(jobs);
    await sweeper.sweep();
    await sweeper.sweep();
    expect(jobs.filter(({ data }) => data.run_id === runId)).toHaveLength(1);
    await sweeper.close();
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
