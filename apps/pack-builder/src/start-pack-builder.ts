import { setTimeout as delay } from 'node:timers/promises';
import { DawsosError, isDawsosError, isoDate, type IsoDate } from '@dawsos/contracts';
import { openDatabase } from '@dawsos/database';
import { openLedgerRepository } from '@dawsos/ledger';
import { endOfDaySources } from '@dawsos/market-data';
import {
  createPackBuilds,
  createPackStore,
  DEFAULT_POLICY,
  packInputs,
  pinsOf,
  readFreshnessPolicy,
  sourcesId,
} from '@dawsos/pricing';
import type { ServiceContext } from '@dawsos/service';
import { createPackBuilder, type PackBuilder } from './pack-builder';
import { startPackJobs } from './pack-jobs';
import type { PackBuilderVariable } from './variables';

type Context = ServiceContext<PackBuilderVariable>;

/** A build has three: its lock, its transaction, and notes of its progress. */
const LEAST_CONNECTIONS = 4;
const RETRY_MS = 1_000;

/**
 * Wires the pack builder: it builds the newest pack, if that is missing, then those that jobs ask for and the newest
 * at each time of the schedule, and shows how fresh packs are.
 */
export async function startPackBuilder(context: Context): Promise<void> {
  const { configuration, observability, shutdown, readiness } = context;
  const database = openDatabase({
    url: configuration.DATABASE_URL,
    maxConnections: Math.max(LEAST_CONNECTIONS, configuration.DATABASE_MAX_CONNECTIONS),
    applicationName: 'dawsos-pack-builder',
  });
  shutdown.push('database', () => database.close());
  readiness.add('database', async () => {
    await database.pool.query('select');
  });

  const ledger = openLedgerRepository({
    dir: configuration.LEDGER_REPO,
    file: configuration.LEDGER_FILE,
    acceptedPlugins: configuration.LEDGER_PLUGINS_ACCEPTED,
  });
  const sources = sourcesId(configuration);
  const pins = pinsOf(configuration, ledger);
  const builds = createPackBuilds({ database, pins: async () => ({ ...(await pins()), sources }) });
  const builder = createPackBuilder({
    database,
    store: createPackStore(database),
    builds,
    inputs: packInputs({
      ledger,
      ledgerRef: configuration.LEDGER_REF,
      pricesDir: configuration.PRICES_DIR,
      providers: {
        sources: endOfDaySources(configuration),
        historyDays: configuration.PROVIDER_HISTORY_DAYS,
      },
    }),
    sources,
    policy: configuration.PACK_POLICY ?? DEFAULT_POLICY,
    gapDays: configuration.PACK_GAP_DAYS,
    freshness: await readFreshnessPolicy(configuration),
    today: () => dayOf(configuration.TODAY) ?? utcDay(new Date()),
    now: () => performance.now(),
    logger: observability.logger,
    pii: observability.pii,
    metrics: observability.metrics,
  });
  observability.metrics.onScrape(() => builder.recordFreshness());
  await startPackJobs(context, builder, builds, sources);
  const stopping = new AbortController();
  const first = buildFirst(builder, context, stopping.signal);
  shutdown.push('first build', async () => {
    stopping.abort(new DawsosError('shutting_down', 'the pack builder is shutting down'));
    await first;
  });
}

/**
 * A fault of the sources is shown by the pack's state. A database that is away is asked again: an attempt that it cut
 * off is open there, and is made again by its job.
 */
async function buildFirst(
  builder: PackBuilder,
  { configuration, observability, fail }: Pick<Context, 'configuration' | 'observability' | 'fail'>,
  signal: AbortSignal,
): Promise<void> {
  const { logger, pii } = observability;
  while (!signal.aborted) {
    try {
      const outcome = await builder.buildNewest('start', dayOf(configuration.PACK_ASOF_DATE), signal);
      if (outcome.kind === 'failed' && outcome.retryInMs === undefined) {
        observability.captureException(outcome.error);
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!isDawsosError(error) || !error.retryable) return fail(error);
      logger.warn('the first build waits for the database', pii.fields({ error: pii.error(error) }));
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

const dayOf = (text: string | undefined): IsoDate | undefined =>
  text === undefined ? undefined : isoDate(text);
const utcDay = (time: Date): IsoDate => isoDate(time.toISOString().slice(0, 10));
