import { DawsosError, Decimal, ONE, ZERO } from '@dawsos/contracts';

export interface TailRisk {
  /** The loss that is not exceeded with the given confidence; a loss is positive, a gain negative. */
  readonly valueAtRisk: Decimal;
  /** The mean loss over the tail; never less than the value at risk. */
  readonly expectedShortfall: Decimal;
  /** How many scenarios lie in the tail. */
  readonly tailCount: number;
  readonly scenarioCount: number;
}

/**
 * Historical-simulation value at risk and expected shortfall. Each scenario is a loss in money or as a
 * fraction (negative for a gain). The tail is the worst k = ⌊n × (1 − confidence)⌋ of the n scenarios: the
 * value at risk is the least loss in it, the k-th worst, without interpolation, and the expected shortfall
 * its mean. (John C. Hull, "Risk Management and Financial Institutions", historical simulation: of 500
 * scenarios the fifth worst is the 99 % value at risk, the mean of the five worst the expected shortfall.)
 *
 * @throws DawsosError `insufficient_history` where no whole scenario lies in the tail: 99 % needs 100 of them.
 */
export function historicalValueAtRisk(losses: readonly Decimal[], confidence: Decimal): TailRisk {
  if (!confidence.greaterThan(0) || !confidence.lessThan(1)) {
    throw new RangeError(`a confidence lies between 0 and 1: ${confidence.toFixed()}`);
  }
  const tail = ONE.minus(confidence);
  const tailCount = tail.times(losses.length).floor().toNumber();
  if (tailCount < 1) {
    const needed = ONE.div(tail).ceil().toNumber();
    throw new DawsosError(
      'insufficient_history',
      `a confidence of ${confidence.toFixed()} needs ${needed} scenarios; there are ${losses.length}`,
      { extensions: { needed, available: losses.length } },
    );
  }
  const worst = [...losses].sort((a, b) => b.comparedTo(a)).slice(0, tailCount);
  const sum = worst.reduce((total, loss) => total.plus(loss), ZERO);
  return {
    valueAtRisk: worst[tailCount - 1] ?? ZERO,
    expectedShortfall: sum.div(tailCount),
    tailCount,
    scenarioCount: losses.length,
  };
}

/** A one-day figure over `days` days: × √days, which takes the days as independent and alike (Hull, as above). */
export function scaledToHorizon(oneDay: Decimal, days: number): Decimal {
  return days === 1 ? oneDay : oneDay.times(new Decimal(days).sqrt());
}
