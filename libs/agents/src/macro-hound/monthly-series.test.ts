import { addDays, Decimal, isoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import {
  knownMonths,
  monthAfter,
  sahmReading,
  standing,
  yearOnYear,
  type MonthlyPoint,
} from './monthly-series';

const series = (values: readonly number[], first = '2015-01'): MonthlyPoint[] =>
  values.map((value, index) => ({ month: monthAfter(first, index), value: new Decimal(value) }));

describe('monthly series', () => {
  it('count months across years', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2400 }), fc.integer({ min: -600, max: 600 }), (index, step) => {
        const month = monthAfter('1900-01', index);
        expect(monthAfter(monthAfter(month, step), -step)).toBe(month);
      }),
    );
    expect(monthAfter('2024-12', 1)).toBe('2025-01');
    expect(monthAfter('2025-01', -1)).toBe('2024-12');
  });

  it('know a month only once its figures are out: there is no look-ahead', () => {
    const september = [{ date: isoDate('2025-09-01'), value: new Decimal(1) }];
    const known = (asof: string, lag: number) => knownMonths(september, isoDate(asof), lag).length;
    expect([known('2025-09-30', 0), known('2025-09-29', 0)]).toEqual([1, 0]);
    expect([known('2025-10-20', 20), known('2025-10-19', 20)]).toEqual([1, 0]);
  });

  it('average the days of a daily series by month', () => {
    const days = [1, 2, 6].map((value, index) => ({
      date: addDays(isoDate('2025-08-04'), index),
      value: new Decimal(value),
    }));
    expect(knownMonths(days, isoDate('2025-10-01'), 0)).toEqual([
      { month: '2025-08', value: new Decimal(3) },
    ]);
  });

  it('compare a month with the same of the year before, and skip it where that is missing', () => {
    const points = series(Array.from({ length: 14 }, (_, index) => 100 + index)).filter(
      ({ month }) => month !== '2015-02',
    );
    expect(yearOnYear(points).map(({ month, value }) => [month, value.toNumber()])).toEqual([
      ['2016-01', 0.12],
    ]);
  });
});

describe('a standing', () => {
  const window = { windowMonths: 24, minimumMonths: 24 };

  it('is the distance from the mean in standard deviations', () => {
    const { z, mean, months } = standing(
      series(Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? 1 : 3))),
      window,
    );
    expect([mean.toNumber(), months]).toEqual([2, 24]);
    // Deviation of 24 values of 1 and 3: √(24 / 23).
    expect(z.toNumber()).toBeCloseTo(1 / Math.sqrt(24 / 23), 12);
  });

  it('of a monthly series counts months, not days: a year of 252 days has 12, and is said to be too short', () => {
    expect(() => standing(series(Array.from({ length: 12 }, (_, index) => index)), window)).toThrow(
      expect.objectContaining({
        code: 'insufficient_history',
        message: '24 months are needed; there are 12',
      }),
    );
    expect(() => standing([], window)).toThrow(/there are 0/);
    expect(() => standing(series(Array.from({ length: 30 }, () => 5)), window)).toThrow(/does not move/);
  });

  it('does not change with the unit of the series', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.integer({ min: -1000, max: 1000 }), { minLength: 24, maxLength: 40 })
          .filter((list) => new Set(list.slice(-24)).size > 1),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: -50, max: 50 }),
        (values, scale, shift) => {
          const one = standing(series(values), window).z;
          const other = standing(series(values.map((value) => value * scale + shift)), window).z;
          expect(one.minus(other).abs().lessThan('1e-15')).toBe(true);
        },
      ),
    );
  });
});

describe('the Sahm rule', () => {
  it('measures the rise of the 3-month average from its least in the 12 months before', () => {
    const flat = Array.from({ length: 14 }, () => 4);
    expect(sahmReading(series([...flat, 4])).value.toNumber()).toBe(0);
    expect(sahmReading(series([...flat, 4.5, 4.5, 4.5])).value.toNumber()).toBe(0.5);
    expect(sahmReading(series([...flat, 3])).value.toNumber()).toBe(0);
  });

  it('is not told with a month missing', () => {
    const points = series(Array.from({ length: 20 }, () => 4)).filter(({ month }) => month !== '2016-03');
    expect(() => sahmReading(points)).toThrow(/2016-03 has no unemployment rate/);
  });
});
