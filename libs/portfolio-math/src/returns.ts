import { DawsosError, daysBetween, ONE, type Decimal, type IsoDate } from '@dawsos/contracts';

/** A day of the valuation series, in base currency. */
export interface NavDay {
  readonly date: IsoDate;
  /** At the close; null where something held cannot be valued. */
  readonly value: Decimal | null;
  /** Net external flow, money in is positive; null where it cannot be valued. */
  readonly flow: Decimal | null;
  /**
   * On a day with a flow: what was held the eve at the day's prices and rates, plus the day's income, interest and
   * fees. Absent where it is not known, null where it cannot be valued.
   */
  readonly before?: Decimal | null;
  /** Where money came and went on the day: both sums, `out` negative. */
  readonly gross?: { readonly in: Decimal; readonly out: Decimal };
  /** `before`, `value` or both rest on stale prices to more than the limit. */
  readonly stale?: 'before' | 'after' | 'both';
}

export const DAYS_A_YEAR = 365;

/**
 * (1 + R)^(365 / days) − 1, days counted from the close of `start` to the close of `end`.
 *
 * @throws DawsosError `insufficient_history` for less than a year: the GIPS standards forbid annualising it.
 */
export function annualisedReturn(total: Decimal, start: IsoDate, end: IsoDate): Decimal {
  const days = daysBetween(start, end);
  if (days < DAYS_A_YEAR) {
    throw new DawsosError(
      'insufficient_history',
      `a return over ${days} days is not annualised; a year of history is needed`,
    );
  }
  if (days === DAYS_A_YEAR) return total;
  if (total.equals(-1)) return total;
  return total.plus(ONE).pow(ONE.times(DAYS_A_YEAR).div(days)).minus(ONE);
}
