import { isoDate, type IsoDate, type JsonObject, type PackStatus } from '@dawsos/contracts';
import { DEFAULT_FRESHNESS, packAge, type FreshnessPolicy } from './freshness';
import { DEFAULT_POLICY } from './pack-id';
import type { PackFinder } from './resolve-pack';

export interface PackHealth {
  /** True only when a request that names no pack would be served a fresh one. */
  readonly fresh: boolean;
  readonly status: PackStatus | 'none';
  /** The body of `/health/pack`: in every state, that of having no pack included. */
  readonly body: JsonObject;
}

export interface PackHealthOptions {
  /** The caller's clock; without it a pack is as old as it is on its own day. */
  readonly today?: IsoDate | undefined;
  readonly policy?: string | undefined;
  readonly freshness?: FreshnessPolicy | undefined;
}

/** The state of the pack that the gate would take, and of a newer one on its way. Superseded packs are not looked at. */
export async function packHealth(store: PackFinder, options: PackHealthOptions = {}): Promise<PackHealth> {
  const { today, policy = DEFAULT_POLICY, freshness = DEFAULT_FRESHNESS } = options;
  const usable =
    (await store.newest({ policy, status: 'fresh' })) ?? (await store.newest({ policy, status: 'stale' }));
  const latest = await store.newest({ policy });
  const pack = usable ?? latest;
  if (pack === undefined || latest === undefined) {
    return {
      fresh: false,
      status: 'none',
      body: { status: 'none', pack_id: null, policy, reason: 'no pack was ever built' },
    };
  }
  const asofDate = isoDate(pack.asof_date);
  const age = packAge(pack, today ?? asofDate, freshness);
  return {
    fresh: age.status === 'fresh',
    status: age.status,
    body: {
      status: age.status,
      pack_id: pack.pack_id,
      policy,
      asof_date: pack.asof_date,
      age_business_days: age.businessDays,
      max_age_business_days: freshness.maxAgeBusinessDays,
      content_hash: pack.content_hash,
      built_at: pack.built_at,
      price_count: pack.price_count,
      rate_count: pack.rate_count,
      sources: pack.sources,
      reason: age.reason ?? null,
      error_code: pack.error_code,
      newer: latest.pack_id === pack.pack_id ? null : { pack_id: latest.pack_id, status: latest.status },
    },
  };
}
