import { hostname } from 'node:os';
import { createAgentRuntime, createStepCache, shippedAgents, type AgentRuntime } from '@dawsos/agents';
import { LOCAL_PRINCIPAL } from '@dawsos/contracts';
import type { Database } from '@dawsos/database';
import { openLedgerRepository, requireFaultless } from '@dawsos/ledger';
import { openDataSources } from '@dawsos/market-data';
import { watchPatterns } from '@dawsos/patterns';
import { createPackCache, createPackStore, openFreshnessGate, type FreshnessGate } from '@dawsos/pricing';
import { openKeyRing } from '@dawsos/principals';
import { createRunExecution, createRunWatch, createStepTraceStore } from '@dawsos/runs';
import { EXECUTION_STATUSES, type ProcessorDependencies } from './processor';
import { createRecheckFreshness } from '@dawsos/admission';
import type { WorkerContext } from './variables';

const DOCS_URL = '/docs/errors';
/** The most characters of cached canonical JSON: portfolio_overview on the example leaves 0.2 MB. */
const STEP_CACHE_CHARACTERS = 64_000_000;

/** What the processor works with, opened and registered to be closed. */
export async function processorDependencies(
  { configuration, observability, shutdown }: WorkerContext,
  database: Database,
): Promise<ProcessorDependencies & { readonly runtime: AgentRuntime; readonly gate: FreshnessGate }> {
  const { logger, metrics, pii } = observability;
  const runtime = createAgentRuntime({
    agents: shippedAgents(),
    metrics,
    ...(configuration.STEP_CACHE
      ? {
          stepCache: createStepCache({
            maxCharacters: STEP_CACHE_CHARACTERS,
            store: createStepTraceStore(database),
            onStoreFault: (error) =>
              logger.warn('step cache store failed', pii.fields({ error: pii.error(error) })),
          }),
        }
      : {}),
  });
  const watched = await watchPatterns(configuration.PATTERNS_DIR, runtime.catalog, {
    onFault: (error) =>
      logger.error('changed patterns are not taken', pii.fields({ error: pii.error(error) })),
  });
  shutdown.push('patterns', () => Promise.resolve(watched.close()));
  const patterns = watched.catalog;
  metrics.knowPatterns(patterns.ids(), { executions: EXECUTION_STATUSES });
  const ledger = openLedgerRepository({
    dir: configuration.LEDGER_REPO,
    file: configuration.LEDGER_FILE,
    acceptedPlugins: configuration.LEDGER_PLUGINS_ACCEPTED,
  });
  const store = createPackStore(database);
  const packs = createPackCache(store);
  const { gate, now } = await openFreshnessGate(configuration, {
    store,
    loadPack: (id) => packs.load(id),
    loadLedger: (commit) => ledger.snapshot(commit),
  });
  const watch = createRunWatch({ database });
  shutdown.push('run watch', () => watch.close());
  const maxAttempts = configuration.RUN_MAX_ATTEMPTS;
  return {
    runs: createRunExecution({ database, maxAttempts, docsUrl: DOCS_URL }),
    watch,
    gate,
    recheckFreshness: createRecheckFreshness({ store, gate, now }),
    patterns,
    runtime,
    stepConcurrency: configuration.STEP_CONCURRENCY,
    readersOf: readersOf(configuration.API_KEYS_FILE, shutdown, (error) =>
      logger.error('the file of the API keys is not valid', pii.fields({ error: pii.error(error) })),
    ),
    sources: await openDataSources(configuration),
    loadPack: (id) => packs.load(id),
    async loadLedger(commit) {
      const snapshot = await ledger.snapshot(commit);
      requireFaultless(snapshot);
      return snapshot;
    },
    observability,
    workerId: `${hostname()}:${process.pid}`,
    maxAttempts,
    docsUrl: DOCS_URL,
    random: Math.random,
  };
}

/** Without a file of keys there is the embedded default's one principal alone, which sees everything. */
function readersOf(
  file: string | undefined,
  shutdown: WorkerContext['shutdown'],
  onInvalidFile: (error: unknown) => void,
): ProcessorDependencies['readersOf'] {
  if (file === undefined) return (id) => (id === LOCAL_PRINCIPAL.id ? [LOCAL_PRINCIPAL] : []);
  const keys = openKeyRing({ file, now: () => new Date(), onInvalidFile });
  shutdown.push('key ring', () => keys.close());
  return (principalId) => keys.principalsOf(principalId);
}
