import { join } from 'node:path';
import { createAgentRuntime, shippedAgents } from '@dawsos/agents';
import { isoDate } from '@dawsos/contracts';
import { openLedgerRepository } from '@dawsos/ledger';
import { createMetricsRegistry } from '@dawsos/observability';
import { loadPatterns, parseInputs, runPattern } from '@dawsos/patterns';
import { createPackStore } from '@dawsos/pricing';
import { workerPerSecond } from './durable-runs.ts';
import { interleave, type Section } from './figures.ts';
import { LAST_DAY, OVERVIEW, ROOT, withSystem, type System } from './system.ts';

const WORKER = 'one worker, four runs in flight';
const LOOP = 'plain loop';
const STEPS_IN_FLIGHT = 4;

export interface Size {
  readonly rounds: number;
  /** How many runs each variant makes in each round. */
  readonly executions: number;
}

/** Executions a second by one worker, against the same computation in a loop. */
export function executions({ rounds, executions: count }: Size): Promise<Section> {
  return withSystem(async (system) => {
    const compute = await plainComputation(system);
    const worker = await system.startWorker({ WORKER_CONCURRENCY: '4', STEP_CACHE: 'off' });
    const series = await interleave(rounds, {
      [WORKER]: () => workerPerSecond(system, { port: system.apiPort, worker, count }),
      [LOOP]: () => loopPerSecond(compute, count),
    });
    return {
      title: 'Executions',
      about:
        `\`${OVERVIEW.pattern_id}\` of the example portfolio "${OVERVIEW.portfolio_id}", ${count} at a time, without ` +
        'the step cache. The worker (a process of its own) finds them submitted, and is timed from when it may ' +
        'start to the last commit of a result; the loop is `runPattern` in this process, on the same pack and ' +
        'ledger snapshot, one after the other, and keeps nothing.',
      unit: 'a second',
      series,
      ratio: { of: WORKER, to: LOOP, goal: '0.8', atLeast: 0.8 },
      limit: EXECUTIONS_LIMIT,
    };
  });
}

const EXECUTIONS_LIMIT =
  'Profiled on a quiet machine on 2026-11-25: the decimal arithmetic of the steps is the largest part of the worker too; ' +
  'spans with their filter, the encoding of steps and results for PostgreSQL and the queue share the rest, in the same ' +
  'thread.';

async function loopPerSecond(compute: () => Promise<void>, count: number): Promise<number> {
  const started = performance.now();
  for (let index = 0; index < count; index += 1) await compute();
  return count / ((performance.now() - started) / 1000);
}

/** What the worker computes for a run, without the run. */
async function plainComputation({ database, ledgerDir }: System): Promise<() => Promise<void>> {
  const metrics = createMetricsRegistry({ processMetrics: false });
  const runtime = createAgentRuntime({ agents: shippedAgents(), metrics });
  const plan = (await loadPatterns(join(ROOT, 'patterns'), runtime.catalog)).get(OVERVIEW.pattern_id);
  const packs = createPackStore(database);
  const asofDate = isoDate(LAST_DAY);
  const newest = await packs.newestOnOrBefore(asofDate);
  if (plan === undefined || newest === undefined) throw new Error('no pattern or no pack to compute with');
  const pack = await packs.load(newest.pack_id);
  const repository = openLedgerRepository({ dir: ledgerDir, file: 'main.beancount' });
  const ledger = await repository.snapshot(await repository.resolve('main'));
  const portfolioId = OVERVIEW.portfolio_id;
  const inputs = parseInputs(plan.definition, {});
  return async () => {
    const { dataJson } = await runPattern(plan, {
      inputs,
      ctx: {
        pricing_pack_id: pack.id,
        ledger_commit_hash: ledger.commit,
        portfolio_id: portfolioId,
        asof_date: asofDate,
      },
      invoke: runtime.bind({ pack, ledger, portfolioId, asofDate }),
      metrics,
      signal: new AbortController().signal,
      maxParallel: STEPS_IN_FLIGHT,
    });
    if (dataJson.length < 1_000) throw new Error('the computation gave next to nothing');
  };
}
