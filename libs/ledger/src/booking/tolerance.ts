import type { BookedPosting, CheckedBalance, IncompletePosting, LotCost, CostSpec } from '../incomplete';
import { LedgerDecimal } from '../number';
import type { FileOptions } from '../options';

export interface Tolerances {
  of(currency: string | null): LedgerDecimal;
}

type AnyPosting = Pick<IncompletePosting, 'units'> & {
  readonly cost: CostSpec | LotCost | null | undefined;
  readonly price: IncompletePosting['price'] | BookedPosting['price'];
  readonly interpolated?: boolean;
};

const MAXIMUM = LedgerDecimal.parse('0.5');
const TWO = LedgerDecimal.parse('2');
/** A tolerance of fewer digits than this was meant by a person, so that computed units are rounded to it. */
const MEANT_DIGITS = 5;

const greater = (one: LedgerDecimal, other: LedgerDecimal | undefined) =>
  other !== undefined && other.compare(one) > 0 ? other : one;
const smaller = (one: LedgerDecimal, other: LedgerDecimal) => (other.compare(one) < 0 ? other : one);

/**
 * By how much a transaction may be off, per currency: half (by default) of the last digit that its amounts are written
 * with, and with `infer_tolerance_from_cost` what that is worth at cost and price.
 */
export function inferTolerances(postings: readonly AnyPosting[], options: FileOptions): Tolerances {
  const { toleranceDefaults, toleranceMultiplier, toleranceFromCost } = options;
  const tolerances = new Map(toleranceDefaults);
  const fromCost = new Map<string, LedgerDecimal>();
  const addFromCost = (currency: string | null, tolerance: LedgerDecimal) => {
    if (currency !== null)
      fromCost.set(currency, (fromCost.get(currency) ?? LedgerDecimal.ZERO).add(tolerance));
  };
  for (const { units, cost, price, interpolated } of postings) {
    const number = units?.number;
    if (interpolated === true || units === null || !number || number.scale <= 0) continue;
    const tolerance = number.unitOfLastDigit().multiply(toleranceMultiplier);
    if (units.currency !== null) {
      tolerances.set(units.currency, greater(tolerance, tolerances.get(units.currency)));
    }
    if (!toleranceFromCost) continue;
    if (cost) addFromCost(cost.currency, costTolerance(tolerance, cost));
    if (price?.number) addFromCost(price.currency, smaller(tolerance.multiply(price.number), MAXIMUM));
  }
  for (const [currency, tolerance] of fromCost) {
    tolerances.set(currency, greater(tolerance, tolerances.get(currency)));
  }
  const fallback = tolerances.get('*') ?? LedgerDecimal.ZERO;
  return {
    of: (currency) =>
      currency === '*' || currency === null ? fallback : (tolerances.get(currency) ?? fallback),
  };
}

function costTolerance(tolerance: LedgerDecimal, cost: CostSpec | LotCost): LedgerDecimal {
  const numbers = cost.kind === 'cost' ? [cost.number] : [cost.numberTotal, cost.numberPer];
  let result = MAXIMUM;
  for (const number of numbers) {
    if (number) result = smaller(tolerance.multiply(number), result);
  }
  return result;
}

/** Computed units, rounded to twice the tolerance where a person would have meant it. */
export function quantizeUnits(tolerance: LedgerDecimal, number: LedgerDecimal): LedgerDecimal {
  if (tolerance.isZero) return number;
  const quantum = tolerance.multiply(TWO).normalize();
  if (quantum.digits >= MEANT_DIGITS || !number.fits(quantum)) return number;
  return number.quantize(quantum);
}

/** How far a balance may be off: as stated, else twice what a transaction may. */
export function balanceTolerance(balance: CheckedBalance, options: FileOptions): LedgerDecimal {
  if (balance.tolerance !== null) return balance.tolerance;
  const { number } = balance.amount;
  if (number.scale <= 0) return LedgerDecimal.ZERO;
  return number.unitOfLastDigit().multiply(options.toleranceMultiplier.multiply(TWO));
}
