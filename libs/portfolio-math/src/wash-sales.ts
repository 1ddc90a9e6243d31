import { addDays, Decimal, ZERO, type IsoDate } from '@dawsos/contracts';
import { daysHeld, holdingTerm, type Term } from './holding-period';
import { createLotPools, type LotPools, type TakenUnits } from './lot-pools';

/** Days before and after a sale at a loss within which a purchase makes it a wash sale. */
export const WASH_SALE_DAYS = 30;

/** What happened to tax lots, in ledger order; the units of one identity are of one size (splits adjusted). */
export type LotEvent = LotAcquired | LotRemoved | LotSold;

export interface LotAcquired {
  readonly type: 'acquired';
  /** Units that were acquired together; a sale names it. */
  readonly pool: string;
  /** Substantially identical things share one. */
  readonly identity: string;
  /** Null: the ledger leaves the lot undated. */
  readonly acquired: IsoDate | null;
  /** Whether they were bought here; units that came in kind replace nothing. */
  readonly purchased: boolean;
  readonly units: Decimal;
}

/** Units that left without a sale. */
export interface LotRemoved {
  readonly type: 'removed';
  readonly pool: string;
  readonly units: Decimal;
}

export interface LotSold {
  readonly type: 'sold';
  /** Sales that follow each other under one are one transaction: none of their lots replaces another. */
  readonly transaction: number;
  readonly pool: string;
  readonly date: IsoDate;
  readonly units: Decimal;
  /** After selling costs, in tax currency. */
  readonly proceeds: Decimal;
  /** Before what wash sales added to it, in tax currency. */
  readonly basis: Decimal;
}

/** Units bought that replace units sold at a loss. */
export interface Replacement {
  readonly pool: string;
  readonly purchased: IsoDate;
  readonly units: Decimal;
  /** The loss that does not count now: it joins these units' basis. */
  readonly disallowed: Decimal;
}

/** A sale, or the part of it whose units have one history. */
export interface TaxedSale {
  readonly sold: LotSold;
  readonly units: Decimal;
  readonly proceeds: Decimal;
  readonly basis: Decimal;
  /** Of the basis, what losses of earlier wash sales added. */
  readonly carried: Decimal;
  /** proceeds − basis. */
  readonly gain: Decimal;
  /** The acquisition, earlier by the days that a wash sale's holding period adds. */
  readonly heldFrom: IsoDate | null;
  readonly term: Term | null;
  readonly disallowed: Decimal;
  /** gain + disallowed. */
  readonly recognised: Decimal;
  readonly replacements: readonly Replacement[];
}

/** Units still held, of one history. */
export interface OpenParcel {
  readonly pool: string;
  readonly units: Decimal;
  readonly carried: Decimal;
  readonly heldFrom: IsoDate | null;
  /** They replace units sold at a loss already, so they can replace no others. */
  readonly replaces: boolean;
}

export interface TaxedLots {
  readonly sales: readonly TaxedSale[];
  readonly open: readonly OpenParcel[];
  /** Units of a pool that left without being there: short sales, which have rules of their own. */
  readonly uncovered: ReadonlyMap<string, Decimal>;
}

/**
 * Gains and losses of sales under the wash-sale rule: a loss is not allowed on as many units as there are
 * substantially identical ones bought from 30 days before the sale to 30 days after it. It joins the basis of
 * those, and the holding period of what was sold joins theirs. Losses are matched in the order of the sales with
 * purchases in the order in which they were made, each unit once. What is left of the lot that was sold replaces
 * nothing (Revenue Ruling 56-602), nor do units that were sold before or together with it.
 *
 * Source: IRS Publication 550, "Wash Sales"; Treas. Reg. § 1.1091-1, -2; Internal Revenue Code § 1223(3).
 */
export function taxedLots(events: readonly LotEvent[]): TaxedLots {
  // A purchase can replace what was sold before it, so all lots are there from the start.
  const pools = createLotPools(events.filter((event) => event.type === 'acquired'));
  const sales: TaxedSale[] = [];
  for (const group of byDeparture(events)) {
    const parts = group.flatMap((event) =>
      pools.take(event.pool, event.units).map((taken) => ({ event, taken })),
    );
    for (const { event, taken } of parts) if (event.type === 'sold') sales.push(taxed(event, taken, pools));
  }
  return { sales, open: pools.open(), uncovered: pools.uncovered };
}

type Departure = LotRemoved | LotSold;

/** The departures in order; sales of one transaction leave together before any is matched. */
function byDeparture(events: readonly LotEvent[]): Departure[][] {
  const groups: Departure[][] = [];
  let open: { readonly transaction: number; readonly group: Departure[] } | undefined;
  for (const event of events) {
    if (event.type === 'acquired') continue;
    if (event.type === 'sold' && open?.transaction === event.transaction) {
      open.group.push(event);
      continue;
    }
    const group: Departure[] = [event];
    groups.push(group);
    open = event.type === 'sold' ? { transaction: event.transaction, group } : undefined;
  }
  return groups;
}

function taxed(sold: LotSold, taken: TakenUnits, pools: LotPools): TaxedSale {
  const share = (whole: Decimal): Decimal =>
    taken.units.equals(sold.units) ? whole : whole.times(taken.units).div(sold.units);
  const proceeds = share(sold.proceeds);
  const basis = share(sold.basis).plus(taken.carried);
  const gain = proceeds.minus(basis);
  const replacements = gain.isNegative() ? replace(sold, taken, gain.negated(), pools) : [];
  const disallowed = replacements.reduce((sum, one) => sum.plus(one.disallowed), ZERO);
  return {
    sold,
    units: taken.units,
    proceeds,
    basis,
    carried: taken.carried,
    gain,
    heldFrom: taken.heldFrom,
    term: taken.heldFrom && holdingTerm(taken.heldFrom, sold.date),
    disallowed,
    recognised: gain.plus(disallowed),
    replacements,
  };
}

function replace(sold: LotSold, taken: TakenUnits, loss: Decimal, pools: LotPools): Replacement[] {
  const window = { from: addDays(sold.date, -WASH_SALE_DAYS), to: addDays(sold.date, WASH_SALE_DAYS) };
  const daysAdded = taken.heldFrom === null ? 0 : daysHeld(taken.heldFrom, sold.date);
  const replacements: Replacement[] = [];
  let unmatched = taken.units;
  let undivided = loss;
  for (const candidate of pools.replacements(sold.pool, window)) {
    if (!unmatched.isPositive() || unmatched.isZero()) break;
    const units = Decimal.min(candidate.units, unmatched);
    // The last units take what is left, so that the parts add up to the loss.
    const disallowed = units.equals(unmatched) ? undivided : loss.times(units).div(taken.units);
    candidate.use(units, disallowed, daysAdded);
    replacements.push({ pool: candidate.pool, purchased: candidate.purchased, units, disallowed });
    unmatched = unmatched.minus(units);
    undivided = undivided.minus(disallowed);
  }
  return replacements;
}
