import { createAgentRuntime, defineCapability } from '@dawsos/agents';
import { DawsosError, isoDate, type JsonValue, sha256Hex } from '@dawsos/contracts';
import type { LedgerSnapshot } from '@dawsos/ledger';
import { createPiiFilter } from '@dawsos/observability';
import { catalogOf, parsePattern } from '@dawsos/patterns';
import { createPricingPack } from '@dawsos/pricing';
import type { AttemptEnd, Outcome, PackAwaited, RunExecution, StartedRun, StepUpdate } from '@dawsos/runs';
import { z } from 'zod';
import { createProcessor, type ProcessorDependencies } from './processor';

const PACK = createPricingPack({
  id: 'PP_2025-10-22',
  hash: sha256Hex('pack'),
  asofDate: isoDate('2025-10-22'),
  series: [],
});
const RUN: StartedRun = {
  runId: '0198c6a4-5d1e-7c3a-9d52-3b0f0f7f1a01',
  attempt: 1,
  patternId: 'demo',
  patternVersion: '1.0.0',
  inputs: {},
  portfolioId: 'growth',
  requiredPermissions: ['portfolio_read'],
  principalId: 'alice',
  portfolios: ['growth'],
  asofDate: isoDate('2025-10-22'),
  pricingPackId: PACK.id,
  packHash: PACK.hash,
  ledgerCommitHash: 'c'.repeat(40),
  requestId: 'req-1',
  traceparent: null,
  previousAttempt: null,
  isExhausted: false,
  gate: null,
  createdAt: new Date('2025-10-22T12:00:00Z'),
};
const DEMO = parsePattern(
  'demo.json',
  JSON.stringify({
    id: 'demo',
    version: '1.0.0',
    name: 'Demo',
    description: 'A test',
    steps: [{ id: 'first', capability: 'test.run', as: 'first' }],
    outputs: ['first'],
  }),
);
const JOB = { run_id: RUN.runId };

type Work = (signal: AbortSignal) => JsonValue | Promise<JsonValue>;

/** A worker around one run kept in memory; `work` is what its only step does. */
function workerWith(work: Work, change: Partial<StartedRun> = {}, more: Partial<ProcessorDependencies> = {}) {
  const outcomes: Outcome[] = [];
  const updates: StepUpdate[] = [];
  const releases: { code: string; delayMs: number }[] = [];
  const waits: PackAwaited[] = [];
  const counted: string[] = [];
  const captured: unknown[] = [];
  const details: unknown[] = [];
  let held = true;
  let endedAs: AttemptEnd = 'lock_lost';
  let end: (why: AttemptEnd) => void = () => undefined;
  const runs: RunExecution = {
    start: async () => ({ ...RUN, ...change }),
    recordSteps: async (_run, _attempt, news) => held && updates.push(...news) > 0,
    finish: async (_run, _attempt, outcome, news = []) => {
      if (held) updates.push(...news);
      return held && outcomes.push(outcome) > 0;
    },
    awaitPack: async (_run, _attempt, awaiting) => held && waits.push(awaiting) > 0,
    release: async (_run, _attempt, { code }, delayMs) => held && releases.push({ code, delayMs }) > 0,
  };
  const metrics = {
    timeStep: (_pattern: string, _index: number, _capability: string, fn: () => Promise<never>) => fn(),
    timeAgent: (_agent: string, _capability: string, fn: () => Promise<never>) => fn(),
    recordCircuitBreakerState: () => undefined,
    recordCircuitBreakerFailure: () => undefined,
    recordPatternExecution: (pattern: string, status: string) => counted.push(`${pattern} ${status}`),
  };
  const capability = defineCapability({
    name: 'test.run',
    description: 'A test',
    args: z.object({}),
    result: z.json(),
    run: (_args, { signal }) => work(signal) as never,
  });
  const runtime = createAgentRuntime({
    agents: [{ name: 'tester', version: '1', capabilities: [capability] }],
    metrics: metrics as never,
    retry: { retries: 0 },
  });
  const silent = () => undefined;
  const logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };
  const process = createProcessor({
    runs,
    watch: {
      watch: (_run, _attempt, onEnd) => {
        end = onEnd;
        return () => (end = () => undefined);
      },
      look: () => end(endedAs),
    },
    patterns: catalogOf([DEMO]),
    runtime,
    stepConcurrency: 2,
    readersOf: (id) => [{ id, portfolios: '*' }],
    loadPack: async () => PACK,
    loadLedger: async (commit) => ({ commit, ledger: { pluginsNotRun: [] } }) as unknown as LedgerSnapshot,
    observability: {
      logger,
      pii: createPiiFilter(),
      metrics: metrics as never,
      captureException: (error, more) => {
        captured.push(error);
        details.push(more);
      },
    },
    recheckFreshness: async () => undefined,
    workerId: 'worker-1',
    maxAttempts: 3,
    docsUrl: '/docs/errors',
    random: () => 0,
    ...more,
  });
  return {
    process: (signal = new AbortController().signal) => process(JOB, signal),
    end: (why: AttemptEnd) => end(why),
    lose: (why: AttemptEnd = 'lock_lost') => {
      held = false;
      endedAs = why;
    },
    outcomes,
    waits,
    updates,
    releases,
    counted,
    captured,
    details,
  };
}

const failsWith = (error: Error) => () => Promise.reject(error);
const hangs: Work = (signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe('one attempt of a run', () => {
  test('ends with the result, its hash, its provenance, and the steps in the same write', async () => {
    const worker = workerWith(() => ({ b: 1, a: 'x' }));
    await worker.process();
    expect(worker.outcomes).toMatchObject([
      {
        status: 'succeeded',
        dataJson: '{"first":{"a":"x","b":1}}',
        dataHash: sha256Hex('{"first":{"a":"x","b":1}}'),
        provenance: { pattern_version: '1.0.0', pricing_pack_hash: PACK.hash, steps: [{ step_id: 'first' }] },
      },
    ]);
    expect(worker.updates.map(({ status }) => status)).toEqual(['running', 'succeeded']);
    expect(worker.counted).toEqual(['demo succeeded']);
  });

  test('nothing is done for a run that is finished, cancelled or out of attempts', async () => {
    let worked = false;
    const runs = { start: async () => undefined } as unknown as RunExecution;
    const work = () => (worked = true);
    await workerWith(work, {}, { runs }).process();
    expect(worked).toBe(false);
  });

  test('fails with a problem that says what is wrong, and throws the code alone', async () => {
    const missing = new DawsosError('price_missing', 'no price of AAPL on 2025-10-22', {
      extensions: { commodity: 'AAPL' },
    });
    const worker = workerWith(failsWith(missing));
    const thrown: unknown = await worker.process().catch((error: unknown) => error);
    expect(String(thrown)).toBe('DawsosError: A price is missing from the pack');
    expect(thrown).toMatchObject({ code: 'price_missing', extensions: {} });
    expect((thrown as Error).cause).toBeUndefined();
    expect(worker.outcomes).toMatchObject([
      {
        status: 'failed',
        error: {
          type: '/docs/errors#price_missing',
          detail: 'no price of AAPL on 2025-10-22',
          commodity: 'AAPL',
          request_id: 'req-1',
        },
      },
    ]);
    expect(worker.updates.at(-1)).toMatchObject({ status: 'failed', error_code: 'price_missing' });
    expect([worker.counted, worker.captured]).toEqual([['demo failed'], []]);
  });

  test('a fault of our own is captured once, and its problem holds none of its words', async () => {
    const worker = workerWith(failsWith(new TypeError('secret 12345')));
    await expect(worker.process()).rejects.toMatchObject({ code: 'agent_failed' });
    expect(JSON.stringify(worker.outcomes)).not.toContain('secret');
    expect(worker.captured).toMatchObject([{ code: 'agent_failed', cause: { message: 'secret 12345' } }]);
  });

  test('a fault that comes at each attempt is captured once, at the last one, with the attempts', async () => {
    const fault = () => new DawsosError('agent_failed', 'again', { retryable: true });
    for (const attempt of [1, 2]) {
      const worker = workerWith(failsWith(fault()), { attempt });
      await worker.process().catch(() => undefined);
      expect([worker.captured, worker.releases.length]).toEqual([[], 1]);
    }
    const last = workerWith(failsWith(fault()), { attempt: 3 });
    await expect(last.process()).rejects.toMatchObject({ code: 'agent_failed' });
    expect(last.captured).toHaveLength(1);
    expect(last.details).toMatchObject([
      { tags: { error_code: 'agent_failed', pattern_id: 'demo' }, context: { attempts: 3 } },
    ]);
  });

  test.each<[string, Partial<StartedRun>, string]>([
    ['the pattern has another version now', { patternVersion: '0.9.0' }, 'pattern_changed'],
    ['the pattern is gone', { patternId: 'gone' }, 'pattern_changed'],
    ['the principal may not see the portfolio', { portfolios: ['income'] }, 'portfolio_forbidden'],
    [
      'a run over the whole ledger is not its principal’s to see',
      { portfolioId: null },
      'portfolio_forbidden',
    ],
    ['the pack is not the one of the acceptance', { packHash: 'other' }, 'internal_error'],
  ])('fails where %s', async (_what, change, code) => {
    const worker = workerWith(() => 1, change);
    await expect(worker.process()).rejects.toMatchObject({ code });
    expect(worker.outcomes).toMatchObject([{ status: 'failed', error: { code } }]);
  });

  test('fails where the principal has lost the portfolio since the acceptance', async () => {
    const worker = workerWith(() => 1, {}, { readersOf: (id) => [{ id, portfolios: ['income'] }] });
    await expect(worker.process()).rejects.toMatchObject({ code: 'portfolio_forbidden' });
  });

  test('fails where no single key of the principal may do what the pattern asks for there', async () => {
    const readersOf = (id: string) => [
      { id, portfolios: ['growth'], permissions: [] },
      { id, portfolios: ['income'], permissions: ['portfolio_read'] },
    ];
    await expect(workerWith(() => 1, {}, { readersOf }).process()).rejects.toMatchObject({
      code: 'portfolio_forbidden',
    });
  });

  test('a fault that may pass gives the run up for another attempt, later each time', async () => {
    const down = new DawsosError('store_unavailable', 'down');
    const [first, second] = [workerWith(failsWith(down)), workerWith(failsWith(down), { attempt: 2 })];
    await expect(first.process()).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
    await expect(second.process()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(first.releases).toEqual([{ code: 'store_unavailable', delayMs: 250 }]);
    expect(second.releases).toEqual([{ code: 'store_unavailable', delayMs: 500 }]);
    expect(first.outcomes).toEqual([]);
  });

  test('an open circuit says how long to wait', async () => {
    const open = new DawsosError('circuit_open', 'open', { retryAfterSeconds: 7 });
    const worker = workerWith(failsWith(open));
    await expect(worker.process()).rejects.toMatchObject({ code: 'circuit_open' });
    expect(worker.releases).toEqual([{ code: 'circuit_open', delayMs: 7_000 }]);
  });

  test('the last attempt that is allowed ends the run with its own fault', async () => {
    const worker = workerWith(failsWith(new DawsosError('store_unavailable', 'down')), { attempt: 3 });
    await expect(worker.process()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(worker.outcomes).toMatchObject([{ status: 'failed', error: { code: 'store_unavailable' } }]);
    expect(worker.releases).toEqual([]);
  });
});

test('where the store is away, the queue is told its code and nothing of its words', async () => {
  const down = () =>
    Promise.reject(new DawsosError('store_unavailable', 'connect ECONNREFUSED db.internal:5432'));
  const away: RunExecution = {
    start: async () => RUN,
    recordSteps: down,
    finish: down,
    awaitPack: down,
    release: down,
  };
  const thrown: unknown = await workerWith(() => 1, {}, { runs: away })
    .process()
    .catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: 'store_unavailable' });
  expect(String(thrown)).not.toContain('db.internal');
});

describe('an attempt that is taken away', () => {
  test('a cancellation stops the step; the outcome is already written', async () => {
    const worker = workerWith(hangs);
    const done = worker.process();
    await new Promise((resolve) => setTimeout(resolve, 20));
    worker.end('run_cancelled');
    await expect(done).rejects.toMatchObject({ code: 'run_cancelled' });
    expect([worker.outcomes, worker.releases, worker.counted]).toEqual([[], [], []]);
  });

  test.each([
    ['the queue takes the job away', undefined],
    ['the lock is lost', new DawsosError('lock_lost', 'lost')],
  ])('where %s, the attempt is dropped without a word', async (_what, reason) => {
    const worker = workerWith(hangs);
    const controller = new AbortController();
    const done = worker.process(controller.signal);
    controller.abort(reason);
    await expect(done).rejects.toMatchObject({ code: 'lock_lost' });
    expect([worker.outcomes, worker.releases, worker.counted]).toEqual([[], [], []]);
  });

  test('a shutdown gives the run up at once', async () => {
    const worker = workerWith(hangs);
    const controller = new AbortController();
    const done = worker.process(controller.signal);
    controller.abort(new DawsosError('shutting_down', 'stopping'));
    await expect(done).rejects.toMatchObject({ code: 'shutting_down' });
    expect(worker.releases).toEqual([{ code: 'shutting_down', delayMs: 0 }]);
  });

  test('a refused step write aborts the step', async () => {
    const worker = workerWith(hangs);
    worker.lose();
    await expect(worker.process()).rejects.toMatchObject({ code: 'lock_lost' });
    expect(worker.counted).toEqual([]);
  });

  test('a step write that a cancellation refused ends the attempt as cancelled', async () => {
    const worker = workerWith(hangs);
    worker.lose('run_cancelled');
    await expect(worker.process()).rejects.toMatchObject({ code: 'run_cancelled' });
    expect([worker.outcomes, worker.counted]).toEqual([[], []]);
  });

  test('a late result is discarded and counted', async () => {
    const worker = workerWith(() => 1);
    worker.lose();
    await worker.process();
    expect([worker.outcomes, worker.counted]).toEqual([[], ['demo discarded']]);
  });
});
