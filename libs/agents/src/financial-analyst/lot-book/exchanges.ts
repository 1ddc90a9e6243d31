import { ONE, ZERO, Decimal } from '@dawsos/contracts';
import { metaText } from '../holdings';
import type { Carried, Change, Fault } from './changes';
import type { EntryAmounts } from './entry-amounts';
import type { Explaining } from './explaining';
import { costOf, sumOf, type Leg } from './legs';
import { isNear } from './pairing';

/** The changes in which history goes on, and the legs that they leave to be explained otherwise. */
export interface Exchanged {
  readonly changes: readonly Change[];
  readonly faults: readonly Fault[];
  readonly leaving: readonly Leg[];
  readonly coming: readonly Leg[];
}

/** Booked costs of a split are equal but for what rounding its unit costs leaves. */
const COST_TOLERANCE = new Decimal('0.005');
/** What rounded unit costs leave of a ratio, and how large its terms may be. */
const RATIO_TOLERANCE = new Decimal('1e-4');
const LARGEST_TERM = 50;
/** Options by name: the OCC's symbols, or a word that says so. */
const OPTION_NAME = /\d{6}[CP]\d+|(^|[^A-Z])(CALL|PUT|OPT|WARRANT|RIGHT)S?([^A-Z]|$)|^(CALL|PUT|OPT)/;

/** Looks for exchanges, splits and changes of basis among what leaves without a price and what comes. */
export function exchanged(
  entry: Explaining,
  event: string | null,
  leaving: readonly Leg[],
  coming: readonly Leg[],
): Exchanged {
  const none: Exchanged = { changes: [], faults: [], leaving, coming };
  const [first] = leaving;
  if (first === undefined || coming.length === 0) return none;
  const { currency } = first.cost;
  const isOne = [...leaving, ...coming].every(
    ({ cost, side }) => cost.currency === currency && side === first.side,
  );
  if (!isOne)
    return event === null ? none : unexplained(entry, leaving, coming, `its costs are in several currencies`);
  const gone = new Set(leaving.map(({ commodity }) => commodity));
  const others = coming.filter(({ commodity }) => !gone.has(commodity));
  const back = coming.filter(({ commodity }) => gone.has(commodity));
  const amounts = entry.amountsIn(currency);
  const case_ = { entry, event, currency, amounts, leaving, coming, back, others };
  if (others.length > 0) return intoOthers(case_);
  // Each commodity that comes back is a matter of its own; money is told apart only where there is one.
  if (gone.size > 1 && !(amounts.money.isZero() && amounts.result.isZero())) {
    return unexplained(
      entry,
      leaving,
      coming,
      'several commodities change in one entry: book each in its own',
    );
  }
  return [...gone].reduce<Exchanged>(
    (sum, commodity) => {
      const of = (leg: Leg): boolean => leg.commodity === commodity;
      const one = back.some(of)
        ? comesBack({ ...case_, leaving: leaving.filter(of), back: back.filter(of) })
        : { changes: [], faults: [], leaving: leaving.filter(of), coming: [] };
      return {
        changes: [...sum.changes, ...one.changes],
        faults: [...sum.faults, ...one.faults],
        leaving: [...sum.leaving, ...one.leaving],
        coming: [...sum.coming, ...one.coming],
      };
    },
    { changes: [], faults: [], leaving: [], coming: [] },
  );
}

interface Case {
  readonly entry: Explaining;
  readonly event: string | null;
  readonly currency: string;
  readonly amounts: EntryAmounts;
  readonly leaving: readonly Leg[];
  readonly coming: readonly Leg[];
  /** The legs by which commodities that leave come back. */
  readonly back: readonly Leg[];
  readonly others: readonly Leg[];
}

const done = (change: Carried): Exchanged => ({ changes: [change], faults: [], leaving: [], coming: [] });

function unexplained(
  { transaction }: Explaining,
  leaving: readonly Leg[],
  coming: readonly Leg[],
  why: string,
): Exchanged {
  const names = [...new Set(leaving.map(({ commodity }) => commodity))];
  return {
    changes: leaving.map((leg): Change => ({ kind: 'unexplained', leg })),
    faults: names.map((commodity) => ({
      code: 'departure_unexplained',
      commodity,
      detail: `${commodity} is exchanged on ${transaction.date}, and ${why}; what came is taken as booked`,
    })),
    leaving: [],
    coming,
  };
}

/** Other commodities come in: a merger, a spin-off, an exercise, where the cost carries over. */
function intoOthers(all: Case): Exchanged {
  const { entry, event, amounts, leaving, coming, back, others, currency } = all;
  const { money, result, income } = amounts;
  const [costBefore, costAfter] = [sumOf(leaving, costOf), sumOf(coming, costOf)];
  const isDeclared = event === 'spin_off' || event === 'merger' || event === 'exercise';
  const paid = money.isNegative() ? money.negated().minus(amounts.tradingCosts) : ZERO;
  const fraction = costBefore.plus(paid).minus(costAfter);
  const isInLieu = money.greaterThan(ZERO) && isUnderOneUnit(entry, others, money, currency);
  // A result that no fraction explains says that the cost did not carry over: it was a sale for what came.
  const carries = income.isZero() && amounts.unclassified.length === 0 && (result.isZero() || isInLieu);
  if (!carries && !isDeclared) return { changes: [], faults: [], leaving, coming };
  const kind = back.length > 0 ? 'spin_off' : paid.greaterThan(ZERO) ? 'exercise' : 'merger';
  const shared = { from: leaving, to: coming, currency, returned: ZERO };
  if (kind === 'exercise' && !isDeclared && !leaving.every((leg) => isOption(leg, entry))) {
    return unexplained(
      entry,
      leaving,
      coming,
      'money was paid: write metadata event: "exercise" or "merger"',
    );
  }
  if (money.greaterThan(ZERO)) {
    if (!isInLieu && !isDeclared) {
      return unexplained(
        entry,
        leaving,
        coming,
        'money came with what was received: write metadata event: "merger"',
      );
    }
    // What the money takes of the basis is what the booked costs say that is missing (IRC 356 and 358 for more than a fraction).
    if (fraction.isNegative() || costBefore.isZero()) {
      return unexplained(entry, leaving, coming, 'more cost comes in than leaves');
    }
    const [target] = others;
    const unitCost = target?.cost.number.toDecimal() ?? ZERO;
    const units = unitCost.isZero() || !isInLieu ? ZERO : fraction.div(unitCost);
    const inLieu = { proceeds: money, share: fraction.div(costBefore), units };
    return done({ kind, ...shared, added: ZERO, inLieu });
  }
  return done({ kind, ...shared, added: paid, inLieu: null });
}

/** The commodity itself comes back, in other units or at another cost. */
function comesBack(all: Case): Exchanged {
  const { entry, event, amounts, leaving, back, currency } = all;
  const { money, result, income } = amounts;
  const units = (legs: readonly Leg[]): Decimal => sumOf(legs, (leg) => leg.units);
  const [before, after] = [units(leaving), units(back)];
  const [costBefore, costAfter] = [sumOf(leaving, costOf), sumOf(back, costOf)];
  const shared = { from: leaving, to: back, currency };
  const isSame = isNear(costBefore, costAfter, COST_TOLERANCE);
  const isQuiet = money.isZero() && result.isZero() && income.isZero();
  if (before.equals(after)) {
    const lessened = costBefore.minus(costAfter);
    if (event === 'return_of_capital' || (money.greaterThan(ZERO) && lessened.greaterThan(ZERO))) {
      const returned = lessened.minus(result);
      return done({ kind: 'return_of_capital', ...shared, added: ZERO, returned, inLieu: null });
    }
    if (isQuiet && isSame)
      return done({ kind: 'moved', ...shared, added: ZERO, returned: ZERO, inLieu: null });
    if (money.isZero() && result.isZero() && !lessened.isZero()) {
      return done({
        kind: 'basis_adjusted',
        ...shared,
        added: lessened.negated(),
        returned: ZERO,
        inLieu: null,
      });
    }
    return unexplained(
      entry,
      leaving,
      back,
      'it comes back at another cost for no reason that the entry tells',
    );
  }
  if (event === 'split' || (isQuiet && isSame)) {
    return done({ kind: 'split', ...shared, added: ZERO, returned: ZERO, inLieu: null });
  }
  // One ratio of unit costs, and money for what is missing of a unit a lot.
  const ratio =
    costBefore.isZero() || costAfter.isZero()
      ? ONE
      : plainRatio(costBefore.div(before).div(costAfter.div(after)));
  const whole = before.times(ratio);
  const fraction = whole.minus(after);
  if (fraction.greaterThan(ZERO) && fraction.lessThan(leaving.length) && money.greaterThan(ZERO)) {
    const share = fraction.div(whole);
    const inLieu = { proceeds: money, share, units: fraction };
    return done({ kind: 'split', ...shared, added: ZERO, returned: ZERO, inLieu });
  }
  return unexplained(entry, leaving, back, 'neither its units nor its cost agree with what left');
}

/** The ratio of small numbers that a ratio of rounded unit costs stands for: 3 for 2, 1 for 10. */
function plainRatio(ratio: Decimal): Decimal {
  for (let divisor = 1; divisor <= LARGEST_TERM; divisor++) {
    const plain = ratio.times(divisor).round().div(divisor);
    if (!plain.isZero() && isNear(plain, ratio, RATIO_TOLERANCE)) return plain;
  }
  return ratio;
}

/** Money for a fraction of a unit is worth less than one. */
function isUnderOneUnit(
  { worth }: Explaining,
  others: readonly Leg[],
  money: Decimal,
  currency: string,
): boolean {
  return others.some(({ commodity, cost }) => {
    const market = worth(commodity, currency);
    const unit = Decimal.max(cost.number.toDecimal(), market ?? ZERO);
    return money.lessThan(unit);
  });
}

function isOption({ commodity }: Leg, { commodity: metaOf }: Explaining): boolean {
  return metaText(metaOf(commodity), 'asset_class') === 'option' || OPTION_NAME.test(commodity);
}
