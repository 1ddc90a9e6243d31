import { isoDate, type IsoDate } from '@dawsos/contracts';
import type { Database } from '@dawsos/database';
import {
  addContextAttributes,
  traceContext,
  type Logger,
  type MetricsRegistry,
  type PiiFilter,
} from '@dawsos/observability';
import {
  packAge,
  clockOf,
  packHealth,
  runBuild,
  type BuildOutcome,
  type FreshnessPolicy,
  type PackBuilds,
  type ReadPackInputs,
  type PackStore,
} from '@dawsos/pricing';

export interface PackBuilderDependencies {
  readonly database: Pick<Database, 'pool'>;
  readonly store: PackStore;
  readonly builds: PackBuilds;
  /** Reads the ledger, at the commit that a build is pinned to, and the price files as they are now. */
  readonly inputs: ReadPackInputs;
  /** What it builds from; absent: it takes builds of whatever sources. */
  readonly sources?: string | undefined;
  readonly policy: string;
  readonly gapDays?: number | undefined;
  readonly freshness: FreshnessPolicy;
  readonly today: () => IsoDate;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly pii: PiiFilter;
  readonly metrics: Pick<MetricsRegistry, 'recordPackBuild' | 'recordPackFreshness' | 'recordPackHealth'>;
}

export interface PackBuilder {
  /** Makes an attempt at a build: see `runBuild`. */
  build(buildId: string, signal?: AbortSignal): Promise<BuildOutcome>;
  /** Asks for the newest day's pack, or a certain day's, and makes an attempt at it. */
  buildNewest(requestedBy: string, asofDate?: IsoDate, signal?: AbortSignal): Promise<BuildOutcome>;
  /** Sets the gauges of the newest packs and of the one that a request for today gets. */
  recordFreshness(): Promise<void>;
}

/** Packs whose freshness is shown. */
const PACKS_SHOWN = 10;

export function createPackBuilder(dependencies: PackBuilderDependencies): PackBuilder {
  const { store, builds, policy, freshness, today, now, logger, pii, metrics } = dependencies;

  /** One span an attempt: `build_pack`, below the job's own, with the pack once it is known. */
  async function build(buildId: string, compare: boolean, signal?: AbortSignal): Promise<BuildOutcome> {
    return traceContext('build_pack', {}, async () => {
      const started = now();
      try {
        const outcome = await runBuild({ ...dependencies, compare, onPack }, buildId, signal);
        report(outcome, (now() - started) / 1000);
        return outcome;
      } finally {
        await recordFreshness();
      }
    });
  }

  const onPack = (id: string): void => addContextAttributes({ pricing_pack_id: id });

  function report(outcome: BuildOutcome, seconds: number): void {
    if (outcome.kind === 'failed') {
      const { error, retryInMs } = outcome;
      logger.error(
        'pack build failed',
        pii.fields({ error: pii.error(error), retry_in_ms: retryInMs ?? null }),
      );
    } else if (outcome.kind === 'built') {
      const { pack, created } = outcome.stored;
      addContextAttributes({ pricing_pack_id: pack.pack_id });
      if (!created) return;
      metrics.recordPackBuild(pack.pack_id, seconds);
      const { pack_id, status, content_hash, price_count, rate_count } = pack;
      logger.info(
        'pack built',
        pii.fields({ pricing_pack_id: pack_id, status, content_hash, price_count, rate_count }),
      );
    }
  }

  async function recordFreshness(): Promise<void> {
    const { packs } = await store.list({ policy, limit: PACKS_SHOWN });
    for (const [index, pack] of packs.entries()) {
      // the newest is asked for today; an older one is asked for its own day
      const asked = index === 0 ? today() : isoDate(pack.asof_date);
      metrics.recordPackFreshness(pack.pack_id, packAge(pack, { day: asked }, freshness).status);
    }
    const { status } = await packHealth(store, { policy, freshness, now: clockOf(today())() });
    metrics.recordPackHealth(policy, status === 'none' ? 'warming' : status);
  }

  return {
    build: (buildId, signal) => build(buildId, true, signal),
    buildNewest: async (requestedBy, asofDate, signal) => {
      const { build: asked } = await builds.request({ policy, requestedBy, asofDate });
      return build(asked.build_id, false, signal);
    },
    recordFreshness,
  };
}
