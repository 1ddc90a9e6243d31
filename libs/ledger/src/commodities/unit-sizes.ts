import { ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Posting, Transaction } from '../model';
import type { CommodityFacts, CommoditySplit, SplitBooking } from './commodity-facts';

/** How many of the as-of day's units one unit of a posting is. */
export interface UnitSizes {
  of(posting: Posting): Decimal;
  /** The posting's units as they would be counted on the as-of day. */
  unitsOf(posting: Posting): Decimal;
  /** The size of a unit that an account holds at the end of the history is not 1 where it books a split after the others. */
  atEnd(account: string, commodity: string): Decimal;
}

/**
 * Walks a history in ledger order. Units change by booking: those that a split's entry takes out, and whatever its
 * account moved before, are of the size before the split. An account that left a split out goes on in its own units.
 */
export function unitSizes(
  history: readonly Transaction[],
  factsOf: (commodity: string) => CommodityFacts,
  asOf: IsoDate,
): UnitSizes {
  const splits = new Map<string, readonly CommoditySplit[]>();
  const passed = new Map<CommoditySplit, Set<string>>();
  const sizes = new Map<Posting, Decimal>();
  const splitsOf = (commodity: string): readonly CommoditySplit[] => {
    const known = splits.get(commodity);
    if (known !== undefined) return known;
    const made = factsOf(commodity).splits.filter(({ bookedOn }) => bookedOn !== null && bookedOn <= asOf);
    splits.set(commodity, made);
    for (const split of made) passed.set(split, new Set());
    return made;
  };
  for (const entry of history) {
    for (const posting of entry.postings) {
      const own = splitsOf(posting.units.currency);
      if (own.length === 0) continue;
      const size = own.reduce(
        (product, split) => product.times(factor(split, entry, posting, passed.get(split))),
        ONE,
      );
      if (!size.equals(ONE)) sizes.set(posting, size);
    }
    for (const [split, accounts] of passed) {
      for (const booking of split.bookings) {
        if (isAt(booking, entry)) booking.accounts.forEach((account) => accounts.add(account));
      }
    }
  }
  const of = (posting: Posting): Decimal => sizes.get(posting) ?? ONE;
  return {
    of,
    unitsOf: (posting) => {
      const size = sizes.get(posting);
      const units = posting.units.number.toDecimal();
      return size === undefined ? units : units.times(size);
    },
    atEnd: (account, commodity) =>
      splitsOf(commodity).reduce(
        (product, split) =>
          books(split, account) && passed.get(split)?.has(account) !== true
            ? product.times(split.ratio)
            : product,
        ONE,
      ),
  };
}

function factor(
  split: CommoditySplit,
  entry: Transaction,
  posting: Posting,
  passed: ReadonlySet<string> | undefined,
): Decimal {
  const { account, units } = posting;
  if (split.leftOut.includes(account)) return ONE;
  const booking = split.bookings.find((own) => isAt(own, entry));
  if (booking?.accounts.includes(account) === true) {
    if (units.number.toDecimal().isNegative()) return split.ratio;
    // a booking that only adds the new units adds nothing to what those before it have become
    return takesOut(entry, posting) ? ONE : ZERO;
  }
  const isBefore = books(split, account)
    ? passed?.has(account) !== true
    : split.bookedOn !== null && entry.date < split.bookedOn;
  return isBefore ? split.ratio : ONE;
}

/** A portfolio's view of an entry is another object. */
const isAt = ({ date, location }: SplitBooking, entry: Transaction): boolean =>
  date === entry.date && location.line === entry.location.line && location.file === entry.location.file;

const takesOut = ({ postings }: Transaction, { units: { currency } }: Posting): boolean =>
  postings.some(({ units }) => units.currency === currency && units.number.toDecimal().isNegative());

const books = (split: CommoditySplit, account: string): boolean =>
  split.bookings.some(({ accounts }) => accounts.includes(account));
