import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createAgentRuntime, shippedAgents } from '@dawsos/agents';
import { isoDate } from '@dawsos/contracts';
import { openLedgerRepository } from '@dawsos/ledger';
import { createMetricsRegistry } from '@dawsos/observability';
import { loadPatterns, parseInputs, runPattern } from '@dawsos/patterns';
import { createPackStore } from '@dawsos/pricing';
import type { Child } from './child.ts';
import { interleave, type Section } from './figures.ts';
import { LAST_DAY, OVERVIEW, ROOT, withSystem, type System } from './system.ts';

const WORKER = 'one worker, four runs in flight';
const LOOP = 'plain loop';
const STEPS_IN_FLIGHT = 4;
const FINISHED_WITHIN_MS = 120_000;

export interface Size {
  readonly rounds: number;
  /** Of each variant in each round. */
  readonly executions: number;
}

/** Executions a second by one worker, against the same computation in a loop. */
export function executions({ rounds, executions: count }: Size): Promise<Section> {
  return withSystem(async (system) => {
    const compute = await plainComputation(system);
    const worker = await system.startWorker({ WORKER_CONCURRENCY: '4', STEP_CACHE: 'off' });
    const series = await interleave(rounds, {
      [WORKER]: () => workerPerSecond(system, worker, count),
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
  'A profile of a short run of the worker (2026-11-24, its start included) has 19 % in the steps and 10 % in handing ' +
  'statements to PostgreSQL (the encoding of large texts most of all), in the same thread; the rest of the gap was not ' +
  'taken apart.';

/** Holds the idle worker while the runs are submitted, so that it is timed at work and not at waiting for them. */
async function workerPerSecond(system: System, worker: Child, count: number): Promise<number> {
  worker.signal('SIGSTOP');
  let started: number;
  let ids: readonly string[];
  try {
    ids = await Promise.all(Array.from({ length: count }, () => submit(system.apiPort)));
  } finally {
    started = Date.now();
    worker.signal('SIGCONT');
  }
  const finished = await lastFinish(system, ids);
  return count / ((finished - started) / 1000);
}

async function submit(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/execute`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(OVERVIEW),
  });
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { run_id: string }).run_id;
}

interface Progress {
  readonly succeeded: number;
  readonly failed: number;
  readonly last: Date;
}

/** When the last of the runs was committed, in milliseconds since the epoch. @throws when one did not succeed */
async function lastFinish({ database }: System, ids: readonly string[]): Promise<number> {
  const deadline = Date.now() + FINISHED_WITHIN_MS;
  for (;;) {
    const { rows } = await database.pool.query<Progress>(
      `select count(*) filter (where status = 'succeeded')::int as succeeded,
         count(*) filter (where status in ('failed', 'cancelled'))::int as failed, max(finished_at) as last
       from run where run_id = any($1::uuid[])`,
      [ids],
    );
    const [progress] = rows;
    if (progress?.succeeded === ids.length) return progress.last.getTime();
    if (progress === undefined || progress.failed > 0) throw new Error('a run did not succeed');
    if (Date.now() > deadline)
      throw new Error(`${progress.succeeded} of ${ids.length} runs finished in time`);
    await delay(50);
  }
}

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
