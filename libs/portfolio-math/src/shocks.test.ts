import { Decimal, ONE } from '@dawsos/contracts';
import fc from 'fast-check';
import { shockHolding } from './shocks';

const hundredths = (min: number, max: number) =>
  fc.integer({ min: min * 100, max: max * 100 }).map((value) => new Decimal(value).div(100));
const changes = fc.array(hundredths(-1, 3), { maxLength: 4 });
const holdings = fc.record({
  localValue: hundredths(-100_000, 100_000),
  rate: hundredths(1, 3),
  priceChanges: changes,
  rateChanges: changes,
});

describe('a shock', () => {
  it('of −20 % on the price and +5 % on the rate: 1000 × 1.3 becomes 800 × 1.365', () => {
    const effect = shockHolding({
      localValue: new Decimal(1000),
      rate: new Decimal('1.3'),
      priceChanges: [new Decimal('-0.2')],
      rateChanges: [new Decimal('0.05')],
    });
    expect([effect.after, effect.priceEffect, effect.fxEffect, effect.interaction].map(Number)).toEqual([
      1092, -260, 65, -13,
    ]);
  });

  it('is the value of the new price at the new rate, in whatever order the changes come', () => {
    fc.assert(
      fc.property(holdings, (holding) => {
        const price = holding.priceChanges.reduce((product, change) => product.times(ONE.plus(change)), ONE);
        const rate = holding.rateChanges.reduce((product, change) => product.times(ONE.plus(change)), ONE);
        const value = holding.localValue.times(price).times(holding.rate).times(rate);
        const effect = shockHolding({ ...holding, priceChanges: [...holding.priceChanges].reverse() });
        expect(effect.after.minus(value).abs().lessThan('1e-14')).toBe(true);
        const parts = effect.priceEffect.plus(effect.fxEffect).plus(effect.interaction);
        expect(effect.after.minus(effect.before).minus(parts).abs().lessThan('1e-14')).toBe(true);
      }),
    );
  });

  it('without a change is none; no price falls below 0', () => {
    const holding = { localValue: new Decimal(50), rate: ONE, rateChanges: [] };
    expect(shockHolding({ ...holding, priceChanges: [] }).change.toNumber()).toBe(0);
    expect(shockHolding({ ...holding, priceChanges: [new Decimal('-1.5')] }).after.toNumber()).toBe(0);
  });
});
