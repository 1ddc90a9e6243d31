import { DawsosError, isoDate, type IsoDate, type PackJob, type PackSummary } from '@dawsos/contracts';
import { traceContext, type Logger, type MetricsRegistry, type PiiFilter } from '@dawsos/observability';
import {
  buildAndStorePack,
  DEFAULT_POLICY,
  newestQuoteDate,
  packAge,
  packId,
  parsePackId,
  reconcile,
  type FreshnessPolicy,
  type PackStore,
  type StoredPack,
} from '@dawsos/pricing';
import type { PackInputs } from './pack-sources';

export interface PackBuilderDependencies {
  readonly store: PackStore;
  /** Reads the ledger and the price files as they are now. */
  readonly inputs: () => Promise<PackInputs>;
  readonly policy?: string | undefined;
  readonly freshness: FreshnessPolicy;
  readonly today: () => IsoDate;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly pii: PiiFilter;
  readonly metrics: MetricsRegistry;
}

export interface PackBuilder {
  /** Builds the pack that a job names; one that is there is left as it is. Throws what `buildAndStorePack` does. */
  build(job: PackJob): Promise<StoredPack>;
  /** The job of the newest day, up to today, that has a price. @throws DawsosError `pack_unreadable` */
  newestJob(asofDate?: IsoDate): Promise<PackJob>;
  /** Sets the freshness gauge of the newest packs. */
  recordFreshness(): Promise<void>;
}

/** Packs whose freshness is shown. */
const PACKS_SHOWN = 10;

export function createPackBuilder(dependencies: PackBuilderDependencies): PackBuilder {
  const {
    store,
    inputs,
    policy = DEFAULT_POLICY,
    freshness,
    today,
    now,
    logger,
    pii,
    metrics,
  } = dependencies;

  async function build(job: PackJob): Promise<StoredPack> {
    const key = parsePackId(job.pack_id);
    if (key.asofDate !== job.asof_date || key.policy !== job.policy || key.restatement !== 0) {
      throw new DawsosError(
        'invalid_request',
        `${job.pack_id} is not the pack of ${job.asof_date} under the policy ${job.policy}`,
      );
    }
    return traceContext('build_pack', { pricing_pack_id: job.pack_id }, async () => {
      const started = now();
      try {
        const stored = await buildFrom(job);
        if (stored.created) {
          metrics.recordPackBuild(stored.pack.pack_id, (now() - started) / 1000);
          logger.info('pack built', pii.fields(described(stored.pack)));
        }
        return stored;
      } finally {
        await recordFreshness();
      }
    });
  }

  async function buildFrom(job: PackJob): Promise<StoredPack> {
    let reading: Promise<PackInputs> | undefined;
    const read = (): Promise<PackInputs> => (reading ??= inputs());
    return buildAndStorePack(store, {
      asofDate: job.asof_date,
      policy: job.policy,
      sources: async () => (await read()).sources,
      reconcile: async (pack) => reconcile((await read()).ledger, pack),
    });
  }

  async function recordFreshness(): Promise<void> {
    const { packs } = await store.list({ policy, limit: PACKS_SHOWN });
    for (const [index, pack] of packs.entries()) {
      // the newest is asked for today; an older one is asked for its own day
      const asked = index === 0 ? today() : isoDate(pack.asof_date);
      metrics.recordPackFreshness(pack.pack_id, packAge(pack, asked, freshness).status);
    }
  }

  return {
    build,
    recordFreshness,
    newestJob: async (asofDate) => {
      const day = asofDate ?? newestQuoteDate((await inputs()).sources, today());
      if (day === undefined) {
        throw new DawsosError(
          'pack_unreadable',
          `no source has a price on or before ${today()}; add price files`,
        );
      }
      const id = packId({ asofDate: day, policy, restatement: 0 });
      return { pack_id: id, asof_date: day, policy };
    },
  };
}

function described(pack: PackSummary): Record<string, unknown> {
  const { pack_id, status, content_hash, price_count, rate_count } = pack;
  return { pricing_pack_id: pack_id, status, content_hash, price_count, rate_count };
}
