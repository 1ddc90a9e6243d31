import { addDays, DawsosError, Decimal, isoDate, ONE, ZERO, type IsoDate } from '@dawsos/contracts';
import type { MacroObservation } from '@dawsos/market-data';
import { mean, standardDeviation } from '@dawsos/portfolio-math';

/** `YYYY-MM`; compares as text. */
export type Month = string;

export interface MonthlyPoint {
  readonly month: Month;
  readonly value: Decimal;
}

/** A value and where it stands among those of its window. */
export interface Standing {
  readonly month: Month;
  readonly value: Decimal;
  readonly mean: Decimal;
  readonly deviation: Decimal;
  /** (value − mean) / deviation. */
  readonly z: Decimal;
  readonly months: number;
}

export function monthAfter(month: Month, months: number): Month {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/**
 * The months whose figures were out by `asofDate`: those that ended at least `lagDays` before. A month of several
 * observations (a daily series) is their average, as FRED aggregates.
 */
export function knownMonths(
  observations: readonly MacroObservation[],
  asofDate: IsoDate,
  lagDays: number,
): MonthlyPoint[] {
  const byMonth = new Map<Month, Decimal[]>();
  for (const { date, value } of observations) {
    const month = date.slice(0, 7);
    const nextMonth = isoDate(`${monthAfter(month, 1)}-01`);
    if (addDays(nextMonth, lagDays - 1) > asofDate) continue;
    byMonth.set(month, [...(byMonth.get(month) ?? []), value]);
  }
  return [...byMonth]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, values]) => ({ month, value: mean(values) }));
}

/** The change from the same month a year before, as a fraction; months without such a one are left out. */
export function yearOnYear(points: readonly MonthlyPoint[]): MonthlyPoint[] {
  const values = new Map(points.map(({ month, value }) => [month, value]));
  return points.flatMap(({ month, value }) => {
    const before = values.get(monthAfter(month, -12));
    return before === undefined || before.isZero() ? [] : [{ month, value: value.div(before).minus(ONE) }];
  });
}

/**
 * Where the last month stands among the last `windowMonths` months.
 * @throws DawsosError `insufficient_history` where fewer than `minimumMonths` of them have a value: a score of 0 for
 * want of data would read as "average"
 */
export function standing(
  points: readonly MonthlyPoint[],
  { windowMonths, minimumMonths }: { readonly windowMonths: number; readonly minimumMonths: number },
): Standing {
  const last = points.at(-1);
  const first = last === undefined ? undefined : monthAfter(last.month, 1 - windowMonths);
  const window = points.filter(({ month }) => first !== undefined && month >= first);
  if (last === undefined || window.length < minimumMonths) {
    throw new DawsosError(
      'insufficient_history',
      `${String(minimumMonths)} months are needed; there are ${String(window.length)}`,
    );
  }
  const values = window.map(({ value }) => value);
  const average = mean(values);
  const deviation = standardDeviation(values);
  if (deviation.isZero()) throw new DawsosError('insufficient_history', 'the series does not move');
  return {
    month: last.month,
    value: last.value,
    mean: average,
    deviation,
    z: last.value.minus(average).div(deviation),
    months: window.length,
  };
}

/**
 * What a point changed over `months`.
 * @throws DawsosError `insufficient_history` where the earlier month has no value
 */
export function changeOver(points: readonly MonthlyPoint[], months: number): Decimal {
  const last = points.at(-1);
  const earlier = last && monthAfter(last.month, -months);
  const before = points.find(({ month }) => month === earlier);
  if (last !== undefined && before !== undefined) return last.value.minus(before.value);
  throw new DawsosError(
    'insufficient_history',
    `a change over ${String(months)} months needs ${earlier ?? 'a month'}, which has no value`,
  );
}

export interface SahmReading {
  readonly month: Month;
  readonly value: Decimal;
}

/** In percentage points of the unemployment rate. */
export const SAHM_THRESHOLD = new Decimal('0.5');

/**
 * The three-month average of the unemployment rate above the least such average of the twelve months before, in
 * percentage points; half a point marks the start of a recession.
 *
 * Source: C. Sahm, "Direct Stimulus Payments to Individuals", in Recession Ready, The Hamilton Project, 2019.
 * @throws DawsosError `insufficient_history` where one of the fifteen months has no value
 */
export function sahmReading(unemployment: readonly MonthlyPoint[]): SahmReading {
  const values = new Map(unemployment.map(({ month, value }) => [month, value]));
  const last = unemployment.at(-1);
  if (last === undefined) throw new DawsosError('insufficient_history', 'there is no unemployment rate');
  const averageAt = (month: Month): Decimal => {
    const three = [0, -1, -2].map((back) => {
      const value = values.get(monthAfter(month, back));
      if (value !== undefined) return value;
      throw new DawsosError('insufficient_history', `${monthAfter(month, back)} has no unemployment rate`);
    });
    return mean(three);
  };
  const before = Array.from({ length: 12 }, (_, index) => averageAt(monthAfter(last.month, -1 - index)));
  const lowest = before.reduce((least, value) => Decimal.min(least, value));
  return { month: last.month, value: Decimal.max(ZERO, averageAt(last.month).minus(lowest)) };
}
