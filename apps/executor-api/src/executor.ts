import { readFile } from 'node:fs/promises';
import { capabilityCatalog, shippedAgents } from '@dawsos/agents';
import { isoDate, PATTERN_QUEUE, type PatternJob } from '@dawsos/contracts';
import { openDatabase, requireMigrated, type Database } from '@dawsos/database';
import { openLedgerRepository, type LedgerRepository } from '@dawsos/ledger';
import { watchPatterns } from '@dawsos/patterns';
import {
  createPackCache,
  createPackStore,
  DEFAULT_POLICY,
  openFreshnessGate,
  packHealth,
  pinsOf,
  requireFreshResult,
  type OpenedGate,
  type PackHealthOptions,
  type PricingPack,
} from '@dawsos/pricing';
import { createKeyUse, openKeyRing } from '@dawsos/principals';
import { createJobQueue, queueBackendFor, type JobQueue } from '@dawsos/queue';
import {
  createRuns,
  createRunSpanKeeper,
  createRunSpanStore,
  explainRun,
  gatherFacts,
  type Runs,
} from '@dawsos/runs';
import type { ServiceContext } from '@dawsos/service';
import { createRightsAudit, createRightsGate, parseRegistry, rightsUsage } from '@dawsos/rights';
import { createApplication } from './application';
import {
  keyAuthenticator,
  localAuthenticator,
  requireKeysBeyondLoopback,
  type Authenticator,
} from './http/authentication';
import { createPlaces } from './http/places';
import { REQUEST_STATUSES } from './http/request-metrics';
import { createTracePublish } from '@dawsos/admission';
import type { PackReads } from '@dawsos/admission';
import { openBooks } from './intake/books';
import { openPackBuilds } from './intake/open-pack-builds';
import { createIntake } from '@dawsos/admission';
import { createExportRun } from '@dawsos/disclosure';
import { rightsOfRun } from '@dawsos/disclosure';
import { createShowRun } from '@dawsos/disclosure';
import { openApiText } from './openapi/document';
import { apiVersion } from './version';
import { ROUTES } from './routes/table';
import { listen, type RunningServer } from './server';
import { DEFAULT_LIMITS, type Limits, type Services } from './services';
import type { ExecutorVariable } from './variables';

type Context = ServiceContext<ExecutorVariable>;

const MESSAGING_SYSTEM = 'bullmq';

/** Starts the API: it answers once this resolves. */
export async function startExecutor(context: Context): Promise<RunningServer> {
  const { configuration, observability, shutdown, readiness } = context;
  const { logger, metrics, pii } = observability;
  requireKeysBeyondLoopback(configuration.HOST, configuration.API_KEYS_FILE !== undefined);
  const database = openDatabase({
    url: configuration.DATABASE_URL,
    maxConnections: configuration.DATABASE_MAX_CONNECTIONS,
    applicationName: 'dawsos-executor',
  });
  shutdown.push('database', () => database.close());
  readiness.add('database', async () => void (await database.pool.query('select 1')));
  await requireMigrated(database);

  const spanStore = createRunSpanStore(database);
  const spans = createRunSpanKeeper({ store: spanStore });
  shutdown.push('run spans', () => spans.close());
  context.onRunSpan((span) => spans.keep(span));

  const watched = await watchPatterns(configuration.PATTERNS_DIR, capabilityCatalog(shippedAgents()), {
    onReload: (ids) => logger.info('patterns loaded anew', pii.fields({ patterns: ids.length })),
    onFault: (error) =>
      logger.error('changed patterns are not taken', pii.fields({ error: pii.error(error) })),
  });
  shutdown.push('patterns', () => Promise.resolve(watched.close()));
  const patterns = watched.catalog;
  metrics.knowPatterns(patterns.ids(), { requests: REQUEST_STATUSES, executions: ['cancelled'] });
  const registry = parseRegistry(
    await readFile(configuration.RIGHTS_REGISTRY, 'utf8'),
    configuration.RIGHTS_REGISTRY,
  );
  const gate = createRightsGate(registry, configuration.ENVIRONMENT);
  const audit = createRightsAudit(database);
  const ledger = openLedgerRepository({
    dir: configuration.LEDGER_REPO,
    file: configuration.LEDGER_FILE,
    acceptedPlugins: configuration.LEDGER_PLUGINS_ACCEPTED,
  });
  const { gate: freshnessGate, packs, now, loadPack } = await openGate(context, database, ledger);
  // books of before keep to their TODAY, and what the clock says has come too
  const latest = (): Date => new Date(Math.max(now().getTime(), Date.now()));
  const books = openBooks({
    ledger,
    ledgerRef: configuration.LEDGER_REF,
    packs,
    loadPack,
    today: () => isoDate(now().toISOString().slice(0, 10)),
    gapDays: configuration.PACK_GAP_DAYS,
  });
  const limits: Limits = { ...DEFAULT_LIMITS, requestsPerMinute: configuration.RATE_LIMIT_PER_MINUTE };
  const queue = openQueue(context);
  const runs = openIntake(context, database, queue);
  const stopping = new AbortController();
  const application = createApplication(ROUTES, {
    intake: createIntake({
      runs,
      patterns,
      gate: freshnessGate,
      waitForFreshSeconds: configuration.WAIT_FOR_FRESH_SECONDS,
      now: () => new Date(),
      today: latest,
      ledger,
      defaultLedgerRef: configuration.LEDGER_REF,
      allowedLedgerRefs: configuration.LEDGER_REFS,
      publish: createTracePublish(pii, MESSAGING_SYSTEM),
      acceptsInFlight: limits.acceptsInFlight,
      pii,
    }),
    runs,
    showRun: createShowRun(gate, audit),
    exportRun: createExportRun({
      runs,
      patterns,
      gate,
      requireFresh: (run) => requireFreshResult(packs, run, now()),
      audit,
    }),
    rightsOf: async (reader, runId) => {
      const run = await runs.get(reader, runId);
      const formats = patterns.get(run?.pattern_id ?? '')?.definition.rights?.export ?? [];
      return run === undefined ? undefined : rightsOfRun(run, gate, formats);
    },
    rightsUsage: (query) => rightsUsage(database, query),
    now: () => new Date(),
    today: latest,
    spans: spanStore,
    async explain(reader, runId) {
      const facts = await gatherFacts(database, (id) => queue.stateOf(id), reader, runId);
      return facts === undefined ? undefined : explainRun(facts);
    },
    places: placesOf(limits),
    resultCaching: configuration.RESULT_CACHING,
    patterns,
    packs,
    books,
    packBuilds: openPackBuilds(context, database, pinsOf(configuration, ledger)),
    packPolicy: configuration.PACK_POLICY ?? DEFAULT_POLICY,
    authenticator: authenticatorOf(context, database),
    limits,
    openApiText: openApiText(ROUTES, apiVersion()),
    shuttingDown: stopping.signal,
    ready: async () => (await readiness.check()).ready,
    metrics,
    logger,
    pii,
    captureException: (error) => observability.captureException(error),
  });
  const server = await listen(application, configuration.HOST, configuration.PORT);
  shutdown.push('http', async () => {
    stopping.abort();
    await server.close();
  });
  logger.info('listening', pii.fields({ port: server.port }));
  return server;
}

function placesOf(limits: Limits): Services['places'] {
  const { streamsPerPrincipal, waitsPerPrincipal, exportsPerPrincipal } = limits;
  return {
    streams: createPlaces({ name: 'event-streams', most: streamsPerPrincipal, what: 'event streams' }),
    waits: createPlaces({ name: 'waiting-requests', most: waitsPerPrincipal, what: 'waiting requests' }),
    exports: createPlaces({ name: 'exports', most: exportsPerPrincipal, what: 'exports' }),
  };
}

function openQueue({ configuration, observability, shutdown }: Context): JobQueue<PatternJob> {
  const { logger, pii } = observability;
  const backend = queueBackendFor(configuration);
  shutdown.push('queue connections', () => backend.close());
  const queue = createJobQueue<PatternJob>({ backend, name: PATTERN_QUEUE, logger, pii });
  shutdown.push('queue', () => queue.close());
  return queue;
}

/** The queue may be away: a run is accepted once it is committed, and the sweeper adds its job later. */
function openIntake(
  { configuration, observability: { logger, pii }, shutdown }: Context,
  database: Database,
  queue: JobQueue<PatternJob>,
): Runs {
  const runs = createRuns({
    database,
    mostOpenRuns: configuration.OPEN_RUNS_PER_PRINCIPAL,
    enqueue: (jobs) => queue.enqueue(jobs.map((job) => ({ ...job, id: job.data.run_id }))),
    onEnqueueFailed: (error, count) =>
      logger.warn('jobs left to the sweeper', pii.fields({ jobs: count, error: pii.error(error) })),
  });
  shutdown.push('runs', () => runs.close());
  return runs;
}

/** The freshness gate and the reading of packs, on one store and one policy. */
async function openGate(
  { configuration }: Pick<Context, 'configuration'>,
  database: Database,
  ledger: LedgerRepository,
): Promise<
  OpenedGate & { readonly packs: PackReads; readonly loadPack: (id: string) => Promise<PricingPack> }
> {
  const store = createPackStore(database);
  const contents = createPackCache(store);
  const opened = await openFreshnessGate(configuration, {
    store,
    loadPack: (id) => contents.load(id),
    loadLedger: (commit) => ledger.snapshot(commit),
  });
  const { gate, freshness, now } = opened;
  const policy = configuration.PACK_POLICY;
  const assess: PackHealthOptions['assess'] = async (pack, asked) => {
    // a ledger with faults says nothing of the pack
    const commit = await ledger.resolve(configuration.LEDGER_REF).catch(() => undefined);
    if (commit === undefined) return undefined;
    return gate.assess(pack, asked, { ledgerCommitHash: commit, portfolioId: null }).catch(() => undefined);
  };
  const packs: PackReads = {
    find: (id) => store.find(id),
    list: (query) => store.list(query),
    health: (packId) => packHealth(store, { packId, policy, freshness, now: now(), assess }),
  };
  return { ...opened, packs, loadPack: (id) => contents.load(id) };
}

function authenticatorOf(
  { configuration, observability, shutdown }: Context,
  database: Database,
): Authenticator {
  const file = configuration.API_KEYS_FILE;
  if (file === undefined) return localAuthenticator();
  const { logger, pii } = observability;
  const keys = openKeyRing({
    file,
    now: () => new Date(),
    onInvalidFile: (error) =>
      logger.error('the file of the API keys is not valid', pii.fields({ error: pii.error(error) })),
  });
  shutdown.push('key ring', () => keys.close());
  const use = createKeyUse({
    database,
    now: () => new Date(),
    onError: (error) => logger.debug('the use of keys is not noted', pii.fields({ error: pii.error(error) })),
  });
  shutdown.push('key use', () => use.close());
  return keyAuthenticator(keys, (keyId) => use.note(keyId));
}
