import { addDays, canonicalJson, isoDate, type JsonValue, type Run } from '@dawsos/contracts';
import { ENGINES, startStack, type Stack } from './rig/stack';

const OVERVIEW = { pattern_id: 'portfolio_overview', portfolio_id: 'growth' };
const bytesOf = (run: Run): string => canonicalJson(run.data as JsonValue);

/** What every engine, number of workers and setting of the cache has to agree on. */
const seen = new Map<string, string>();

const RUNS = 1_000;
const FIRST_DAY = isoDate('2022-12-01');
const bodies = Array.from({ length: RUNS }, (_, index) => ({
  pattern_id: 'lots',
  portfolio_id: 'growth',
  inputs: { date: addDays(FIRST_DAY, index) },
}));

describe.each(ENGINES)('equal inputs, pack and commit give equal bytes, on %s', (engine) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ engine });
  });
  afterAll(() => stack.stop());

  it('from one worker, twice: computed, and from the step cache', async () => {
    const first = await stack.api.succeeded(OVERVIEW);
    const second = await stack.api.succeeded(OVERVIEW);
    expect(bytesOf(second)).toBe(bytesOf(first));
    expect(first.steps.some((step) => step.cached)).toBe(false);
    const ran = second.steps.filter(({ status }) => status !== 'skipped');
    expect(ran.every((step) => step.cached)).toBe(true);
    seen.set(`${engine}, one worker`, bytesOf(first));
  });

  it('from four workers at once', async () => {
    await Promise.all([stack.startWorker(), stack.startWorker(), stack.startWorker()]);
    const accepted = await Promise.all(Array.from({ length: 12 }, () => stack.api.accept(OVERVIEW)));
    const runs = await stack.api.allFinished(accepted);
    for (const run of runs) expect(bytesOf(run)).toBe(seen.get(`${engine}, one worker`));
  });

  describe('a thousand executions submitted at once to the four', () => {
    /** As a client does: told to come again, it comes again under the same key. */
    async function submit(body: object, index: number): Promise<string> {
      const headers = { 'idempotency-key': `"many-${String(index)}"` };
      for (;;) {
        const answer = await stack.api.execute(body, headers);
        const text = await answer.text();
        if (answer.status === 503) continue;
        expect([answer.status, text]).toEqual([202, expect.any(String)]);
        return (JSON.parse(text) as { run_id: string }).run_id;
      }
    }
    let ids: readonly string[];

    it('give a thousand distinct results: none lost, none doubled', async () => {
      ids = await Promise.all(bodies.map(submit));
      expect(new Set(ids).size).toBe(RUNS);
      const runs = await stack.api.allFinished(ids, 240_000);
      expect(runs.filter((run) => run.status !== 'succeeded')).toEqual([]);
      expect(runs.map(dayOf)).toEqual(bodies.map((body) => body.inputs.date));
      expect(new Set(runs.map((run) => run.data_hash)).size).toBe(RUNS);
      const { rows } = await stack.database.database.pool.query<{ outcomes: string; finished: string }>(
        `select (select count(*) from run_outcome where run_id = any($1::uuid[])) as outcomes,
        (select count(*) from run_event where type = 'run.finished' and run_id = any($1::uuid[])) as finished`,
        [ids],
      );
      expect(rows).toEqual([{ outcomes: String(RUNS), finished: String(RUNS) }]);
    });

    it('are shared among the workers', async () => {
      const { rows } = await stack.database.database.pool.query<{ workers: string }>(
        'select count(distinct worker_id) as workers from run_attempt where run_id = any($1::uuid[])',
        [ids],
      );
      expect(Number(rows[0]?.workers)).toBe(4);
    });
  });

  it('with the step cache off', async () => {
    await Promise.all(stack.workers.map((worker) => worker.stop()));
    await stack.startWorker({ STEP_CACHE: 'off' });
    const run = await stack.api.succeeded(OVERVIEW);
    expect(run.steps.some((step) => step.cached)).toBe(false);
    expect(bytesOf(run)).toBe(seen.get(`${engine}, one worker`));
  });

  it('and other bytes once the ledger has a new commit', async () => {
    const before = await stack.api.succeeded(OVERVIEW);
    await stack.ledger.append(
      'main.beancount',
      '2025-10-22 * "One more deposit"\n  Assets:Growth:Cash   1000.00 CAD\n  Equity:Opening-Balances  -1000.00 CAD',
    );
    const commit = await stack.ledger.commit('One more deposit');
    const after = await stack.api.succeeded(OVERVIEW);
    expect(after.ledger_commit_hash).toBe(commit);
    expect(after.ledger_commit_hash).not.toBe(before.ledger_commit_hash);
    expect(bytesOf(after)).not.toBe(bytesOf(before));
    const pinned = await stack.api.succeeded({ ...OVERVIEW, ledger_ref: before.ledger_commit_hash });
    expect(bytesOf(pinned)).toBe(bytesOf(before));
  });
});

it('both engines gave the same bytes', () => {
  expect(seen.size).toBe(ENGINES.length);
  expect(new Set(seen.values()).size).toBe(1);
});

function dayOf(run: Run): unknown {
  return (run.data as { positions: { asof_date: string } } | undefined)?.positions.asof_date;
}
