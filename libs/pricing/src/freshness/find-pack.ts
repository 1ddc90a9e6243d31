import { DawsosError, isoDate, type IsoDate, type PackStatus, type PackSummary } from '@dawsos/contracts';
import { DEFAULT_POLICY } from '../pack/pack-id';
import type { PackStore } from '../store/pack-store';

export interface FindPackRequest {
  readonly packId?: string | undefined;
  readonly asofDate?: IsoDate | undefined;
  /** No later pack than this is taken for a request without a day; the caller's clock. */
  readonly today?: IsoDate | undefined;
  readonly policy?: string | undefined;
}

export interface FoundPack {
  readonly pack: PackSummary;
  /** The day asked for, or the pack's own. */
  readonly asofDate: IsoDate;
  /** A later pack on or before the day asked for, that is not ready. */
  readonly newer: PackSummary | undefined;
}

/** What the gate reads of packs. */
export type PackFinder = Pick<PackStore, 'find' | 'newest' | 'newestOnOrBefore'>;

/**
 * The pack named, else the newest fresh one on or before the day asked for, never a later one; where there is none,
 * the newest stale one, then the newest in any state. Superseded packs are found by their id alone.
 * @throws DawsosError `pack_not_found`; `invalid_request` when the pack named is later than `asofDate`
 */
export async function findPack(store: PackFinder, request: FindPackRequest): Promise<FoundPack> {
  return request.packId === undefined
    ? byDate(store, request)
    : byId(store, request.packId, request.asofDate);
}

async function byId(store: PackFinder, id: string, asofDate: IsoDate | undefined): Promise<FoundPack> {
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

async function byDate(store: PackFinder, request: FindPackRequest): Promise<FoundPack> {
  const { asofDate, today, policy = DEFAULT_POLICY } = request;
  const limit = asofDate ?? today;
  const newest = (status?: PackStatus): Promise<PackSummary | undefined> => {
    const query = status === undefined ? { policy } : { policy, status };
    return limit === undefined ? store.newest(query) : store.newestOnOrBefore(limit, query);
  };
  const [fresh, latest] = await Promise.all([newest('fresh'), newest()]);
  const pack = fresh ?? (await newest('stale')) ?? latest;
  if (pack === undefined) {
    const until = limit === undefined ? '' : ` on or before ${limit}`;
    throw new DawsosError('pack_not_found', `there is no pack${until}; build one with "dawsos packs build"`);
  }
  const newer = latest !== undefined && latest.asof_date > pack.asof_date ? latest : undefined;
  return { pack, asofDate: asofDate ?? isoDate(pack.asof_date), newer };
}
