import fs from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfiguration } from '@dawsos/configuration';
import { canonicalJson, isoDate, sha256Hex, type JsonObject, type Run } from '@dawsos/contracts';
import { setupObservability, type Observability } from '@dawsos/observability';
import { buildAndStorePack, createPackStore, ledgerQuotes, type PackStore } from '@dawsos/pricing';
import { loadLedger } from '@dawsos/ledger';
import { createKey, revokeKey } from '@dawsos/principals';
import { createQueueBackend } from '@dawsos/queue';
import { createRunExecution, type RunExecution } from '@dawsos/runs';
import { createReadiness, createShutdownStack, type Readiness } from '@dawsos/service';
import { createTestDatabase, sharedPostgres, type TestDatabase, type SharedPostgres } from '@dawsos/testing';
import * as git from 'isomorphic-git';
import { startExecutor } from '../src/executor';
import { EXECUTOR_VARIABLES } from '../src/variables';

export const PACK_ID = 'PP_2025-01-31';

const LEDGER = `option "operating_currency" "USD"
2022-01-03 custom "portfolio" "growth" Assets:Growth
  base_currency: "USD"
  name: "Growth"
2022-01-03 custom "portfolio" "income" Assets:Income
  base_currency: "USD"
  name: "Income"
2022-01-03 open Assets:Growth:Cash USD
2022-01-03 open Assets:Growth:Shares ACME
2022-01-03 open Assets:Income:Cash USD
2022-01-03 open Equity:Owner
2022-01-03 * "Start"
  Assets:Growth:Cash   1000 USD
  Equity:Owner
2022-01-04 * "Buy"
  Assets:Growth:Shares  10 ACME {50 USD}
  Assets:Growth:Cash
2025-01-31 price ACME 60 USD
`;

const PATTERN = {
  id: 'positions',
  version: '1.0.0',
  name: 'Positions',
  description: 'What is held.',
  inputs: {
    note: { type: 'string', default: 'none', max_length: 500 },
    days: { type: 'integer', minimum: 1 },
  },
  steps: [{ id: 'positions', capability: 'ledger.positions', args: {}, as: 'positions' }],
  outputs: ['positions'],
};

const AUTHOR = { name: 'Test', email: 'test@example.com', timestamp: 1_700_000_000, timezoneOffset: 0 };

export interface Harness {
  readonly url: string;
  readonly database: TestDatabase;
  readonly postgres: SharedPostgres;
  readonly packs: PackStore;
  readonly keysFile: string;
  readonly execution: RunExecution;
  readonly observability: Observability;
  readonly readiness: Readiness;
  readonly logs: readonly string[];
  readonly ledgerDir: string;
  /** The commit that `main` names. */
  readonly commit: string;
  commitLedger(text: string, branch: string): Promise<string>;
  request(path: string, init?: RequestInit): Promise<Response>;
  execute(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Accepts a run and gives its id. */
  accept(headers?: Readonly<Record<string, string>>, body?: JsonObject): Promise<string>;
  /** Does what a worker does for a run: starts it and ends it with `data`. */
  /** `sources`: those of each figure; the client's own ledger where none is named. */
  finish(
    runId: string,
    data?: JsonObject,
    sources?: Readonly<Record<string, readonly string[]>>,
  ): Promise<void>;
  /** Begins the shutdown and resolves when it is done. */
  stop(): Promise<readonly string[]>;
}

export interface HarnessOptions {
  /** Keys to make; without, the API is open to loopback as `local`. */
  readonly keys?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Writes further files into the folder before the start, and names further variables. */
  readonly prepare?: (folder: string) => Promise<Readonly<Record<string, string>>>;
}

export const BODY: JsonObject = { pattern_id: 'positions', portfolio_id: 'growth' };

/** The API as main.ts starts it, in this process, on a real PostgreSQL (the queue's engine too) and a real git repository. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'dawsos-api-'));
  const postgres = await sharedPostgres();
  const database = await createTestDatabase(postgres);
  const ledgerDir = join(folder, 'ledger');
  const commit = await createLedgerRepository(ledgerDir);
  await prepareQueue(database.url);
  const packs = createPackStore(database.database);
  await buildPack(packs, join(ledgerDir, 'main.beancount'));
  await mkdir(join(folder, 'patterns'));
  await writeFile(join(folder, 'patterns', 'positions.json'), JSON.stringify(PATTERN));
  const prepared = (await options.prepare?.(folder)) ?? {};
  const keysFile = join(folder, 'keys.json');
  if (options.keys === true) {
    const { record } = createKey(keysFile, {
      principal: 'first',
      scopes: ['read'],
      portfolios: [],
      createdAt: new Date(),
    });
    revokeKey(keysFile, record.key_id);
  }

  const logs: string[] = [];
  const observability = setupObservability({
    serviceName: 'dawsos-executor',
    processMetrics: false,
    logDestination: { write: (line: string) => void logs.push(line) },
  });
  const shutdown = createShutdownStack();
  const readiness = createReadiness();
  const server = await startExecutor({
    configuration: parseConfiguration(
      {
        DATABASE_URL: database.url,
        QUEUE_ENGINE: 'postgres',
        LEDGER_REPO: ledgerDir,
        PATTERNS_DIR: join(folder, 'patterns'),
        RIGHTS_REGISTRY: join(__dirname, '..', '..', '..', 'rights', 'registry.yaml'),
        PORT: '0',
        TODAY: '2025-01-31',
        ...(options.keys === true ? { API_KEYS_FILE: keysFile } : {}),
        ...prepared,
        ...options.environment,
      },
      [
        ...EXECUTOR_VARIABLES,
        'ENVIRONMENT',
        'OPERATIONS_HOST',
        'OPERATIONS_PORT',
        'OTEL_EXPORTER_OTLP_ENDPOINT',
        'OTEL_EXPORTER_OTLP_HEADERS',
        'OTEL_TRACES_SAMPLER_ARG',
        'JAEGER_ENDPOINT',
        'SENTRY_DSN',
        'SENTRY_SAMPLE_RATE',
        'PII_HASH_KEY',
        'LOG_LEVEL',
        'LOG_PRETTY',
        'SHUTDOWN_TIMEOUT_SECONDS',
      ],
    ),
    observability,
    shutdown,
    readiness,
    onRunSpan: () => undefined,
    fail: (error) => {
      throw error;
    },
  });
  readiness.open();

  const execution = createRunExecution({
    database: database.database,
    maxAttempts: 2,
    docsUrl: '/docs/errors',
  });
  const request = (path: string, init?: RequestInit) => fetch(new URL(path, server.url), init);
  const execute: Harness['execute'] = (body, headers) =>
    request('/v1/execute', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return {
    url: server.url,
    database,
    postgres,
    packs,
    keysFile,
    execution,
    observability,
    readiness,
    logs,
    ledgerDir,
    commit,
    commitLedger: (text, branch) => commitLedger(ledgerDir, text, branch),
    request,
    execute,
    async accept(headers, body = BODY) {
      const answer = await execute(body, headers);
      if (answer.status !== 202) throw new Error(`${String(answer.status)} ${await answer.text()}`);
      return ((await answer.json()) as Run).run_id;
    },
    finish: (runId, data = { positions: [] }, sources = {}) => finishRun(execution, runId, data, sources),
    async stop() {
      readiness.close();
      const late = await shutdown.run(20_000);
      await observability.shutdown();
      await database.close();
      await rm(folder, { recursive: true, force: true });
      return late;
    },
  };
}

/** As a worker does at its start. */
async function prepareQueue(databaseUrl: string): Promise<void> {
  const backend = createQueueBackend({ engine: 'postgres', databaseUrl });
  await backend.prepare();
  await backend.close();
}

async function createLedgerRepository(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  await git.init({ fs, dir, defaultBranch: 'main' });
  return commitLedger(dir, LEDGER, 'main');
}

async function commitLedger(dir: string, text: string, branch: string): Promise<string> {
  if (branch !== 'main') await git.branch({ fs, dir, ref: branch, checkout: true });
  await writeFile(join(dir, 'main.beancount'), text);
  await git.add({ fs, dir, filepath: 'main.beancount' });
  const commit = await git.commit({ fs, dir, message: 'Books', author: AUTHOR });
  if (branch !== 'main') await git.checkout({ fs, dir, ref: 'main' });
  return commit;
}

async function buildPack(store: PackStore, file: string): Promise<void> {
  const ledger = await loadLedger({ file });
  await buildAndStorePack(store, {
    asofDate: isoDate('2025-01-31'),
    sources: () => Promise.resolve([ledgerQuotes(ledger)]),
  });
}

async function finishRun(
  execution: RunExecution,
  runId: string,
  data: JsonObject,
  sources: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const figures = Object.keys(data);
  const run = await execution.start(runId, { workerId: 'test', traceparent: null });
  if (run === undefined) throw new Error('the run cannot be started');
  const dataJson = canonicalJson(data);
  await execution.finish(runId, run.attempt, {
    status: 'succeeded',
    data,
    dataJson,
    dataHash: sha256Hex(dataJson),
    provenance: {
      pattern_id: run.patternId,
      pattern_version: run.patternVersion,
      pricing_pack_id: run.pricingPackId,
      pricing_pack_hash: run.packHash,
      ledger_commit_hash: run.ledgerCommitHash,
      asof_date: run.asofDate,
      sources: [],
      oldest_value_date: null,
      ledger_plugins_not_run: [],
      steps: figures.map((figure, index) => ({
        step_index: index,
        step_id: figure,
        capability: 'ledger.positions',
        agent_name: 'financial_analyst',
        agent_version: '1',
        depends_on: [],
        args_hash: 'a',
        result_hash: 'r',
        reads: [
          {
            kind: 'source',
            key: figure,
            hash: 'h',
            sources: [...(sources[figure] ?? ['ledger'])],
            value_date: null,
          },
        ],
      })),
      skipped: [],
      outputs: Object.fromEntries(figures.map((figure) => [figure, figure])),
    },
  });
}
