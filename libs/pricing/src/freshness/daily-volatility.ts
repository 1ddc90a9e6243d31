import { Decimal, ZERO, type IsoDate } from '@dawsos/contracts';
import { businessDaysBetween } from './pack-age';

export interface Observation {
  readonly date: IsoDate;
  readonly number: Decimal;
}

/** Returns looked at: about a year of daily ones. */
export const VOLATILITY_WINDOW = 250;
/** Fewer returns say too little. */
export const VOLATILITY_MINIMUM = 20;

/**
 * The standard deviation of one business day's return, from the newest observations: the root of the mean of r²/n,
 * r being the simple return from one observation to the next and n the business days between them (`daysBetween`), at
 * least one. The
 * mean return is taken as 0 and days count alike. Method: J.P. Morgan/Reuters, RiskMetrics Technical Document, 4th
 * edition (1996): zero mean, variance growing with time; with equal weights. A split that the
 * prices are not adjusted for reads as a return and makes it larger, never smaller.
 * @returns undefined with fewer than 20 returns, or when a price is not above 0
 */
export function dailyVolatility(
  observations: readonly Observation[],
  daysBetween: (start: IsoDate, end: IsoDate) => number = businessDaysBetween,
): Decimal | undefined {
  const window = observations.slice(-(VOLATILITY_WINDOW + 1));
  let sum = ZERO;
  let count = 0;
  for (const [index, { date, number }] of window.entries()) {
    const previous = window[index - 1];
    if (previous === undefined) continue;
    if (previous.number.lte(0)) return undefined;
    const days = Math.max(1, daysBetween(previous.date, date));
    const change = number.div(previous.number).minus(1);
    sum = sum.plus(change.times(change).div(days));
    count += 1;
  }
  return count < VOLATILITY_MINIMUM ? undefined : sum.div(count).sqrt();
}

/** Two-sided quantiles of the standard normal distribution. */
export const QUANTILES = {
  '0.95': new Decimal('1.959964'),
  '0.99': new Decimal('2.575829'),
  '0.999': new Decimal('3.290527'),
} as const;
export type Confidence = keyof typeof QUANTILES;
