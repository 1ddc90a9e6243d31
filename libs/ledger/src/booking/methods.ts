import type { LotCost, Units } from '../incomplete';
import type { Lot } from '../inventory';
import type { BookingMethod } from '../model';
import { LedgerDecimal } from '../number';

/** A lot that a reduction could be taken from: held at cost. */
export interface Match extends Lot {
  readonly cost: LotCost;
}

/** What a reduction takes from which lots, or why it cannot. */
export type Reduction =
  { readonly lots: readonly Match[] } | { readonly fault: (posting: string, matches: string) => string };

type Method = (units: Units, matches: readonly Match[]) => Reduction;

const notEnough = {
  fault: (posting: string, matches: string) => `Not enough lots to reduce "${posting}": ${matches}`,
};
const ambiguous = {
  fault: (posting: string, matches: string) => `Ambiguous matches for "${posting}": ${matches}`,
};

/** −1 or 1 as a number without places. */
const signOf = ({ number }: Units) => (number.sign < 0 ? LedgerDecimal.ONE.negate() : LedgerDecimal.ONE);
const smaller = (one: LedgerDecimal, other: LedgerDecimal) => (other.compare(one) < 0 ? other : one);
const opposite = ({ units, cost }: Match): Match => ({
  units: { number: units.number.negate(), currency: units.currency },
  cost,
});

/** One lot, or all of them when all are sold. */
const strict: Method = (units, matches) => {
  const [match] = matches;
  if (match === undefined) return ambiguous;
  if (matches.length > 1) {
    const sum = matches.reduce((total, lot) => total.add(lot.units.number), LedgerDecimal.ZERO);
    return sum.equals(units.number.negate()) ? { lots: matches.map(opposite) } : ambiguous;
  }
  const size = smaller(match.units.number.abs(), units.number.abs());
  const number = size.multiply(signOf(units));
  if (!number.equals(units.number)) return notEnough;
  return { lots: [{ units: { number, currency: match.units.currency }, cost: match.cost }] };
};

/** As strict, or the oldest lot of exactly the size sold. */
const strictWithSize: Method = (units, matches) => {
  const reduction = strict(units, matches);
  if ('lots' in reduction || matches.length < 2) return reduction;
  const [fitting] = matches
    .filter((match) => match.units.number.equals(units.number.negate()))
    .sort((one, other) => compareDates(one, other));
  return fitting === undefined ? reduction : { lots: [opposite(fitting)] };
};

const compareDates = (one: Match, other: Match) => {
  const first = one.cost.date ?? '';
  const second = other.cost.date ?? '';
  return first < second ? -1 : first > second ? 1 : 0;
};

/** The lots in an order, as many as it takes; lots of the same sign as the reduction are passed over. */
const inOrder =
  (compare: (one: Match, other: Match) => number): Method =>
  (units, matches) => {
    const sign = signOf(units);
    const lots: Match[] = [];
    let remaining = units.number.abs();
    for (const match of [...matches].sort(compare)) {
      if (remaining.sign <= 0) break;
      if (match.units.number.multiply(sign).sign > 0) continue;
      const size = smaller(match.units.number.abs(), remaining);
      lots.push({ units: { number: size.multiply(sign), currency: match.units.currency }, cost: match.cost });
      remaining = remaining.subtract(size);
    }
    return remaining.sign > 0 ? notEnough : { lots };
  };

/** How each method resolves a reduction that several lots match. NONE never gets here: it matches nothing. */
export const METHODS: Readonly<Record<Exclude<BookingMethod, 'NONE'>, Method>> = {
  STRICT: strict,
  STRICT_WITH_SIZE: strictWithSize,
  FIFO: inOrder(compareDates),
  LIFO: inOrder((one, other) => -compareDates(one, other)),
  HIFO: inOrder((one, other) => -one.cost.number.compare(other.cost.number)),
  AVERAGE: () => ({ fault: () => 'AVERAGE method is not supported' }),
};
