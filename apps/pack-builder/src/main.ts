import { isDawsosError, isoDate, type IsoDate } from '@dawsos/contracts';
import { runService } from '@dawsos/service';

const VARIABLES = [
  'DATABASE_URL',
  'DATABASE_MAX_CONNECTIONS',
  'LEDGER_REPO',
  'LEDGER_FILE',
  'LEDGER_REF',
  'PRICES_DIR',
  'PACK_POLICY',
  'PACK_ASOF_DATE',
  'PACK_MAX_AGE_BUSINESS_DAYS',
  'TODAY',
] as const;

const SERVICE_VERSION = '0.1.0';

void runService({
  serviceName: 'dawsos-pack-builder',
  serviceVersion: SERVICE_VERSION,
  environment: process.env,
  variables: VARIABLES,
  async start({ configuration, observability, shutdown, readiness, fail }) {
    // imported here, since telemetry must be up before what it instruments is loaded
    const { openDatabase } = await import('@dawsos/database');
    const { openLedgerRepository } = await import('@dawsos/ledger');
    const { createPackStore } = await import('@dawsos/pricing');
    const { createPackBuilder } = await import('./pack-builder');
    const { packSources } = await import('./pack-sources');
    const { logger, pii, metrics, captureException } = observability;

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
      sources: packSources({
        ledger: openLedgerRepository({ dir: configuration.LEDGER_REPO, file: configuration.LEDGER_FILE }),
        ledgerRef: configuration.LEDGER_REF,
        pricesDir: configuration.PRICES_DIR,
      }),
      policy: configuration.PACK_POLICY,
      freshness: { maxAgeBusinessDays: configuration.PACK_MAX_AGE_BUSINESS_DAYS },
      today: () => dayOf(configuration.TODAY) ?? utcDay(new Date()),
      now: () => performance.now(),
      logger,
      pii,
      metrics,
    });
    metrics.onScrape(() => builder.recordFreshness());

    // a fault of the sources is shown by the pack's state; one that a restart may mend ends the process
    void builder
      .newestJob(dayOf(configuration.PACK_ASOF_DATE))
      .then((job) => builder.build(job))
      .catch((error: unknown) => {
        if (!isDawsosError(error) || error.retryable) return fail(error);
        logger.error('no pack could be built at start', pii.fields({ error: pii.error(error) }));
        captureException(error);
      });
  },
});

const dayOf = (text: string | undefined): IsoDate | undefined =>
  text === undefined ? undefined : isoDate(text);
const utcDay = (time: Date): IsoDate => isoDate(time.toISOString().slice(0, 10));
