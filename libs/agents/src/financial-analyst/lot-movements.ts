import type { Decimal } from '@dawsos/contracts';
import type { Cost, Portfolio, Posting, Transaction, UnitSizes } from '@dawsos/ledger';
import { isOwn } from './holdings';

/**
 * What a posting of units with a cost is:
 * - `bought`: acquired on the day of the transaction;
 * - `sold`: reduced at a price;
 * - `received`, `given`: in or out without a trade: from or to another portfolio, an opening, a gift;
 * - `moved`: a split, or a transfer between accounts of the portfolio: still the same lot.
 */
export type MovementKind = 'bought' | 'sold' | 'received' | 'given' | 'moved';

export interface LotMovement {
  readonly kind: MovementKind;
  readonly transaction: Transaction;
  readonly posting: Posting;
  readonly cost: Cost;
  readonly commodity: string;
  /** As booked; negative where they leave. */
  readonly units: Decimal;
  /** `units` in the size that a unit has on the as-of day. */
  readonly todaysUnits: Decimal;
}

/** Every movement of units with a cost in the portfolio's accounts, in ledger order. */
export function lotMovements(
  history: readonly Transaction[],
  portfolio: Portfolio,
  sizes: UnitSizes,
): LotMovement[] {
  const movements: LotMovement[] = [];
  for (const transaction of history) {
    for (const [commodity, postings] of costedByCommodity(transaction)) {
      const moved = isMoved(postings);
      for (const posting of postings) {
        if (!isOwn(portfolio, posting.account)) continue;
        const units = posting.units.number.toDecimal();
        const kind = moved ? movedKind(postings, portfolio, units) : kindOf(posting, transaction, units);
        const todaysUnits = sizes.unitsOf(posting);
        movements.push({ kind, transaction, posting, cost: posting.cost, commodity, units, todaysUnits });
      }
    }
  }
  return movements;
}

type CostedPosting = Posting & { readonly cost: Cost };

const hasCost = (posting: Posting): posting is CostedPosting => posting.cost !== null;

function costedByCommodity({ postings }: Transaction): Map<string, CostedPosting[]> {
  const groups = new Map<string, CostedPosting[]>();
  for (const posting of postings) {
    if (!hasCost(posting)) continue;
    const group = groups.get(posting.units.currency) ?? [];
    groups.set(posting.units.currency, group);
    group.push(posting);
  }
  return groups;
}

/** Units of a commodity that leave and come back in one transaction, at no price. */
function isMoved(postings: readonly CostedPosting[]): boolean {
  const leaving = postings.filter((posting) => posting.units.number.toDecimal().isNegative());
  return (
    leaving.length > 0 &&
    leaving.length < postings.length &&
    leaving.every((posting) => posting.price === null)
  );
}

/** One side alone in the portfolio's accounts: it came from elsewhere, or went there. */
function movedKind(postings: readonly CostedPosting[], portfolio: Portfolio, units: Decimal): MovementKind {
  const own = postings.filter(({ account }) => isOwn(portfolio, account));
  const bothSides = new Set(own.map((posting) => posting.units.number.toDecimal().isNegative())).size === 2;
  if (bothSides) return 'moved';
  return units.isNegative() ? 'given' : 'received';
}

function kindOf({ cost, price }: CostedPosting, { date }: Transaction, units: Decimal): MovementKind {
  if (units.isNegative()) return price === null ? 'given' : 'sold';
  return cost.date === date ? 'bought' : 'received';
}
