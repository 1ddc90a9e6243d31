import { isoDate, type JsonObject, type PackStatus, type PackSummary } from '@dawsos/contracts';
import type { PackFinder } from './find-pack';
import { DEFAULT_FRESHNESS, packAge, type FreshnessPolicy, type PackAge } from './pack-age';
import type { Asked } from '../calendar/market-calendar';
import { DEFAULT_POLICY } from '../pack/pack-id';
import type { PackStore } from '../store/pack-store';
import type { WorthAssessment } from './worth';

export interface PackHealth {
  /** True only when a request that names no pack would be served a fresh one; of a pack that is named, when it is that. */
  readonly fresh: boolean;
  readonly status: PackStatus | 'none';
  /** The body of `/health/pack`: in every state, that of having no pack included. */
  readonly body: JsonObject;
}

export interface PackHealthOptions {
  /** The pack that is looked at; else the one that the gate would take. */
  readonly packId?: string | undefined;
  /** The caller's clock; without it a pack is as old as it is on its own day. */
  readonly now?: Date | undefined;
  readonly policy?: string | undefined;
  readonly freshness?: FreshnessPolicy | undefined;
  /** How the prices of all that the ledger holds stand; a fault of it leaves the coverage unsaid. */
  readonly assess?: (pack: PackSummary, asked: Asked) => Promise<WorthAssessment | undefined>;
}

type HealthStore = PackFinder & Pick<PackStore, 'report' | 'failure'>;

/** The state of the pack that the gate would take, or that is named, and of a newer one on its way. */
export async function packHealth(store: HealthStore, options: PackHealthOptions = {}): Promise<PackHealth> {
  const { packId, now, policy = DEFAULT_POLICY, freshness = DEFAULT_FRESHNESS } = options;
  const newest = newestBy(store, policy, now);
  const latest = await newest();
  const pack = packId === undefined ? await taken(newest, latest) : await store.find(packId);
  if (pack === undefined) {
    const reason = packId === undefined ? 'no pack was ever built' : `there is no pack ${packId}`;
    return {
      fresh: false,
      status: 'none',
      body: { status: 'none', pack_id: packId ?? null, policy, reason },
    };
  }
  const asked: Asked = now === undefined ? { day: isoDate(pack.asof_date) } : { at: now };
  const age = packAge(pack, asked, freshness);
  const newer =
    latest === undefined || latest.asof_date <= pack.asof_date
      ? null
      : { pack_id: latest.pack_id, status: latest.status };
  return {
    fresh: age.status === 'fresh',
    status: age.status,
    body: {
      status: age.cause === 'superseded' ? 'superseded' : age.status,
      ...described(pack, age, freshness),
      coverage: await coverageOf(pack, asked, options),
      reconciliation: reconciliationOf(await store.report(pack.pack_id), await store.failure(pack.pack_id)),
      newer,
    },
  };
}

type Newest = (status?: PackStatus) => Promise<PackSummary | undefined>;

/** As the gate looks for packs: a day that has not come yet is nobody's pack today. */
function newestBy(store: PackFinder, policy: string, now: Date | undefined): Newest {
  return (status) => {
    const query = status === undefined ? { policy } : { policy, status };
    if (now === undefined) return store.newest(query);
    return store.newestOnOrBefore(isoDate(now.toISOString().slice(0, 10)), query);
  };
}

async function taken(newest: Newest, latest: PackSummary | undefined): Promise<PackSummary | undefined> {
  return (await newest('fresh')) ?? (await newest('stale')) ?? latest;
}

function described(pack: PackSummary, age: PackAge, freshness: FreshnessPolicy): JsonObject {
  return {
    pack_id: pack.pack_id,
    policy: pack.policy,
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
    superseded_by: pack.superseded_by,
  };
}

/** Counts the prices and rates that the ledger's holdings rest on, and those that are young enough. */
async function coverageOf(
  pack: PackSummary,
  asked: Asked,
  { assess }: PackHealthOptions,
): Promise<JsonObject | null> {
  if (assess === undefined || pack.content_hash === null) return null;
  const found = await assess(pack, asked);
  if (found === undefined) return null;
  const there = new Set(
    found.positions.flatMap(({ links }) => links.map(({ kind, name }) => `${kind} ${name}`)),
  );
  const missing = found.needed.filter(({ last_date: last }) => last === null).length;
  const stale = found.needed.length - missing;
  return {
    needed: there.size + missing,
    fresh: there.size - stale,
    stale,
    missing,
    stale_share: found.stale_share,
    bound_bp: found.bound_bp,
  };
}

/** The reconciliation of the build that was sealed, or of the one that failed over it; null where none was made. */
function reconciliationOf(report: unknown, failure: unknown): JsonObject | null {
  const made = memberOf(report, 'reconciliation') ?? memberOf(failure, 'reconciliation');
  const passed = memberOf(made, 'passed');
  const error = memberOf(made, 'difference_bp');
  if (typeof passed !== 'boolean' || typeof error !== 'string') return null;
  return { passed, error_bp: error };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
