import { Decimal, ZERO, type IsoDate } from '@dawsos/contracts';

/** Why a basis cannot be told: the rate of a day, the date of a lot. */
export interface Lack {
  readonly code: string;
  readonly detail: string;
}

/** Units of one lot that have one history. */
export interface OpenParcel {
  /** The lot in its account that holds them. */
  readonly pool: string;
  readonly commodity: string;
  /** Substantially identical things share one. */
  readonly identity: string;
  /** The acquisition that they come from, through moves, splits and exchanges. */
  readonly origin: string;
  /** The order of acquisitions. */
  readonly order: number;
  /** Null: the ledger leaves the lot undated. */
  readonly acquired: IsoDate | null;
  /** Earlier than `acquired` where a wash sale added the holding period of what was sold. */
  readonly heldFrom: IsoDate | null;
  /** How many splits of the commodity the units have gone through, or came after. */
  readonly epoch: number;
  readonly units: Decimal;
  /** In tax currency, with the costs of buying and without what wash sales add; null where `lacks` says why. */
  readonly basis: Decimal | null;
  /** The part of the basis that is costs of buying. */
  readonly costs: Decimal;
  readonly lacks: readonly Lack[];
  /** What wash sales add to the basis. */
  readonly carried: Decimal;
  /** The day of a purchase that may replace units sold at a loss; null for what came in kind. */
  readonly purchased: IsoDate | null;
  /** They replace units sold at a loss already, so they can replace no others. */
  readonly replaces: boolean;
  /** Held where gains are not taxed: what they replace is lost to the basis. */
  readonly deferred: boolean;
}

/** The lots of all accounts, each a queue of parcels, first in first out. */
export interface LotPools {
  /** Behind what the pool holds; units that replaced others go before those that did not. */
  put(parcel: OpenParcel): void;
  /** Takes units from the front: fewer than `units` where there are not so many. */
  take(pool: string, units: Decimal): OpenParcel[];
  parcels(pool: string): readonly OpenParcel[];
  /** Puts others in the place of a parcel. */
  replace(parcel: OpenParcel, by: readonly OpenParcel[]): void;
  /** The parcels of an identity that were bought from a day to a day, in the order of acquisition. */
  bought(identity: string, window: { readonly from: IsoDate; readonly to: IsoDate }): OpenParcel[];
  open(): OpenParcel[];
}

/** What dividing by a ratio may leave of a unit. */
export const DUST = new Decimal('1e-12');

export function createLotPools(): LotPools {
  const pools = new Map<string, readonly OpenParcel[]>();
  const poolsOf = new Map<string, Set<string>>();
  const set = (pool: string, parcels: readonly OpenParcel[]): void => {
    if (parcels.length === 0) pools.delete(pool);
    else pools.set(pool, parcels);
  };
  const parcels = (pool: string): readonly OpenParcel[] => pools.get(pool) ?? [];
  return {
    parcels,
    put(parcel) {
      const held = parcels(parcel.pool);
      const [before, after] = [held.filter((one) => one.replaces), held.filter((one) => !one.replaces)];
      set(parcel.pool, parcel.replaces ? [...before, parcel, ...after] : [...held, parcel]);
      const known = poolsOf.get(parcel.identity) ?? new Set();
      poolsOf.set(parcel.identity, known.add(parcel.pool));
    },
    take(pool, units) {
      const [taken, kept]: [OpenParcel[], OpenParcel[]] = [[], []];
      let wanted = units;
      for (const parcel of parcels(pool)) {
        const [out, rest] = divided(parcel, Decimal.min(parcel.units, wanted));
        if (out !== undefined) taken.push(out);
        if (rest !== undefined) kept.push(rest);
        wanted = wanted.minus(out?.units ?? ZERO);
      }
      set(pool, kept);
      return taken;
    },
    replace(parcel, by) {
      set(
        parcel.pool,
        parcels(parcel.pool).flatMap((one) => (one === parcel ? by : [one])),
      );
    },
    bought: (identity, { from, to }) =>
      [...(poolsOf.get(identity) ?? [])]
        .flatMap((pool) => parcels(pool))
        .filter(
          ({ identity: own, purchased }) =>
            purchased !== null && purchased >= from && purchased <= to && own === identity,
        )
        .sort((a, b) => a.order - b.order),
    open: () => [...pools.values()].flat(),
  };
}

/** `units` of a parcel, and the rest of it, each undefined where nothing is left. */
export function divided(
  parcel: OpenParcel,
  units: Decimal,
): readonly [OpenParcel | undefined, OpenParcel | undefined] {
  if (units.lessThanOrEqualTo(ZERO)) return [undefined, parcel];
  const left = parcel.units.minus(units);
  if (left.lessThanOrEqualTo(DUST)) return [parcel, undefined];
  const share = (whole: Decimal): Decimal => whole.times(units).div(parcel.units);
  const [basis, carried] = [parcel.basis && share(parcel.basis), share(parcel.carried)];
  const costs = share(parcel.costs);
  return [
    { ...parcel, units, basis, costs, carried },
    {
      ...parcel,
      units: left,
      basis: parcel.basis && basis && parcel.basis.minus(basis),
      costs: parcel.costs.minus(costs),
      carried: parcel.carried.minus(carried),
    },
  ];
}
