import { Decimal, ONE, ZERO } from '@dawsos/contracts';

/** 2π to 28 digits. */
const TWO_PI = new Decimal('6.283185307179586476925286766');
const TOLERANCE = new Decimal('1e-24');

/** φ(z), the density of the standard normal distribution. */
export function normalDensity(z: Decimal): Decimal {
  return z.pow(2).div(-2).exp().div(TWO_PI.sqrt());
}

/** Φ(z) = ½ + φ(z) Σ z^(2k+1) / (1·3·5···(2k+1)), a series that converges everywhere (Abramowitz and Stegun 26.2.11). */
export function normalProbability(z: Decimal): Decimal {
  const square = z.pow(2);
  let [term, sum] = [z, z];
  for (let odd = 3; term.abs().greaterThan(TOLERANCE); odd += 2) {
    term = term.times(square).div(odd);
    sum = sum.plus(term);
  }
  return normalDensity(z).times(sum).plus('0.5');
}

/** The z with Φ(z) = `probability`, between 0 and 1, by Newton's method from the middle. */
export function normalQuantile(probability: Decimal): Decimal {
  if (probability.equals('0.5')) return ZERO;
  let z = ZERO;
  for (let step = 0; step < 60; step++) {
    const error = normalProbability(z).minus(probability);
    // A step of more than 1 would leave the region in which the method converges.
    const move = Decimal.min(ONE, Decimal.max(ONE.negated(), error.div(normalDensity(z))));
    z = z.minus(move);
    if (move.abs().lessThan(TOLERANCE.times(10))) break;
  }
  return z;
}
