import { DawsosError, isoDate, type IsoDate, type PackStatus, type PackSummary } from '@dawsos/contracts';
import { DEFAULT_FRESHNESS, packAge, type FreshnessPolicy, type PackAge } from './freshness';
import { DEFAULT_POLICY } from './pack-id';
import type { PackStore } from './pack-store';

export interface ResolvePackRequest {
  readonly packId?: string | undefined;
  readonly asofDate?: IsoDate | undefined;
  readonly allowStale: boolean;
  /**
   * The day that a request without a day asks for; the caller's clock. Without it, such a request asks for the
   * newest pack's own day, so that only a day that was named can find a pack too old.
   */
  readonly today?: IsoDate | undefined;
  readonly policy?: string | undefined;
  readonly freshness?: FreshnessPolicy | undefined;
}

export interface ResolvedPack {
  readonly pack: PackSummary;
  /** `fresh`, or `stale` where that was allowed. */
  readonly status: PackStatus;
  readonly ageBusinessDays: number;
  /** The day that was asked for, or the pack's own. */
  readonly asofDate: IsoDate;
}

/** What the gate reads. */
export type PackFinder = Pick<PackStore, 'find' | 'newest' | 'newestOnOrBefore'>;

/**
 * The freshness gate. The pack is the one named, else the newest fresh one on or before the day asked for, never a
 * later one. Its age is counted in business days from its own day to the day asked for: `asofDate`; without it,
 * for a pack that was named its own day, else `today`.
 * @throws DawsosError `pack_not_found`; `pack_not_fresh` (503, with `Retry-After` and the pack's id and status)
 * when it is warming, in error or stale, unless it is stale and `allowStale`; `invalid_request` when the pack
 * named is later than `asofDate`.
 */
export async function resolvePack(store: PackFinder, request: ResolvePackRequest): Promise<ResolvedPack> {
  const { pack, asofDate, newer } = await (request.packId === undefined
    ? byDate(store, request)
    : byId(store, request.packId, request.asofDate));
  const age = packAge(pack, askedDay(request, pack), request.freshness ?? DEFAULT_FRESHNESS);
  const usable = age.status === 'fresh' || (age.status === 'stale' && request.allowStale);
  if (!usable) throw notFresh(pack, age, newer);
  return { pack, status: age.status, ageBusinessDays: age.businessDays, asofDate };
}

interface Found {
  readonly pack: PackSummary;
  readonly asofDate: IsoDate;
  /** A later pack on or before the day asked for, that is not ready. */
  readonly newer: PackSummary | undefined;
}

function askedDay(request: ResolvePackRequest, pack: PackSummary): IsoDate {
  if (request.asofDate !== undefined) return request.asofDate;
  const own = isoDate(pack.asof_date);
  return request.packId === undefined ? (request.today ?? own) : own;
}

async function byId(store: PackFinder, id: string, asofDate: IsoDate | undefined): Promise<Found> {
  const pack = await store.find(id);
  if (pack === undefined) {
    throw new DawsosError('pack_not_found', `there is no pack ${id}`, { extensions: { pack_id: id } });
  }
  const own = isoDate(pack.asof_date);
  if (asofDate !== undefined && own > asofDate) {
    throw new DawsosError(
      'invalid_request',
      `${id} holds prices up to ${own}, later than asof_date ${asofDate}: name an earlier pack`,
      { errors: [{ pointer: '/pricing_pack_id', detail: `is later than asof_date ${asofDate}` }] },
    );
  }
  return { pack, asofDate: asofDate ?? own, newer: undefined };
}

async function byDate(store: PackFinder, request: ResolvePackRequest): Promise<Found> {
  const { asofDate, today, policy = DEFAULT_POLICY } = request;
  const limit = asofDate ?? today;
  const newest = (status?: readonly PackStatus[]): Promise<PackSummary | undefined> => {
    const query = status === undefined ? { policy } : { policy, status };
    return limit === undefined ? store.newest(query) : store.newestOnOrBefore(limit, query);
  };
  const usable = (await newest(['fresh'])) ?? (await newest(['stale']));
  const latest = await newest();
  const pack = usable ?? latest;
  if (pack === undefined) {
    const until = limit === undefined ? '' : ` on or before ${limit}`;
    throw new DawsosError('pack_not_found', `there is no pack${until}; build one with "dawsos packs build"`);
  }
  const newer = latest !== undefined && latest.asof_date > pack.asof_date ? latest : undefined;
  return { pack, asofDate: asofDate ?? isoDate(pack.asof_date), newer };
}

/** Seconds after which asking again may help. */
const RETRY_AFTER: Readonly<Record<PackStatus, number>> = { warming: 15, stale: 60, error: 300, fresh: 0 };

function notFresh(pack: PackSummary, age: PackAge, newer: PackSummary | undefined): DawsosError {
  const building = newer === undefined ? '' : `; ${newer.pack_id} is ${newer.status}`;
  return new DawsosError(
    'pack_not_fresh',
    `${pack.pack_id} is ${age.status}: ${age.reason ?? 'it is not ready'}${building}`,
    {
      retryAfterSeconds: newer?.status === 'warming' ? RETRY_AFTER.warming : RETRY_AFTER[age.status],
      extensions: {
        pack_id: pack.pack_id,
        pack_status: age.status,
        age_business_days: age.businessDays,
        ...(newer === undefined ? {} : { newer_pack_id: newer.pack_id, newer_pack_status: newer.status }),
      },
    },
  );
}
