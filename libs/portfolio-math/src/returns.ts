import { DawsosError, daysBetween, ONE, type Decimal, type IsoDate } from '@dawsos/contracts';

/** In base currency: the value at the close of a day, and the day's net external flow (money in is positive). */
export interface NavDay {
  readonly date: IsoDate;
  readonly value: Decimal;
  readonly flow: Decimal;
}

export interface DailyReturn {
  readonly date: IsoDate;
  /** As a fraction: 0.01 is one per cent. */
  readonly return: Decimal;
}

export const DAYS_A_YEAR = 365;

/**
 * What a day's return is measured on and what it came to: `return = end / start − 1`.
 *
 * A net inflow counts as there from the start of the day, a net outflow as there until its end:
 *   start = V₋₁ + max(flow, 0),  end = V − min(flow, 0).
 * So the first deposit has a return on the day it comes, the last withdrawal on the day it goes, and the
 * denominator is positive whenever there was money at all. (Carl Bacon, "Practical Portfolio Performance
 * Measurement and Attribution", timing of intra-day cash flows: beginning of day for inflows, end of day for
 * outflows. The GIPS standards ask for a valuation at the time of each large external flow and leave the
 * assumption within the day to a policy that is stated: this is ours.)
 */
export function dayBasis(previous: NavDay, day: NavDay): { start: Decimal; end: Decimal } {
  if (day.flow.isZero()) return { start: previous.value, end: day.value };
  return day.flow.isPositive()
    ? { start: previous.value.plus(day.flow), end: day.value }
    : { start: previous.value, end: day.value.minus(day.flow) };
}

/**
 * The daily time-weighted returns from the second day on. A day that begins and ends empty has no return
 * and is left out.
 *
 * @throws DawsosError `no_solution` on a day on which money was made from nothing or from less than nothing:
 * a return on a base that is not positive means nothing.
 */
export function dailyReturns(days: readonly NavDay[]): DailyReturn[] {
  const returns: DailyReturn[] = [];
  for (let index = 1; index < days.length; index++) {
    const [previous, day] = [days[index - 1], days[index]];
    if (previous === undefined || day === undefined) continue;
    const { start, end } = dayBasis(previous, day);
    if (start.isZero() && end.isZero()) continue;
    if (!start.greaterThan(0)) throw noBasis(day.date, start);
    returns.push({ date: day.date, return: end.div(start).minus(ONE) });
  }
  return returns;
}

/**
 * The linked return of the whole period straight from the values: Π end / Π start − 1, equal to linking the
 * daily returns but for rounding.
 *
 * @throws DawsosError `no_solution` as `dailyReturns`.
 */
export function periodReturn(days: readonly NavDay[]): Decimal {
  let [starts, ends] = [ONE, ONE];
  for (let index = 1; index < days.length; index++) {
    const [previous, day] = [days[index - 1], days[index]];
    if (previous === undefined || day === undefined) continue;
    const { start, end } = dayBasis(previous, day);
    if (start.isZero() && end.isZero()) continue;
    if (!start.greaterThan(0)) throw noBasis(day.date, start);
    starts = starts.times(start);
    ends = ends.times(end);
  }
  return ends.div(starts).minus(ONE);
}

export function noBasis(date: IsoDate, start: Decimal): DawsosError {
  return new DawsosError(
    'no_solution',
    `the return of ${date} has no basis: it would be measured on ${start.toFixed(2)}; start after that day`,
  );
}

/** Wealth of one unit after each return: Π(1 + r). */
export function wealthIndex(returns: readonly DailyReturn[]): { date: IsoDate; number: Decimal }[] {
  let wealth = ONE;
  return returns.map((day) => {
    wealth = wealth.times(day.return.plus(ONE));
    return { date: day.date, number: wealth };
  });
}

/** The time-weighted return of the whole period: Π(1 + r) − 1 (true daily linking). */
export function linkedReturn(returns: readonly DailyReturn[]): Decimal {
  return returns.reduce((wealth, day) => wealth.times(day.return.plus(ONE)), ONE).minus(ONE);
}

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
