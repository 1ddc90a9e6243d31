import { DawsosError, ZERO, Decimal } from '@dawsos/contracts';
import { GRIDS, type GridName } from './observations';

/** The spread of fewer than 36 months is stated with a note. */
export const NOTED_BELOW_MONTHS = 36;

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

/** Mean and sample standard deviation of the returns of a grid: what volatility and the Sharpe ratio are made of. */
export interface StepStatistics {
  readonly grid: GridName;
  readonly count: number;
  readonly mean: Decimal;
  readonly standardDeviation: Decimal;
}

/** @throws DawsosError `insufficient_history` for fewer than 20 daily, 26 weekly or 12 monthly returns. */
export function stepStatistics(returns: readonly Decimal[], grid: GridName): StepStatistics {
  requireCount(returns.length, GRIDS[grid].minimum, `the spread of ${grid} returns`);
  return { grid, count: returns.length, mean: mean(returns), standardDeviation: standardDeviation(returns) };
}

const ROOTS = new Map<GridName, Decimal>();

/** The square root of the grid's steps in a year. */
export function rootOfYear(grid: GridName): Decimal {
  const known = ROOTS.get(grid) ?? new Decimal(GRIDS[grid].factor).sqrt();
  ROOTS.set(grid, known);
  return known;
}

/** Annualised volatility: sample standard deviation of a grid's returns × √(its steps in a year). */
export function annualisedVolatility({ standardDeviation: step, grid }: StepStatistics): Decimal {
  return step.times(rootOfYear(grid));
}

/** How a year's risk-free return becomes a step's: `arithmetic` rf / factor, `compound` (1 + rf)^(1 / factor) − 1. */
export type RiskFreeStep = 'arithmetic' | 'compound';

/**
 * The ex-post Sharpe ratio (W. F. Sharpe, "The Sharpe Ratio", Journal of Portfolio Management, 1994): the
 * mean of the differential returns of a step over their sample standard deviation, × √(steps in a year).
 * `riskFreeRate` is a year's, as a fraction; being constant, it does not change the spread.
 *
 * @throws DawsosError `no_solution` when the returns do not vary.
 */
export function sharpeRatio(
  statistics: StepStatistics,
  riskFreeRate: Decimal,
  step: RiskFreeStep = 'arithmetic',
): Decimal {
  if (statistics.standardDeviation.isZero()) {
    throw new DawsosError('no_solution', 'the returns do not vary, so they have no Sharpe ratio');
  }
  const { factor } = GRIDS[statistics.grid];
  const perStep =
    step === 'arithmetic'
      ? riskFreeRate.div(factor)
      : riskFreeRate.plus(1).pow(new Decimal(1).div(factor)).minus(1);
  const excess = statistics.mean.minus(perStep);
  return excess.div(statistics.standardDeviation).times(rootOfYear(statistics.grid));
}

function requireCount(count: number, needed: number, what: string): void {
  if (count >= needed) return;
  throw new DawsosError('insufficient_history', `${what} needs ${needed} values; there are ${count}`, {
    extensions: { needed, available: count },
  });
}
