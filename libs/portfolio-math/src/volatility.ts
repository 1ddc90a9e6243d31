import { DawsosError, ZERO, Decimal } from '@dawsos/contracts';

/** Trading days a year, by which daily figures are annualised. */
export const TRADING_DAYS_A_YEAR = 252;
/** Fewer daily returns than a trading month say nothing about their spread. */
export const MINIMUM_RETURNS = 20;

const ROOT_OF_YEAR = new Decimal(TRADING_DAYS_A_YEAR).sqrt();

export function mean(values: readonly Decimal[]): Decimal {
  requireCount(values.length, 1, 'a mean');
  return values.reduce((sum, value) => sum.plus(value), ZERO).div(values.length);
}

/** Sample standard deviation: the square root of Σ(x − mean)² / (n − 1). */
export function standardDeviation(values: readonly Decimal[]): Decimal {
  requireCount(values.length, 2, 'a standard deviation');
  const middle = mean(values);
  const squares = values.reduce((sum, value) => {
    const distance = value.minus(middle);
    return sum.plus(distance.times(distance));
  }, ZERO);
  return squares.div(values.length - 1).sqrt();
}

/** Mean and sample standard deviation of daily returns: what volatility and the Sharpe ratio are made of. */
export interface DailyStatistics {
  readonly mean: Decimal;
  readonly standardDeviation: Decimal;
}

/** @throws DawsosError `insufficient_history` for fewer than 20 returns. */
export function dailyStatistics(returns: readonly Decimal[]): DailyStatistics {
  requireCount(returns.length, MINIMUM_RETURNS, 'the spread of daily returns');
  return { mean: mean(returns), standardDeviation: standardDeviation(returns) };
}

/** Annualised volatility: sample standard deviation of daily returns × √252. */
export function annualisedVolatility({ standardDeviation: daily }: DailyStatistics): Decimal {
  return daily.times(ROOT_OF_YEAR);
}

/**
 * The ex-post Sharpe ratio (W. F. Sharpe, "The Sharpe Ratio", Journal of Portfolio Management, 1994): the
 * mean of the daily differential returns over their sample standard deviation, × √252. The daily risk-free
 * return is `riskFreeRate` (a year's, as a fraction) / 252; being constant, it does not change the spread.
 *
 * @throws DawsosError `no_solution` when the returns do not vary.
 */
export function sharpeRatio(daily: DailyStatistics, riskFreeRate: Decimal): Decimal {
  if (daily.standardDeviation.isZero()) {
    throw new DawsosError('no_solution', 'the returns do not vary, so they have no Sharpe ratio');
  }
  const excess = daily.mean.minus(riskFreeRate.div(TRADING_DAYS_A_YEAR));
  return excess.div(daily.standardDeviation).times(ROOT_OF_YEAR);
}

function requireCount(count: number, needed: number, what: string): void {
  if (count >= needed) return;
  throw new DawsosError('insufficient_history', `${what} needs ${needed} values; there are ${count}`, {
    extensions: { needed, available: count },
  });
}
