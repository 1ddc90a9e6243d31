import {
  DawsosError,
  isoDate,
  LOCAL_PRINCIPAL,
  sha256Hex,
  type GateTerms,
  type RepairOrder,
} from '@dawsos/contracts';
import { createTestDatabase, sharedPostgres, type TestDatabase, type SharedPostgres } from '@dawsos/testing';
import {
  createPackWait,
  createRunExecution,
  createRuns,
  createSweeper,
  type AwaitingAnswer,
  type AwaitingQuestion,
  type PackAwaited,
  type PackWaitOptions,
  type Runs,
  type RunJob,
} from '../src/index';
import { newRun, succeeded } from './fixture';

jest.setTimeout(60_000);

const TERMS: GateTerms = {
  pack_id: null,
  asof_date: null,
  allow_stale: false,
  max_staleness_bps: '25',
  wait_seconds: 900,
};
const REPAIR: RepairOrder = {
  pack_id: 'PP_2025-10-23',
  needed: [{ kind: 'price', name: 'NWND', date: '2025-10-23', last_date: '2025-10-17' }],
  build: { method: 'POST', path: '/v1/packs', body: { asof_date: '2025-10-23' } },
  command: 'dawsos packs build --asof 2025-10-23',
};
const FRESHNESS = {
  asked: '2025-10-23',
  pack_age_business_days: 0,
  base_currency: 'CAD',
  stale_share: '0',
  bound_bp: '0',
  confidence: '0.99',
  max_staleness_bps: '25',
  allow_stale: false,
  needed: [],
};
const VALID_UNTIL = new Date('2025-10-29T00:00:00Z');
const READY: AwaitingAnswer = {
  ready: true,
  packId: 'PP_2025-10-23',
  packHash: sha256Hex('other'),
  packStatus: 'fresh',
  asofDate: isoDate('2025-10-23'),
  freshness: FRESHNESS,
  validUntil: VALID_UNTIL,
};
const NOT_READY: AwaitingAnswer = {
  ready: false,
  error: new DawsosError('pack_not_fresh', 'PP_2025-10-17 is stale', { extensions: { repair: REPAIR } }),
  repair: REPAIR,
};

let postgres: SharedPostgres;
let db: TestDatabase;
let intake: Runs;
let enqueued: RunJob[] = [];

beforeAll(async () => {
  postgres = await sharedPostgres();
});
beforeEach(async () => {
  db = await createTestDatabase(postgres);
  enqueued = [];
  intake = createRuns({ database: db.database, enqueue: async (jobs) => void enqueued.push(...jobs) });
});
afterEach(async () => {
  await intake.close();
  await db.close();
});

const execution = () => createRunExecution({ database: db.database, maxAttempts: 3, docsUrl: '/errors' });
const START = { workerId: 'w', traceparent: null };
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

async function acceptWaiting(until = inMinutes(15), portfolioId = 'growth'): Promise<string> {
  const awaiting: PackAwaited = { packId: REPAIR.pack_id, until, repair: REPAIR };
  const gate = { terms: TERMS, freshness: null, validUntil: null, awaiting };
  const run = newRun({
    packHash: null,
    packStatus: 'warming',
    pricingPackId: REPAIR.pack_id,
    gate,
    portfolioId,
  });
  await intake.accept(run);
  await lookSoon();
  return run.runId;
}

/** Lets the next look find every open run. */
const lookSoon = () =>
  db.database.pool.query('update run set next_check = now() where next_check is not null');

/** Which transaction wrote each run last. */
const rowVersions = async (): Promise<unknown> =>
  (await db.database.pool.query('select run_id, xmin::text from run order by run_id')).rows;

/** What one process does; it never looks by itself. */
function waiter(answer: AwaitingAnswer, options: Partial<PackWaitOptions> = {}) {
  const asked: AwaitingQuestion[] = [];
  const builds: RepairOrder[] = [];
  const jobs: RunJob[] = [];
  const wait = createPackWait({
    database: db.database,
    ask: async (run) => {
      asked.push(run);
      return answer;
    },
    requestBuilds: async (orders) => void builds.push(...orders),
    enqueue: async (added) => void jobs.push(...added),
    docsUrl: '/errors',
    intervalMs: 3_600_000,
    ...options,
  });
  return {
    asked,
    builds,
    jobs,
    async look() {
      try {
        return await wait.look();
      } finally {
        await wait.close();
      }
    },
  };
}

describe('a run that waits for a pack', () => {
  it('is accepted and shown as waiting; it has no job, none is restored, and no worker can start it', async () => {
    const until = inMinutes(15);
    const runId = await acceptWaiting(until);
    expect(enqueued).toEqual([]);
    expect(await intake.get(LOCAL_PRINCIPAL, runId)).toMatchObject({
      status: 'accepted',
      awaiting: { pack_id: REPAIR.pack_id, until: until.toISOString() },
      valid_until: null,
    });
    expect(await intake.events(LOCAL_PRINCIPAL, runId, 0)).toEqual([
      expect.objectContaining({
        type: 'run.accepted',
        data: expect.objectContaining({ awaiting_pack: REPAIR.pack_id }),
      }),
    ]);
    const restored: RunJob[] = [];
    const sweeper = createSweeper({
      database: db.database,
      queue: { restore: async (jobs) => restored.push(...jobs) },
      intervalMs: 3_600_000,
    });
    await sweeper.sweep();
    await sweeper.close();
    expect(restored).toEqual([]);
    expect(await execution().start(runId, START)).toBeUndefined();
  });

  it('has its pack built: once, and again while it still waits', async () => {
    await acceptWaiting();
    const first = waiter(NOT_READY);
    await first.look();
    expect(first.asked).toMatchObject([{ portfolioId: 'growth', terms: TERMS }]);
    expect(first.builds).toEqual([REPAIR]);
    await lookSoon();
    const second = waiter(NOT_READY);
    await second.look();
    expect(second.builds).toEqual([]);
    await lookSoon();
    await db.database.pool.query(`update run set build_asked_at = now() - interval '2 minutes'`);
    const later = waiter(NOT_READY);
    await later.look();
    expect(later.builds).toEqual([REPAIR]);
  });

  it('asks for the build again when the request for it was lost with its process', async () => {
    await acceptWaiting();
    const dying = waiter(NOT_READY, { requestBuilds: () => Promise.reject(new Error('killed')) });
    await expect(dying.look()).rejects.toThrow('killed');
    await lookSoon();
    const next = waiter(NOT_READY);
    await next.look();
    expect(next.builds).toEqual([REPAIR]);
  });

  it('goes on by itself, pinned to the pack that came, once and in one process only', async () => {
    const runId = await acceptWaiting();
    const waiters = [waiter(READY), waiter(READY), waiter(READY)];
    const released = await Promise.all(waiters.map((each) => each.look()));
    expect(released.reduce((total, count) => total + count, 0)).toBe(1);
    expect(waiters.flatMap(({ jobs }) => jobs)).toMatchObject([{ data: { run_id: runId } }]);
    const started = await execution().start(runId, START);
    expect(started).toMatchObject({
      pricingPackId: 'PP_2025-10-23',
      packHash: sha256Hex('other'),
      asofDate: '2025-10-23',
      gate: { terms: TERMS, validUntil: VALID_UNTIL },
    });
    await execution().finish(runId, started!.attempt, succeeded());
    const run = await intake.get(LOCAL_PRINCIPAL, runId);
    expect(run).toMatchObject({
      status: 'succeeded',
      valid_until: VALID_UNTIL.toISOString(),
      freshness: FRESHNESS,
    });
    expect(run?.awaiting).toBeUndefined();
    const events = await intake.events(LOCAL_PRINCIPAL, runId, 0);
    expect(events?.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'run.accepted'],
      [2, 'run.pack_ready'],
      [3, 'run.started'],
      [4, 'run.finished'],
    ]);
  });

  it('gets its job from the sweeper when the process died between release and queue', async () => {
    const runId = await acceptWaiting();
    const dying = waiter(READY, { enqueue: () => Promise.reject(new Error('killed')) });
    await expect(dying.look()).rejects.toThrow('killed');
    await lookSoon();
    const restored: RunJob[] = [];
    const sweeper = createSweeper({
      database: db.database,
      queue: { restore: async (jobs) => restored.push(...jobs) },
      intervalMs: 3_600_000,
    });
    await sweeper.sweep();
    await sweeper.close();
    expect(restored).toMatchObject([{ data: { run_id: runId } }]);
  });

  it('is not held up by another whose question fails', async () => {
    await acceptWaiting(inMinutes(15), 'broken');
    const sound = await acceptWaiting();
    const faults: unknown[] = [];
    const both = waiter(READY, {
      ask: async ({ portfolioId }) =>
        portfolioId === 'broken' ? Promise.reject(new Error('no ledger')) : READY,
      onError: (error) => faults.push(error),
    });
    await expect(both.look()).resolves.toBe(1);
    expect(both.jobs).toMatchObject([{ data: { run_id: sound } }]);
    expect(faults).toHaveLength(1);
  });

  it('asks the gate once for all that ask the same, and goes on with all of them', async () => {
    const alike = [await acceptWaiting(), await acceptWaiting(), await acceptWaiting()];
    await acceptWaiting(inMinutes(15), 'income');
    const each = waiter(READY);
    await expect(each.look()).resolves.toBe(4);
    expect(each.asked.map(({ portfolioId }) => portfolioId).sort()).toEqual(['growth', 'income']);
    expect(each.jobs.map(({ data }) => data.run_id)).toEqual(expect.arrayContaining(alike));
  });

  it('costs the database no write while it waits, however often it is looked at', async () => {
    await acceptWaiting();
    await waiter(NOT_READY).look();
    const before = await rowVersions();
    for (let look = 0; look < 3; look += 1) await waiter(NOT_READY).look();
    expect(await rowVersions()).toEqual(before);
  });

  it('tells of each run that it gives up, so that its outcome is counted where it is written', async () => {
    const runId = await acceptWaiting(inMinutes(-1));
    await acceptWaiting();
    const ended: unknown[] = [];
    const giving = waiter(NOT_READY, {
      onGivenUp: ({ runId: id, patternId }, { code }) => ended.push([id, patternId, code]),
    });
    await giving.look();
    expect(ended).toEqual([[runId, 'portfolio_overview', 'pack_not_fresh']]);
  });

  it('fails at its deadline with the gate’s own refusal and repair order', async () => {
    const runId = await acceptWaiting(inMinutes(-1));
    await waiter(NOT_READY).look();
    expect(await intake.get(LOCAL_PRINCIPAL, runId)).toMatchObject({
      status: 'failed',
      error: { code: 'pack_not_fresh', status: 503, repair: { command: REPAIR.command } },
    });
    const events = await intake.events(LOCAL_PRINCIPAL, runId, 1);
    expect(events).toMatchObject([
      { seq: 2, type: 'run.finished', data: { status: 'failed', error_code: 'pack_not_fresh' } },
    ]);
  });

  it('takes a pack that came at the last moment rather than fail', async () => {
    const runId = await acceptWaiting(inMinutes(-1));
    await expect(waiter(READY).look()).resolves.toBe(1);
    expect(await intake.get(LOCAL_PRINCIPAL, runId)).toMatchObject({ status: 'accepted' });
  });

  it('can be cancelled, and is let be from then on', async () => {
    const runId = await acceptWaiting();
    expect(await intake.requestCancel(LOCAL_PRINCIPAL, runId)).toBe(true);
    const after = waiter(READY);
    await expect(after.look()).resolves.toBe(0);
    expect(after.asked).toEqual([]);
    const run = await intake.get(LOCAL_PRINCIPAL, runId);
    expect(run).toMatchObject({ status: 'cancelled' });
    expect(run?.awaiting).toBeUndefined();
  });

  it('is cancelled and not released when both come at once', async () => {
    const runId = await acceptWaiting();
    const racing = waiter(READY, {
      ask: async () => {
        await intake.requestCancel(LOCAL_PRINCIPAL, runId);
        return READY;
      },
    });
    await expect(racing.look()).resolves.toBe(0);
    expect(racing.jobs).toEqual([]);
    expect(await intake.get(LOCAL_PRINCIPAL, runId)).toMatchObject({ status: 'cancelled' });
  });

  it('wakes those who follow it when its pack is there', async () => {
    const runId = await acceptWaiting();
    const news = intake.waitForNews(runId, 30_000, new AbortController().signal);
    await waiter(READY).look();
    await expect(news).resolves.toBeUndefined();
  });
});

it('an attempt can send its run back to wait for another pack, and loses its hold on it', async () => {
  const run = newRun({
    gate: { terms: TERMS, freshness: FRESHNESS, validUntil: VALID_UNTIL, awaiting: null },
  });
  await intake.accept(run);
  const started = await execution().start(run.runId, START);
  const awaiting = { packId: REPAIR.pack_id, until: inMinutes(5), repair: REPAIR };
  expect(await execution().awaitPack(run.runId, started!.attempt, awaiting)).toBe(true);
  expect(await intake.get(LOCAL_PRINCIPAL, run.runId)).toMatchObject({
    status: 'accepted',
    awaiting: { pack_id: REPAIR.pack_id },
  });
  expect(await execution().finish(run.runId, started!.attempt, succeeded())).toBe(false);
  await expect(waiter(READY).look()).resolves.toBe(1);
  expect(await execution().start(run.runId, START)).toMatchObject({
    attempt: 2,
    packHash: sha256Hex('other'),
  });
  const events = await intake.events(LOCAL_PRINCIPAL, run.runId, 0);
  expect(events?.map(({ type }) => type)).toEqual([
    'run.accepted',
    'run.started',
    'run.awaiting_pack',
    'run.pack_ready',
    'run.started',
  ]);
});
