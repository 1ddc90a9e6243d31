import { isDawsosError, isoDate, type IsoDate } from '@dawsos/contracts';
import { openDatabase } from '@dawsos/database';
import { openLedgerRepository } from '@dawsos/ledger';
import { createPackStore } from '@dawsos/pricing';
import type { ServiceContext } from '@dawsos/service';
import { createPackBuilder, type PackBuilder } from './pack-builder';
import { startPackJobs } from './pack-jobs';
import { packSources } from './pack-sources';
import type { PackBuilderVariable } from './variables';

type Context = ServiceContext<PackBuilderVariable>;

/**
 * Wires the pack builder: it builds the newest pack, if that is missing, then those that jobs ask for and the newest
 * at each time of the schedule, and shows how fresh packs are.
 */
export async function startPackBuilder(context: Context): Promise<void> {
  const { configuration, observability, shutdown, readiness } = context;
  const database = openDatabase({
    url: configuration.DATABASE_URL,
    maxConnections: configuration.DATABASE_MAX_CONNECTIONS,
    applicationName: 'dawsos-pack-builder',
  });
  shutdown.push('database', () => database.close());
  readiness.add('database', async () => {
    await database.pool.query('select');
  });

  const builder = createPackBuilder({
    store: createPackStore(database),
    inputs: packSources({
      ledger: openLedgerRepository({ dir: configuration.LEDGER_REPO, file: configuration.LEDGER_FILE }),
      ledgerRef: configuration.LEDGER_REF,
      pricesDir: configuration.PRICES_DIR,
    }),
    policy: configuration.PACK_POLICY,
    freshness: { maxAgeBusinessDays: configuration.PACK_MAX_AGE_BUSINESS_DAYS },
    today: () => dayOf(configuration.TODAY) ?? utcDay(new Date()),
    now: () => performance.now(),
    logger: observability.logger,
    pii: observability.pii,
    metrics: observability.metrics,
  });
  observability.metrics.onScrape(() => builder.recordFreshness());
  await startPackJobs(context, builder);
  void buildFirst(builder, context);
}

/** A fault of the sources is shown by the pack's state; one that a restart may mend ends the process. */
async function buildFirst(
  builder: PackBuilder,
  { configuration, observability, fail }: Pick<Context, 'configuration' | 'observability' | 'fail'>,
): Promise<void> {
  try {
    await builder.build(await builder.newestJob(dayOf(configuration.PACK_ASOF_DATE)));
  } catch (error) {
    // another builder is at it
    if (isDawsosError(error) && error.code === 'pack_not_fresh') return;
    if (!isDawsosError(error) || error.retryable) return fail(error);
    const { logger, pii } = observability;
    logger.error('no pack could be built at start', pii.fields({ error: pii.error(error) }));
    observability.captureException(error);
  }
}

const dayOf = (text: string | undefined): IsoDate | undefined =>
  text === undefined ? undefined : isoDate(text);
const utcDay = (time: Date): IsoDate => isoDate(time.toISOString().slice(0, 10));
