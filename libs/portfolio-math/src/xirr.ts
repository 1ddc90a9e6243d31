import { DawsosError, Decimal, daysBetween, ONE, ZERO } from '@dawsos/contracts';
import type { Dated } from './dated';
import { DAYS_A_YEAR } from './returns';

/** A polynomial in the daily discount factor: `amount × v^days`, in order of days, the first at 0. */
interface Term {
  readonly amount: Decimal;
  readonly days: number;
}

const TOLERANCE = new Decimal('1e-24');

/** What a rate a year may come to: beyond it a year says nothing of the few days that were measured. */
export const HIGHEST_YEARLY_RATE = new Decimal('1e14');
const HIGHEST_GROWTH = Math.log(HIGHEST_YEARLY_RATE.toNumber());
const MAXIMUM_STEPS = 200;

/** The rates that solve the equation: the one that is given, and all that were found. */
export interface RateOfReturn {
  readonly rate: Decimal;
  /** Ascending; more than one only where the flows change sign more than once. */
  readonly roots: readonly Decimal[];
}

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
 * rounding of decimals alone. For two flows v^d = −C₀ / C₁, so r = (−C₁ / C₀)^(365 / d) − 1. Otherwise roots are
 * bracketed between yearly growths of 10⁻¹⁴ and 10¹⁴, and Newton's method runs inside each bracket, with bisection
 * where a step would leave it. By Descartes' rule of signs flows that change sign once have one root at most. Where
 * several rates solve the equation, the one nearest to zero is taken and all are named.
 *
 * A contribution is negative and a withdrawal positive, as the investor sees them. Flows count on their own days.
 *
 * @throws DawsosError `no_solution` where all flows have one sign, fall on one day, or, of more than two, no rate
 * between −100 % and HIGHEST_YEARLY_RATE solves the equation.
 */
export function rateOfReturn(flows: readonly Dated[]): RateOfReturn {
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
    const rate = growth.pow(new Decimal(DAYS_A_YEAR).div(second.days)).minus(ONE);
    return { rate, roots: [rate] };
  }
  const roots = brackets(terms)
    .map((bracket) => ONE.div(root(terms, bracket).pow(DAYS_A_YEAR)).minus(ONE))
    .sort((a, b) => a.comparedTo(b));
  const [one, ...others] = roots;
  if (one === undefined) {
    throw new DawsosError('no_solution', 'no rate of return makes the present value of these flows zero');
  }
  const rate = others.reduce((best, next) => (next.abs().lessThan(best.abs()) ? next : best), one);
  return { rate, roots };
}

/** The rate of `rateOfReturn` alone. */
export function xirr(flows: readonly Dated[]): Decimal {
  return rateOfReturn(flows).rate;
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

/** Logarithms of yearly growth 1 + r between which roots are looked for, outward from 0 in widening steps. */
const SEARCHED: readonly number[] = [
  ...Array.from({ length: 60 }, (_, step) => step * 0.02),
  ...Array.from({ length: 60 }, (_, step) => 1.2 * 1.06 ** step),
].filter((growth) => growth < HIGHEST_GROWTH);

/**
 * Where the present value changes sign. It is looked for in binary floating point, in which only its sign counts; the
 * roots themselves are decimal. Flows that change sign once have one root, so the search ends there.
 */
function brackets(terms: readonly Term[]): Bracket[] {
  const plain = terms.map(({ amount, days }) => ({ amount: amount.toNumber(), years: days / DAYS_A_YEAR }));
  const single = signChanges(terms) === 1;
  const found: Bracket[] = [];
  const start = isPositiveAt(plain, 0);
  let [above, below] = [
    { growth: 0, positive: start },
    { growth: 0, positive: start },
  ];
  for (const growth of [...SEARCHED.slice(1), HIGHEST_GROWTH]) {
    for (const side of [1, -1] as const) {
      const next = { growth: side * growth, positive: isPositiveAt(plain, side * growth) };
      const previous = side === 1 ? above : below;
      if (next.positive !== previous.positive) found.push(bracketOf(previous.growth, next.growth));
      if (side === 1) above = next;
      else below = next;
    }
    if (single && found.length > 0) break;
  }
  return found;
}

function signChanges(terms: readonly Term[]): number {
  let changes = 0;
  for (const [place, { amount }] of terms.entries()) {
    const before = terms[place - 1];
    if (before !== undefined && before.amount.isNegative() !== amount.isNegative()) changes++;
  }
  return changes;
}

/** Whether Σ C e^(−growth × years) is above zero, scaled so that no exponent is above zero. */
function isPositiveAt(
  terms: readonly { readonly amount: number; readonly years: number }[],
  growth: number,
): boolean {
  const last = terms.at(-1)?.years ?? 0;
  return (
    terms.reduce(
      (sum, { amount, years }) =>
        sum + amount * Math.exp(growth >= 0 ? -growth * years : growth * (last - years)),
      0,
    ) >= 0
  );
}

/** A root that stands where the search steps, such as a return of 0, has one sign or the other there by rounding alone. */
const WIDENED = 1e-9;

/** The discount factors of a day between two logarithms of yearly growth, a little wider than they are. */
function bracketOf(one: number, other: number): Bracket {
  const [low, high] = [Math.max(one, other) + WIDENED, Math.min(one, other) - WIDENED];
  const factor = (growth: number): Decimal => new Decimal(-growth).div(DAYS_A_YEAR).exp();
  return { low: factor(low), high: factor(high) };
}

function root(terms: readonly Term[], start: Bracket): Decimal {
  let { low, high } = start;
  const atLow = evaluate(terms, low).value;
  if (atLow.isZero()) return low;
  const risesFrom = atLow.isNegative();
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
