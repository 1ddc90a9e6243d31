import { Decimal, ONE, ZERO } from '@dawsos/contracts';
import type { Cost, Posting, Transaction } from '../model';

/** What one entry says of a split of one commodity. */
export interface BookedSplit {
  readonly commodity: string;
  /** Null where only the units held before tell it. */
  readonly ratio: Decimal | null;
  /** Units that the entry adds beyond those that it takes out. */
  readonly added: Decimal;
  readonly entry: Transaction;
  readonly accounts: readonly string[];
}

type CostedPosting = Posting & { readonly cost: Cost };

/** Costs of a booked split are equal but for what rounding its unit costs leaves. */
const COST_TOLERANCE = new Decimal('0.005');
/** Past this the ratio of a split is taken as its units say. */
const LARGEST_TERM = 100;

/**
 * The splits that an entry books, at most one a commodity: lots that leave without a price and come back in another
 * number
 * - at the same cost in all;
 * - or at less, where all unit costs change by one ratio and what is missing is less than a unit a lot: a fraction
 *   that was paid out in cash;
 * - or whatever metadata `event: "split"` on the entry says, with `ratio` or by the units held before.
 */
export function bookedSplits(entry: Transaction): BookedSplit[] {
  if (isDeclared(entry)) return declaredSplits(entry);
  const splits: BookedSplit[] = [];
  for (const [commodity, postings] of costedByCommodity(entry)) {
    const ratio = recognisedRatio(postings);
    if (ratio !== null) splits.push({ commodity, ratio, added: ZERO, entry, accounts: accountsOf(postings) });
  }
  return splits;
}

function isDeclared({ meta }: Transaction): boolean {
  const event = meta.get('event');
  return event?.kind === 'string' && event.value === 'split';
}

function declaredSplits(entry: Transaction): BookedSplit[] {
  const stated = entry.meta.get('ratio');
  const given = stated?.kind === 'number' && stated.value.toDecimal().gt(0) ? stated.value.toDecimal() : null;
  const groups = new Map<string, Posting[]>();
  for (const posting of entry.postings) {
    const group = groups.get(posting.units.currency) ?? [];
    groups.set(posting.units.currency, [...group, posting]);
  }
  return [...groups].flatMap(([commodity, all]) => {
    // the side that books the new units against equity is no holding of them
    const own = all.filter((posting) => posting.cost !== null);
    const postings = own.length > 0 ? own : all.filter(({ units }) => units.number.toDecimal().gt(0));
    const { before, after } = unitsMoved(postings);
    if (after.isZero() || (own.length === 0 && !isCommodityOf(entry, commodity))) return [];
    const ratio = given ?? (before.isZero() ? null : simplest(before, after, scaleOf(postings)));
    if (ratio?.equals(ONE) === true) return [];
    return [{ commodity, ratio, added: after.minus(before), entry, accounts: accountsOf(postings) }];
  });
}

/** Money in lieu of a fraction is no split; what is not held at cost is named by metadata, or stands alone. */
function isCommodityOf({ meta, postings }: Transaction, commodity: string): boolean {
  const named = meta.get('commodity');
  if (named?.kind === 'string' || named?.kind === 'currency') return named.value === commodity;
  return new Set(postings.map(({ units }) => units.currency)).size === 1;
}

function costedByCommodity({ postings }: Transaction): Map<string, CostedPosting[]> {
  const groups = new Map<string, CostedPosting[]>();
  for (const posting of postings) {
    if (!hasCost(posting)) continue;
    const group = groups.get(posting.units.currency);
    if (group === undefined) groups.set(posting.units.currency, [posting]);
    else group.push(posting);
  }
  return groups;
}

const hasCost = (posting: Posting): posting is CostedPosting => posting.cost !== null;

function recognisedRatio(postings: readonly CostedPosting[]): Decimal | null {
  const leaving = postings.filter(({ units }) => units.number.toDecimal().isNegative());
  if (leaving.length === 0 || leaving.length === postings.length) return null;
  if (leaving.some(({ price }) => price !== null)) return null;
  const [currency, ...others] = new Set(postings.map(({ cost }) => cost.currency));
  if (currency === undefined || others.length > 0) return null;
  const { before, after, costBefore, costAfter } = unitsMoved(postings);
  if (before.isZero() || after.isZero() || before.equals(after)) return null;
  const byUnits = simplest(before, after, scaleOf(postings));
  if (costBefore.isZero()) return costAfter.isZero() ? byUnits : null;
  if (costAfter.isZero()) return null;
  if (isNear(costAfter, costBefore)) return byUnits;
  return ratioOfUnitCosts(leaving, postings, before, after);
}

/** The ratio of a split that paid a fraction out is the one ratio of its unit costs. */
function ratioOfUnitCosts(
  leaving: readonly CostedPosting[],
  postings: readonly CostedPosting[],
  before: Decimal,
  after: Decimal,
): Decimal | null {
  const { costBefore, costAfter } = unitsMoved(postings);
  const byCost = simplest(costAfter.div(after), costBefore.div(before), null);
  const missing = before.times(byCost).minus(after);
  const isFraction = missing.gt(0) && missing.lt(leaving.length);
  return isFraction && !byCost.equals(ONE) ? byCost : null;
}

interface Moved {
  readonly before: Decimal;
  readonly after: Decimal;
  readonly costBefore: Decimal;
  readonly costAfter: Decimal;
}

function unitsMoved(postings: readonly Posting[]): Moved {
  let [before, after, costBefore, costAfter] = [ZERO, ZERO, ZERO, ZERO];
  for (const { units, cost } of postings) {
    const number = units.number.toDecimal();
    const value = number.times(cost?.number.toDecimal() ?? ZERO).abs();
    if (number.isNegative()) {
      before = before.minus(number);
      costBefore = costBefore.plus(value);
    } else {
      after = after.plus(number);
      costAfter = costAfter.plus(value);
    }
  }
  return { before, after, costBefore, costAfter };
}

const isNear = (value: Decimal, other: Decimal): boolean =>
  value.minus(other).abs().lte(other.abs().times(COST_TOLERANCE));

const scaleOf = (postings: readonly Posting[]): number =>
  Math.max(
    0,
    ...postings.filter(({ units }) => units.number.toDecimal().gt(0)).map((p) => p.units.number.scale),
  );

/**
 * `after / before` as the smallest fraction that gives `after` to its last written place: units that a broker
 * rounded still say 1 for 3. Without places, to a hundred-thousandth.
 */
function simplest(before: Decimal, after: Decimal, places: number | null): Decimal {
  const exact = after.div(before);
  const allowed = places === null ? after.times('1e-5') : new Decimal(10).pow(-places);
  for (let divisor = 1; divisor <= LARGEST_TERM; divisor += 1) {
    const term = exact.times(divisor).toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN);
    const ratio = term.div(divisor);
    const difference = before.times(ratio).minus(after).abs();
    if (term.gt(0) && (difference.isZero() || (places !== 0 && difference.lt(allowed)))) return ratio;
  }
  return exact;
}

const accountsOf = (postings: readonly Posting[]): string[] =>
  [...new Set(postings.map(({ account }) => account))].sort();
