import { addDays, Decimal, isoDate, ONE } from '@dawsos/contracts';
import fc from 'fast-check';
import { estimateBeta } from './beta';
import type { Dated } from './dated';

const START = isoDate('2024-01-01');
const returns = fc
  .array(fc.integer({ min: -300, max: 300 }), { minLength: 31, maxLength: 60 })
  .filter((list) => new Set(list).size > 1)
  .map((list) => list.map((value) => new Decimal(value).div(10_000)));

function pathOf(daily: readonly Decimal[]): Dated[] {
  let number = new Decimal(100);
  return [
    { date: START, number },
    ...daily.map((change, index) => {
      number = number.times(ONE.plus(change));
      return { date: addDays(START, index + 1), number };
    }),
  ];
}

describe('beta', () => {
  it('of a price that moves a and b times the factor is a + b times', () => {
    fc.assert(
      fc.property(returns, fc.integer({ min: -20, max: 20 }), (daily, tenths) => {
        const slope = new Decimal(tenths).div(10);
        const { beta, observations } = estimateBeta(
          pathOf(daily.map((change) => change.times(slope))),
          pathOf(daily),
        );
        expect(beta.minus(slope).abs().lessThan('1e-15')).toBe(true);
        expect(observations).toBe(daily.length);
      }),
    );
  });

  it('pairs returns by date, not by place: what only one series has is left out', () => {
    fc.assert(
      fc.property(returns, (daily) => {
        const path = pathOf(daily);
        const earlier = { date: addDays(START, -9), number: new Decimal(7) };
        const { beta } = estimateBeta(
          [earlier, ...path],
          [...path, { date: addDays(START, 999), number: ONE }],
        );
        expect(beta.minus(ONE).abs().lessThan('1e-20')).toBe(true);
      }),
    );
  });

  it('is refused with fewer than 30 pairs, and of a factor that does not move', () => {
    const short = pathOf(Array.from({ length: 29 }, (_, day) => new Decimal(day).div(1000)));
    expect(() => estimateBeta(short, short)).toThrow(/30 pairs/);
    const moving = pathOf(Array.from({ length: 40 }, (_, day) => new Decimal(day).div(1000)));
    const still = moving.map(({ date }) => ({ date, number: ONE }));
    expect(() => estimateBeta(moving, still)).toThrow(/did not move/);
  });
});
