import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Agent, createAgentRuntime, createStepCache, shippedAgents } from '@dawsos/agents';
import {
  isoDate,
  type JobState,
  type JsonObject,
  LOCAL_PRINCIPAL,
  type PackSummary,
  type Run,
  type RunExplanation,
} from '@dawsos/contracts';
import { openLedgerRepository } from '@dawsos/ledger';
import { setupObservability } from '@dawsos/observability';
import { catalogOf, loadPatterns, parseInputs, parsePattern, type PatternCatalog } from '@dawsos/patterns';
import {
  buildAndStorePack,
  createFreshnessGate,
  createPackStore,
  ledgerQuotes,
  readPriceFolder,
  type Quote,
} from '@dawsos/pricing';
import {
  createRunExecution,
  createRuns,
  createRunWatch,
  createStepTraceStore,
  explainRun,
  gatherFacts,
  type AwaitingQuestion,
  type NewRun,
} from '@dawsos/runs';
import { createTestDatabase, startOtlpReceiver, sharedPostgres } from '@dawsos/testing';
import { createProcessor } from '../src/processor';
import { createRecheckFreshness } from '@dawsos/admission';
import { answerOf } from '../src/wait-for-packs';

const run = promisify(execFile);
export const ROOT = resolve(__dirname, '../../..');
export const ASOF = isoDate('2025-10-22');

/** The example ledger as the one commit of a git repository. */
export async function exampleRepository(): Promise<{
  dir: string;
  commit: string;
  remove: () => Promise<void>;
}> {
  const dir = await mkdtemp(join(tmpdir(), 'dawsos-worker-ledger-'));
  await cp(join(ROOT, 'examples/ledger'), dir, { recursive: true });
  const git = async (...args: string[]) => {
    const identity = [
      '-c',
      'user.name=test',
      '-c',
      'user.email=test@localhost',
      '-c',
      'commit.gpgsign=false',
    ];
    return (await run('git', [...identity, ...args], { cwd: dir })).stdout.trim();
  };
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-q', '-m', 'The example');
  return { dir, commit: await git('rev-parse', 'HEAD'), remove: () => rm(dir, { recursive: true }) };
}

const NOW = new Date(`${ASOF}T23:59:59.999Z`);

export interface WorkerOptions {
  readonly stepCache?: 'off' | 'memory' | 'shared';
  readonly maxAttempts?: number;
  /** The gate's clock; the end of the pack's day when absent. */
  readonly now?: () => Date;
  /** Beside the financial analyst. */
  readonly agents?: readonly Agent[];
  /** Beside the shipped ones. */
  readonly patterns?: readonly object[];
}

export interface TestWorker {
  readonly patterns: PatternCatalog;
  /** One attempt of a run, as the queue would make it. */
  attempt(runId: string, signal?: AbortSignal): Promise<void>;
}

/** Workers in this process over a real PostgreSQL, the example's ledger at a commit and its pack. */
export async function startWorkerRig() {
  const postgres = await sharedPostgres();
  const test = await createTestDatabase(postgres);
  const { database } = test;
  const repository = await exampleRepository();
  const ledger = openLedgerRepository({ dir: repository.dir, file: 'main.beancount' });
  const store = createPackStore(database);
  const snapshot = await ledger.snapshot(repository.commit);
  const sources = async () => [
    ledgerQuotes(snapshot.ledger),
    ...(await readPriceFolder(join(ROOT, 'examples/market'))),
  ];
  const { pack } = await buildAndStorePack(store, { asofDate: ASOF, sources });
  const intake = createRuns({ database, enqueue: async () => undefined });
  const traces = await startOtlpReceiver();
  const observability = setupObservability({
    serviceName: 'dawsos-pattern-worker',
    otlpEndpoint: traces.url,
    logLevel: 'silent',
    processMetrics: false,
    instrument: false,
  });
  const releases: (() => Promise<unknown>)[] = [];

  const gate = createFreshnessGate({
    store,
    loadPack: (id) => store.load(id),
    loadLedger: (commit) => ledger.snapshot(commit),
    freshness: { maxAgeBusinessDays: 3 },
    now: () => NOW,
  });

  async function startWorker(options: WorkerOptions = {}): Promise<TestWorker> {
    const { stepCache = 'off', maxAttempts = 5 } = options;
    const runtime = createAgentRuntime({
      agents: [...shippedAgents(), ...(options.agents ?? [])],
      metrics: observability.metrics,
      retry: { retries: 0 },
      ...(stepCache === 'off'
        ? {}
        : {
            stepCache: createStepCache({
              maxCharacters: 10_000_000,
              ...(stepCache === 'shared' ? { store: createStepTraceStore(database) } : {}),
            }),
          }),
    });
    const shipped = await loadPatterns(join(ROOT, 'patterns'), runtime.catalog);
    const own = (options.patterns ?? []).map((text) =>
      parsePattern('own.json', JSON.stringify(text), runtime.catalog),
    );
    const patterns = catalogOf([...shipped.all(), ...own]);
    const watch = createRunWatch({ database, pollMs: 200 });
    releases.push(() => watch.close());
    const process = createProcessor({
      runs: createRunExecution({ database, maxAttempts, docsUrl: '/docs/errors' }),
      watch,
      patterns,
      runtime,
      stepConcurrency: 4,
      readersOf: (id) => [{ id, portfolios: '*' }],
      loadPack: (id) => store.load(id),
      loadLedger: (commit) => ledger.snapshot(commit),
      recheckFreshness: createRecheckFreshness({ store, gate, now: options.now ?? (() => NOW) }),
      observability,
      workerId: `worker-${randomUUID()}`,
      maxAttempts,
      docsUrl: '/docs/errors',
      random: Math.random,
    });
    return {
      patterns,
      attempt: (runId, signal = new AbortController().signal) => process({ run_id: runId }, signal),
    };
  }

  async function accept(
    patterns: PatternCatalog,
    patternId: string,
    inputs: JsonObject = {},
    traceparent: string | null = null,
    own: Partial<NewRun> = {},
  ): Promise<string> {
    const { definition, steps } = patterns.get(patternId)!;
    const runId = randomUUID();
    await intake.accept({
      runId,
      principal: LOCAL_PRINCIPAL,
      idempotencyKey: null,
      bodyHash: runId,
      patternId,
      patternVersion: definition.version,
      inputs: parseInputs(definition, inputs),
      portfolioId: null,
      requiredPermissions: [],
      asofDate: ASOF,
      pricingPackId: pack.pack_id,
      packHash: pack.content_hash!,
      packStatus: pack.status,
      ledgerCommitHash: repository.commit,
      requestId: 'req-1',
      traceparent,
      steps: steps.map(({ index, id, capability }) => ({ stepIndex: index, stepId: id, capability })),
      ...own,
    });
    return runId;
  }

  return {
    databaseUrl: test.url,
    ledgerRepo: repository.dir,
    pack,
    commit: repository.commit,
    intake,
    traces,
    startWorker,
    accept,
    /** A restatement of the pack, with one price more: the new pack. */
    restate: async (): Promise<PackSummary> => {
      const place = { file: 'late.csv', line: 2 };
      const quote: Quote = {
        kind: 'price',
        commodity: 'LATE',
        date: ASOF,
        number: '1',
        currency: 'USD',
        source: 'late',
        place,
        implicit: false,
      };
      const restated = await buildAndStorePack(store, {
        asofDate: ASOF,
        restate: { reason: 'a price came late' },
        sources: async () => [...(await sources()), { quotes: [quote] }],
      });
      return restated.pack;
    },
    packWait: () => ({ database, ask: (waiting: AwaitingQuestion) => answerOf(gate, waiting) }),
    get: async (runId: string): Promise<Run> => (await intake.get(LOCAL_PRINCIPAL, runId))!,
    events: async (runId: string) => (await intake.events(LOCAL_PRINCIPAL, runId, 0))!,
    result: async (runId: string) => (await intake.result(LOCAL_PRINCIPAL, runId))?.dataJson,
    explain: async (runId: string, stateOf: (id: string) => Promise<JobState>): Promise<RunExplanation> =>
      explainRun((await gatherFacts(database, stateOf, LOCAL_PRINCIPAL, runId))!),
    cancel: (runId: string) => intake.requestCancel(LOCAL_PRINCIPAL, runId),
    stop: async () => {
      await Promise.all(releases.map((release) => release()));
      await intake.close();
      await observability.shutdown();
      await traces.close();
      await test.close();
      await repository.remove();
    },
  };
}
