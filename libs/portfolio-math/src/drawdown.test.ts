import { addDays, Decimal, isoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import { maximumDrawdown } from './drawdown';

type DecimalInput = Decimal | number | string;

const start = isoDate('2024-01-01');
const series = (...values: DecimalInput[]) =>
  values.map((value, day) => ({ date: addDays(start, day), number: new Decimal(value) }));

describe('maximum drawdown', () => {
  it('names peak, trough and recovery', () => {
    expect(maximumDrawdown(series(100, 120, 90, 110, 120, 130))).toEqual({
      depth: new Decimal('-0.25'),
      peakDate: '2024-01-02',
      troughDate: '2024-01-03',
      recoveryDate: '2024-01-05',
    });
  });

  it('has no recovery while the peak is not reached again', () => {
    expect(maximumDrawdown(series(100, 80, 99)).recoveryDate).toBeNull();
  });

  it('has neither peak nor trough where nothing fell', () => {
    expect(maximumDrawdown(series(1, 1, 2))).toEqual({
      depth: new Decimal(0),
      peakDate: null,
      troughDate: null,
      recoveryDate: null,
    });
  });

  it('takes the deepest fall, not the last, and the earliest of equal ones', () => {
    const found = maximumDrawdown(series(100, 50, 100, 50, 90, 80));
    expect([found.peakDate, found.troughDate, found.recoveryDate]).toEqual([
      '2024-01-01',
      '2024-01-02',
      '2024-01-03',
    ]);
  });

  it('equals the naive search over all pairs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 }), (values) => {
        let deepest = new Decimal(0);
        values.forEach((peak, i) => {
          for (const later of values.slice(i))
            deepest = Decimal.min(deepest, new Decimal(later).div(peak).minus(1));
        });
        expect(maximumDrawdown(series(...values)).depth.toFixed()).toBe(deepest.toFixed());
      }),
    );
  });
});
