import { canonicalJson, type JsonValue, type Run } from '@dawsos/contracts';
import { ENGINES, startStack, type Stack } from './rig/stack';

const OVERVIEW = { pattern_id: 'portfolio_overview', portfolio_id: 'growth' };
const bytesOf = (run: Run): string => canonicalJson(run.data as JsonValue);

/** What every engine, number of workers and setting of the cache has to agree on. */
const seen = new Map<string, string>();

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
    expect(second.steps.every((step) => step.cached)).toBe(true);
    seen.set(`${engine}, one worker`, bytesOf(first));
  });

  it('from four workers at once', async () => {
    await Promise.all([stack.startWorker(), stack.startWorker(), stack.startWorker()]);
    const accepted = await Promise.all(Array.from({ length: 12 }, () => stack.api.accept(OVERVIEW)));
    const runs = await stack.api.allFinished(accepted);
    for (const run of runs) expect(bytesOf(run)).toBe(seen.get(`${engine}, one worker`));
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
