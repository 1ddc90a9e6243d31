import { DawsosError, Decimal, ONE, ZERO } from '@dawsos/contracts';
import { normalDensity, normalQuantile } from './normal-distribution';
import { GRIDS, type GridName } from './observations';
import { mean, standardDeviation } from './volatility';

export interface TailRisk {
  /** The loss that is not exceeded with the given confidence; a loss is positive, a gain negative. */
  readonly valueAtRisk: Decimal;
  /** The mean loss over the tail; never less than the value at risk. */
  readonly expectedShortfall: Decimal;
  /** How many scenarios lie in the tail; null for the normal distribution, which has none. */
  readonly tailCount: number | null;
  readonly scenarioCount: number;
}

/**
 * How the loss is read from the scenarios.
 * - `historical`: the k-th worst of n, k = ⌊n × (1 − confidence)⌋ (Hull).
 * - `linear`: between the two order statistics around n × (1 − confidence) (as NumPy's and Excel's percentile).
 * - `normal`: mean and sample deviation, losses taken as normal.
 */
export const TAIL_RULES = ['historical', 'linear', 'normal'] as const;
export type TailRule = (typeof TAIL_RULES)[number];

/**
 * Value at risk and expected shortfall of scenarios, each a loss in money or as a fraction (negative for a gain). By
 * `historical` the tail is the worst k = ⌊n × (1 − confidence)⌋ of the n scenarios: the value at risk is the least loss
 * in it, the k-th worst, without interpolation, and the expected shortfall its mean. (John C. Hull, "Risk Management and
 * Financial Institutions", historical simulation: of 500 scenarios the fifth worst is the 99 % value at risk, the mean
 * of the five worst the expected shortfall.)
 *
 * @throws DawsosError `insufficient_history` where no whole scenario lies in the tail: 99 % needs 100 of them.
 */
export function valueAtRisk(
  losses: readonly Decimal[],
  confidence: Decimal,
  rule: TailRule = 'historical',
): TailRisk {
  if (!confidence.greaterThan(0) || !confidence.lessThan(1)) {
    throw new RangeError(`a confidence lies between 0 and 1: ${confidence.toFixed()}`);
  }
  const tail = ONE.minus(confidence);
  if (rule === 'normal') return normalTail(losses, tail);
  const tailCount = tail.times(losses.length).floor().toNumber();
  if (tailCount < 1) {
    const needed = ONE.div(tail).ceil().toNumber();
    throw new DawsosError(
      'insufficient_history',
      `a confidence of ${confidence.toFixed()} needs ${needed} scenarios; there are ${losses.length}`,
      { extensions: { needed, available: losses.length } },
    );
  }
  const sorted = [...losses].sort((a, b) => b.comparedTo(a));
  const worst = sorted.slice(0, tailCount);
  const expectedShortfall = worst.reduce((total, loss) => total.plus(loss), ZERO).div(tailCount);
  const least = worst[tailCount - 1] ?? ZERO;
  const valueAtRisk = rule === 'linear' ? interpolated(sorted, tail) : least;
  return {
    valueAtRisk,
    expectedShortfall: Decimal.max(expectedShortfall, valueAtRisk),
    tailCount,
    scenarioCount: losses.length,
  };
}

/** The loss at (n − 1) × tail among those sorted from the worst on, between two order statistics by distance. */
function interpolated(sorted: readonly Decimal[], tail: Decimal): Decimal {
  const place = tail.times(sorted.length - 1);
  const below = place.floor();
  const [worse, better] = [sorted[below.toNumber()] ?? ZERO, sorted[below.toNumber() + 1]];
  return better === undefined ? worse : worse.plus(better.minus(worse).times(place.minus(below)));
}

/** VaR = μ + σ z, ES = μ + σ φ(z) / (1 − c), of losses with mean μ and deviation σ, z the quantile of the confidence. */
function normalTail(losses: readonly Decimal[], tail: Decimal): TailRisk {
  const [middle, spread] = [mean(losses), standardDeviation(losses)];
  const z = normalQuantile(ONE.minus(tail));
  return {
    valueAtRisk: middle.plus(spread.times(z)),
    expectedShortfall: middle.plus(spread.times(normalDensity(z)).div(tail)),
    tailCount: null,
    scenarioCount: losses.length,
  };
}

/**
 * How many steps of a grid a horizon of trading days is: 5 sessions are a week, 21 a month.
 * @throws DawsosError `insufficient_history` where it is less than a step: there is no day's loss in monthly returns.
 */
export function horizonSteps(sessions: number, grid: GridName): Decimal {
  const steps = new Decimal(sessions).div(GRIDS[grid].daysAStep ?? 1);
  if (steps.greaterThanOrEqualTo(1)) return steps;
  throw new DawsosError(
    'insufficient_history',
    `the returns are ${grid}: a horizon of ${String(sessions)} trading days is less than one of them; ask for ` +
      `${String(GRIDS[grid].daysAStep ?? 1)} at least`,
  );
}

/** A figure of one step over `steps` of them: × √steps, which takes the steps as independent and alike (Hull, as above). */
export function scaledToHorizon(oneStep: Decimal, steps: Decimal): Decimal {
  return steps.equals(1) ? oneStep : oneStep.times(steps.sqrt());
}
