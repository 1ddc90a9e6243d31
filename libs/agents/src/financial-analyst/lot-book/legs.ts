import { ZERO, type Decimal } from '@dawsos/contracts';
import type { Cost, Posting, Transaction } from '@dawsos/ledger';

/** Whether units are held or owed. */
export type Side = 'long' | 'short';

/** A posting of units with a cost, as far as it adds to a lot or takes from it. */
export interface Leg {
  readonly posting: Posting;
  readonly account: string;
  readonly commodity: string;
  readonly cost: Cost;
  /** Positive. */
  readonly units: Decimal;
  /** Whether units of the lot come or leave. */
  readonly side: Side;
  readonly pool: string;
}

/** The legs of an entry that take from lots, and those that add to them. */
export interface EntryLegs {
  readonly leaving: readonly Leg[];
  readonly coming: readonly Leg[];
  /** Units that leave at a cost that no lot of the account has, while it holds others of the commodity. */
  readonly astray: readonly Leg[];
}

export type CostedPosting = Posting & { readonly cost: Cost };

export const hasCost = (posting: Posting): posting is CostedPosting => posting.cost !== null;

/** A lot in its account: what Beancount's inventories hold apart. */
export function poolOf({ account, units, cost }: CostedPosting): string {
  const { number, currency, date, label } = cost;
  return JSON.stringify([account, units.currency, number.toDecimal().toFixed(), currency, date, label]);
}

/** The units of every lot, as the booked postings leave them. */
export interface Inventory {
  /** The entry's legs; the inventory is that after it then. */
  add(transaction: Transaction): EntryLegs;
  units(pool: string): Decimal;
  /** The last leg that touched a lot. */
  legOf(pool: string): Leg | undefined;
}

export function createInventory(): Inventory {
  const held = new Map<string, Decimal>();
  /** Units of a commodity that an account holds long. */
  const longs = new Map<string, Decimal>();
  const touched = new Map<string, Leg>();
  const units = (pool: string): Decimal => held.get(pool) ?? ZERO;
  return {
    units,
    legOf: (pool) => touched.get(pool),
    add({ postings }) {
      const [leaving, coming, astray]: [Leg[], Leg[], Leg[]] = [[], [], []];
      for (const posting of postings) {
        if (!hasCost(posting)) continue;
        const pool = poolOf(posting);
        const place = `${posting.account} ${posting.units.currency}`;
        const number = posting.units.number.toDecimal();
        const before = units(pool);
        const after = before.plus(number);
        const leg = (part: Decimal, side: Side): Leg => ({
          posting,
          account: posting.account,
          commodity: posting.units.currency,
          cost: posting.cost,
          units: part.abs(),
          side,
          pool,
        });
        const reduced = reducedBy(before, number);
        const added = number.minus(reduced);
        if (!reduced.isZero()) leaving.push(leg(reduced, before.isNegative() ? 'short' : 'long'));
        if (!added.isZero()) {
          const side = added.isNegative() ? 'short' : 'long';
          const isAstray = side === 'short' && longs.get(place)?.greaterThan(ZERO) === true;
          (isAstray ? astray : coming).push(leg(added, side));
        }
        held.set(pool, after);
        touched.set(pool, leg(number, after.isNegative() ? 'short' : 'long'));
        const long = (longs.get(place) ?? ZERO).minus(positive(before)).plus(positive(after));
        longs.set(place, long);
      }
      return { leaving, coming, astray };
    },
  };
}

/** The part of a change that takes from what is there: with its sign. */
function reducedBy(before: Decimal, change: Decimal): Decimal {
  if (before.isZero() || before.isNegative() === change.isNegative()) return ZERO;
  return change.abs().lessThanOrEqualTo(before.abs()) ? change : before.negated();
}

const positive = (number: Decimal): Decimal => (number.isNegative() ? ZERO : number);

export const costOf = ({ units, cost }: Leg): Decimal => units.times(cost.number.toDecimal());

export const sumOf = <T>(items: readonly T[], pick: (item: T) => Decimal): Decimal =>
  items.reduce((sum, item) => sum.plus(pick(item)), ZERO);
