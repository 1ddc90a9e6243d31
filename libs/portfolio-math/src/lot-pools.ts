import { addDays, Decimal, ZERO, type IsoDate } from '@dawsos/contracts';
import type { LotAcquired, OpenParcel } from './wash-sales';

/** Units taken out of a pool that have one history. */
export interface TakenUnits {
  readonly units: Decimal;
  readonly carried: Decimal;
  readonly heldFrom: IsoDate | null;
}

/** Units bought in a window that have not replaced any yet. */
export interface ReplacementUnits {
  readonly pool: string;
  readonly purchased: IsoDate;
  readonly units: Decimal;
  /** Makes `units` of them the replacement: `basis` and `days` of holding period join theirs. */
  use(units: Decimal, basis: Decimal, days: number): void;
}

export interface LotPools {
  /** Takes units out, those that replaced others first; what is not there is noted as uncovered. */
  take(pool: string, units: Decimal): TakenUnits[];
  /** What could replace units of `pool`, in the order of purchase. */
  replacements(pool: string, window: { readonly from: IsoDate; readonly to: IsoDate }): ReplacementUnits[];
  open(): OpenParcel[];
  readonly uncovered: ReadonlyMap<string, Decimal>;
}

interface Parcel {
  readonly units: Decimal;
  readonly carried: Decimal;
  readonly heldFrom: IsoDate | null;
  readonly replaces: boolean;
}

interface Pool {
  readonly name: string;
  readonly identity: string;
  readonly purchased: IsoDate | null;
  parcels: Parcel[];
}

/** What dividing by a reverse split's ratio may leave of a unit. */
const DUST = new Decimal('1e-12');

export function createLotPools(acquisitions: readonly LotAcquired[]): LotPools {
  const pools = poolsOf(acquisitions);
  const inOrder = [...pools.values()]
    .filter((pool) => pool.purchased !== null)
    .sort((a, b) => ((a.purchased ?? '') < (b.purchased ?? '') ? -1 : 1));
  const uncovered = new Map<string, Decimal>();

  function take(name: string, units: Decimal): TakenUnits[] {
    const pool = pools.get(name);
    const taken: TakenUnits[] = [];
    const kept: Parcel[] = [];
    let wanted = units;
    for (const parcel of pool?.parcels ?? []) {
      const [out, rest] = split(parcel, Decimal.min(parcel.units, wanted));
      if (out !== undefined) taken.push(out);
      if (rest !== undefined) kept.push(rest);
      wanted = wanted.minus(out?.units ?? ZERO);
    }
    if (pool !== undefined) pool.parcels = kept;
    if (wanted.greaterThan(DUST)) uncovered.set(name, (uncovered.get(name) ?? ZERO).plus(wanted));
    return taken;
  }

  return {
    take,
    uncovered,
    replacements(name, { from, to }) {
      const identity = pools.get(name)?.identity;
      return inOrder.flatMap((pool): ReplacementUnits[] => {
        const { purchased } = pool;
        if (purchased === null || pool.identity !== identity || pool.name === name) return [];
        if (purchased < from || purchased > to) return [];
        const free = pool.parcels.find((parcel) => !parcel.replaces);
        if (free === undefined) return [];
        return [
          {
            pool: pool.name,
            purchased,
            units: free.units,
            use: (units, basis, days) => {
              const [used, rest] = split(free, units);
              const replacing = used && {
                ...used,
                carried: used.carried.plus(basis),
                heldFrom: used.heldFrom && addDays(used.heldFrom, -days),
                replaces: true,
              };
              pool.parcels = [
                ...pool.parcels.filter((parcel) => parcel !== free),
                ...(replacing === undefined ? [] : [replacing]),
                ...(rest === undefined ? [] : [rest]),
              ];
            },
          },
        ];
      });
    },
    open: () =>
      [...pools.values()].flatMap(({ name, parcels }) =>
        parcels.map((parcel) => ({ pool: name, ...parcel })),
      ),
  };
}

function poolsOf(acquisitions: readonly LotAcquired[]): Map<string, Pool> {
  const pools = new Map<string, Pool>();
  for (const { pool: name, identity, acquired, purchased, units } of acquisitions) {
    const known = pools.get(name);
    const before = known?.parcels[0]?.units ?? ZERO;
    pools.set(name, {
      name,
      identity,
      purchased: purchased ? acquired : (known?.purchased ?? null),
      parcels: [{ units: before.plus(units), carried: ZERO, heldFrom: acquired, replaces: false }],
    });
  }
  return pools;
}

/** `units` of a parcel, and the rest of it, each undefined where nothing is left. */
function split(parcel: Parcel, units: Decimal): [Parcel | undefined, Parcel | undefined] {
  if (units.lessThanOrEqualTo(ZERO)) return [undefined, parcel];
  const left = parcel.units.minus(units);
  if (left.lessThanOrEqualTo(DUST)) return [parcel, undefined];
  const carried = parcel.carried.times(units).div(parcel.units);
  return [
    { ...parcel, units, carried },
    { ...parcel, units: left, carried: parcel.carried.minus(carried) },
  ];
}
