import { DawsosError, ONE, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Dated } from './dated';
import { mean } from './volatility';

/** Fewer pairs of returns say too little of how two things move together. */
export const MINIMUM_BETA_RETURNS = 30;

export interface Beta {
  readonly beta: Decimal;
  readonly observations: number;
  readonly start: IsoDate;
  readonly end: IsoDate;
}

/**
 * The slope of the least-squares line of an asset's daily returns on a factor's: covariance / variance of the
 * returns between days that both series have, each pair the same two days. Prices are of one
 * unit size: splits are in none of them.
 *
 * Source: W. F. Sharpe, "A Simplified Model for Portfolio Analysis", Management Science, 1963; the estimator is
 * ordinary least squares.
 * @throws DawsosError `insufficient_history` below 30 pairs, or where the factor did not move.
 */
export function estimateBeta(asset: readonly Dated[], factor: readonly Dated[]): Beta {
  const factorOn = new Map(factor.map(({ date, number }) => [date, number]));
  const days = asset.flatMap(({ date, number }) => {
    const other = factorOn.get(date);
    return other === undefined ? [] : [{ date, asset: number, factor: other }];
  });
  const pairs = days.slice(1).map((day, index) => {
    const before = days[index] ?? day;
    return {
      x: day.factor.div(before.factor).minus(ONE),
      y: day.asset.div(before.asset).minus(ONE),
    };
  });
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || pairs.length < MINIMUM_BETA_RETURNS) {
    throw new DawsosError(
      'insufficient_history',
      `a beta needs ${String(MINIMUM_BETA_RETURNS)} pairs of daily returns; there are ${String(pairs.length)}`,
    );
  }
  return { beta: leastSquaresSlope(pairs), observations: pairs.length, start: first.date, end: last.date };
}

/**
 * Covariance / variance of x.
 * @throws DawsosError `insufficient_history` where x did not move.
 */
export function leastSquaresSlope(pairs: readonly { readonly x: Decimal; readonly y: Decimal }[]): Decimal {
  const [meanX, meanY] = [mean(pairs.map(({ x }) => x)), mean(pairs.map(({ y }) => y))];
  const covariance = mean(pairs.map(({ x, y }) => x.minus(meanX).times(y.minus(meanY))));
  const variance = mean(pairs.map(({ x }) => x.minus(meanX).pow(2)));
  if (variance.isZero()) {
    throw new DawsosError('insufficient_history', 'the factor did not move, so nothing moved with it');
  }
  return covariance.div(variance);
}
