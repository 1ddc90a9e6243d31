import { addDays, Decimal, ZERO, type IsoDate } from '@dawsos/contracts';
import { daysHeld } from './holding-period';
import { divided, type LotPools, type OpenParcel } from './lot-pools';

/** Days before and after a sale at a loss within which a purchase makes it a wash sale. */
export const WASH_SALE_DAYS = 30;

/** Units bought that replace units sold at a loss. */
export interface Replacement {
  readonly commodity: string;
  readonly purchased: IsoDate;
  /** The units of the purchase, as they were when they replaced. */
  readonly units: Decimal;
  /** The loss that does not count now. */
  readonly disallowed: Decimal;
  /** Whether it joins the units' basis; it is lost where they are held in a tax-deferred account. */
  readonly carried: boolean;
}

/** Units of one history sold at a loss. */
export interface LossSale {
  readonly date: IsoDate;
  readonly commodity: string;
  readonly identity: string;
  /** The acquisition that they came from: what is left of it replaces nothing. */
  readonly origin: string;
  readonly epoch: number;
  readonly heldFrom: IsoDate | null;
  readonly units: Decimal;
  /** Positive. */
  readonly loss: Decimal;
  replaced(by: Replacement): void;
}

export interface WashSales {
  /** What one entry sold at a loss, after all of the entry's units have left the pools. */
  sold(losses: readonly LossSale[]): void;
  /** A purchase that is in the pools now, which may replace what was sold before it. */
  bought(parcel: OpenParcel): void;
}

interface Unmatched {
  readonly sale: LossSale;
  units: Decimal;
  loss: Decimal;
}

/**
 * The wash-sale rule over pools that change in ledger order: a loss is not allowed on as many units as there are
 * substantially identical ones bought from 30 days before the sale to 30 days after it. It joins the basis of those,
 * and the holding period of what was sold joins theirs. Losses are matched in the order of the sales with purchases
 * in the order in which they were made, each unit once. What is left of the lot that was sold replaces nothing
 * (Revenue Ruling 56-602), nor do units that were sold before or together with it. A purchase in a tax-deferred
 * account disallows the loss without adding to any basis (Revenue Ruling 2008-5).
 *
 * `sizeOf` says how many of a commodity's newest units one unit of an epoch is, so that units sold before a split
 * are matched with units bought after it.
 *
 * Source: IRS Publication 550, "Wash Sales"; Treas. Reg. § 1.1091-1, -2; Internal Revenue Code § 1223(3).
 */
export function createWashSales(
  pools: LotPools,
  sizeOf: (commodity: string, epoch: number) => Decimal,
): WashSales {
  let waiting: Unmatched[] = [];

  function match(unmatched: Unmatched, parcel: OpenParcel): OpenParcel | undefined {
    const { sale } = unmatched;
    const { purchased } = parcel;
    const isFree = purchased !== null && !parcel.replaces && parcel.origin !== sale.origin;
    if (!isFree || parcel.identity !== sale.identity || !isInWindow(purchased, sale.date)) return parcel;
    const [soldSize, boughtSize] = [
      sizeOf(sale.commodity, sale.epoch),
      sizeOf(parcel.commodity, parcel.epoch),
    ];
    const wanted = unmatched.units.times(soldSize).div(boughtSize);
    const units = Decimal.min(parcel.units, wanted);
    const matched = units.equals(wanted) ? unmatched.units : units.times(boughtSize).div(soldSize);
    // The last units take what is left, so that the parts add up to the loss.
    const disallowed = units.equals(wanted) ? unmatched.loss : sale.loss.times(matched).div(sale.units);
    unmatched.units = unmatched.units.minus(matched);
    unmatched.loss = unmatched.loss.minus(disallowed);
    sale.replaced({ commodity: parcel.commodity, purchased, units, disallowed, carried: !parcel.deferred });
    const [used, rest] = divided(parcel, units);
    const replacing = used && replacement(used, sale, disallowed);
    pools.replace(
      parcel,
      [replacing, rest].filter((part) => part !== undefined),
    );
    return rest;
  }

  return {
    sold(losses) {
      for (const sale of losses) {
        const unmatched = { sale, units: sale.units, loss: sale.loss };
        for (const parcel of pools.bought(sale.identity, windowOf(sale.date))) {
          if (unmatched.units.isPositive() && !unmatched.units.isZero()) match(unmatched, parcel);
        }
        if (unmatched.units.greaterThan(ZERO)) waiting.push(unmatched);
      }
    },
    bought(parcel) {
      let rest: OpenParcel | undefined = parcel;
      for (const unmatched of waiting) if (rest !== undefined) rest = match(unmatched, rest);
      waiting = waiting.filter(({ units }) => units.greaterThan(ZERO));
    },
  };
}

function windowOf(sold: IsoDate): { readonly from: IsoDate; readonly to: IsoDate } {
  return { from: addDays(sold, -WASH_SALE_DAYS), to: addDays(sold, WASH_SALE_DAYS) };
}

function isInWindow(purchased: IsoDate, sold: IsoDate): boolean {
  const { from, to } = windowOf(sold);
  return purchased >= from && purchased <= to;
}

function replacement(used: OpenParcel, { heldFrom, date }: LossSale, disallowed: Decimal): OpenParcel {
  if (used.deferred) return { ...used, replaces: true };
  const days = heldFrom === null ? 0 : daysHeld(heldFrom, date);
  return {
    ...used,
    carried: used.carried.plus(disallowed),
    heldFrom: used.heldFrom && addDays(used.heldFrom, -days),
    replaces: true,
  };
}
