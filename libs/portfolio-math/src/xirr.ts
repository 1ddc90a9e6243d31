import { DawsosError, Decimal, daysBetween, ONE, ZERO } from '@dawsos/contracts';
import type { Dated } from './dated';
import { DAYS_A_YEAR } from './returns';

/** A polynomial in the daily discount factor: `amount × v^days`, in order of days, the first at 0. */
interface Term {
  readonly amount: Decimal;
  readonly days: number;
}

const TOLERANCE = new Decimal('1e-24');
const MAXIMUM_STEPS = 200;

/**
 * The annual effective rate r at which the flows' present value is zero, Act/365 as Excel's XIRR:
 *
 *   Σ Cᵢ (1 + r)^(−dᵢ / 365) = 0,  dᵢ = days from the first flow.
 *
 * Derivation. With the daily discount factor v = (1 + r)^(−1/365) this is a polynomial with whole exponents,
 *
 *   f(v) = Σ Cᵢ v^dᵢ,   f′(v) = Σ dᵢ Cᵢ v^(dᵢ − 1),   r = v^(−365) − 1,
 *
 * which Horner's rule evaluates from the last flow to the first with products only: no logarithm, and the
 * rounding of decimals alone. For two flows v^d = −C₀ / C₁, so r = (−C₁ / C₀)^(365 / d) − 1. Otherwise a root
 * is bracketed outward from v = 1 in widening steps, so that of several rates the one nearest to zero is
 * taken, and Newton's method runs inside the bracket, with bisection where a step would leave it.
 *
 * A contribution is negative and a withdrawal positive, as the investor sees them.
 *
 * @throws DawsosError `no_solution` where all flows have one sign, fall on one day, or no rate between
 * −100 % and 10¹⁶ % a year solves the equation.
 */
export function xirr(flows: readonly Dated[]): Decimal {
  const terms = toTerms(flows);
  const [first, second] = terms;
  if (first === undefined || second === undefined) {
    throw new DawsosError('no_solution', 'a rate of return needs flows on two days at least');
  }
  if (!terms.some((term) => term.amount.isPositive()) || !terms.some((term) => term.amount.isNegative())) {
    throw new DawsosError('no_solution', 'a rate of return needs flows of both signs');
  }
  if (terms.length === 2) {
    const growth = second.amount.div(first.amount).negated();
    return growth.pow(new Decimal(DAYS_A_YEAR).div(second.days)).minus(ONE);
  }
  return ONE.div(root(terms, bracket(terms)).pow(DAYS_A_YEAR)).minus(ONE);
}

/** Σ Cᵢ (1 + rate)^(−dᵢ/365), discounted to the first flow's day. */
export function netPresentValue(flows: readonly Dated[], rate: Decimal): Decimal {
  const terms = toTerms(flows);
  return evaluate(terms, ONE.div(rate.plus(ONE).pow(ONE.div(DAYS_A_YEAR)))).value;
}

/** One term a day, in order of days counted from the first that is not zero. */
function toTerms(flows: readonly Dated[]): Term[] {
  const sums = new Map<string, Dated>();
  for (const flow of flows) {
    const sum = sums.get(flow.date);
    sums.set(flow.date, { date: flow.date, number: sum ? sum.number.plus(flow.number) : flow.number });
  }
  const sorted = [...sums.values()]
    .filter((flow) => !flow.number.isZero())
    .sort((a, b) => (a.date < b.date ? -1 : 1));
  const [first] = sorted;
  if (first === undefined) return [];
  return sorted.map(({ date, number }) => ({ amount: number, days: daysBetween(first.date, date) }));
}

/** f(v) and f′(v) by Horner's rule over the gaps between flows: b ← b·v^gap + C, b′ ← b′·v^gap + gap·b·v^(gap−1). */
function evaluate(terms: readonly Term[], v: Decimal): { value: Decimal; slope: Decimal } {
  let value = ZERO;
  let slope = ZERO;
  let later: Term | undefined;
  for (let index = terms.length - 1; index >= 0; index--) {
    const term = terms[index];
    if (term === undefined) continue;
    if (later !== undefined) {
      const gap = later.days - term.days;
      const power = v.pow(gap - 1);
      const next = power.times(v);
      slope = slope.times(next).plus(value.times(power).times(gap));
      value = value.times(next);
    }
    value = value.plus(term.amount);
    later = term;
  }
  return { value, slope };
}

interface Bracket {
  readonly low: Decimal;
  readonly high: Decimal;
}

/** Yearly growth factors 1 + r to look at, outward from 1: the steps widen as they go. */
const GROWTH_ABOVE = [
  '1.02',
  '1.05',
  '1.1',
  '1.15',
  '1.2',
  '1.3',
  '1.5',
  '2',
  '4',
  '10',
  '100',
  '1e4',
  '1e8',
  '1e14',
];
const GROWTH_BELOW = [
  '0.98',
  '0.95',
  '0.9',
  '0.8',
  '0.65',
  '0.5',
  '0.25',
  '0.1',
  '0.01',
  '1e-3',
  '1e-4',
  '1e-6',
  '1e-9',
  '1e-14',
];

function discountFactors(growths: readonly string[]): Decimal[] {
  const exponent = ONE.div(-DAYS_A_YEAR);
  return growths.map((growth) => new Decimal(growth).pow(exponent));
}

const FACTORS_BELOW_ONE = discountFactors(GROWTH_ABOVE);
const FACTORS_ABOVE_ONE = discountFactors(GROWTH_BELOW);

function bracket(terms: readonly Term[]): Bracket {
  const start = { factor: ONE, positive: !evaluate(terms, ONE).value.isNegative() };
  let [down, up] = [start, start];
  const steps = Math.max(FACTORS_BELOW_ONE.length, FACTORS_ABOVE_ONE.length);
  for (let step = 0; step < steps; step++) {
    for (const factor of [FACTORS_BELOW_ONE[step], FACTORS_ABOVE_ONE[step]]) {
      if (factor === undefined) continue;
      const next = { factor, positive: !evaluate(terms, factor).value.isNegative() };
      const previous = factor.lessThan(ONE) ? down : up;
      if (next.positive !== previous.positive) {
        return factor.lessThan(previous.factor)
          ? { low: factor, high: previous.factor }
          : { low: previous.factor, high: factor };
      }
      if (factor.lessThan(ONE)) down = next;
      else up = next;
    }
  }
  throw new DawsosError('no_solution', 'no rate of return makes the present value of these flows zero');
}

function root(terms: readonly Term[], start: Bracket): Decimal {
  let { low, high } = start;
  const risesFrom = evaluate(terms, low).value.isNegative();
  let v = low.plus(high).div(2);
  for (let step = 0; step < MAXIMUM_STEPS; step++) {
    const { value, slope } = evaluate(terms, v);
    if (value.isZero()) return v;
    if (value.isNegative() === risesFrom) low = v;
    else high = v;
    const newton = slope.isZero() ? undefined : v.minus(value.div(slope));
    const inside = newton !== undefined && newton.greaterThan(low) && newton.lessThan(high);
    const next = inside ? newton : low.plus(high).div(2);
    if (next.minus(v).abs().lessThan(TOLERANCE)) return next;
    v = next;
  }
  throw new DawsosError('no_solution', 'the rate of return did not converge');
}
