import { Decimal, ONE, ZERO } from '@dawsos/contracts';
import fc from 'fast-check';
import { rebalance, type RebalanceInput, type Tradable } from './rebalance';

const tradable = (name: string, value: number, target: string, more: Partial<Tradable> = {}): Tradable => ({
  name,
  value: new Decimal(value),
  unitPrice: new Decimal(10),
  lotSize: ONE,
  target: new Decimal(target),
  band: ZERO,
  ...more,
});

const input = (tradables: readonly Tradable[], more: Partial<RebalanceInput> = {}): RebalanceInput => ({
  tradables,
  cash: ZERO,
  cashTarget: ZERO,
  maxTurnover: null,
  minTradeValue: ZERO,
  ...more,
});

const units = (of: RebalanceInput) => rebalance(of).trades.map((trade) => trade.units.toNumber());
const limits = (of: RebalanceInput) => rebalance(of).trades.map((trade) => trade.limits);

describe('rebalancing', () => {
  const seventyThirty = [tradable('A', 7000, '0.5'), tradable('B', 3000, '0.5')];

  it('sells what is above its target and buys what is below', () => {
    const { trades, turnover } = rebalance(input(seventyThirty));
    expect(trades.map(({ value }) => value.toNumber())).toEqual([-2000, 2000]);
    expect(turnover.toNumber()).toBe(0.2);
  });

  it('leaves alone what is within its band, up to its edge', () => {
    const banded = (band: string) => seventyThirty.map((one) => ({ ...one, band: new Decimal(band) }));
    expect(units(input(banded('0.2')))).toEqual([0, 0]);
    expect(limits(input(banded('0.2')))).toEqual([['band'], ['band']]);
    expect(units(input(banded('0.19')))).toEqual([-200, 200]);
  });

  it('trades in one proportion to stay within the turnover', () => {
    const limited = input(seventyThirty, { maxTurnover: new Decimal('0.05') });
    expect(units(limited)).toEqual([-50, 50]);
    expect(limits(limited)).toEqual([['turnover'], ['turnover']]);
  });

  it('trades whole lots, and nothing that is worth less than the minimum', () => {
    const lots = [tradable('A', 7000, '0.5', { lotSize: new Decimal(150) }), tradable('B', 3000, '0.5')];
    expect(units(input(lots))).toEqual([-150, 150]);
    expect(units(input(seventyThirty, { minTradeValue: new Decimal(2001) }))).toEqual([0, 0]);
  });

  it('spends no money that is not there, nor what its own target keeps', () => {
    const buyOnly = [tradable('A', 8000, '0.9')];
    expect(units(input(buyOnly, { cash: new Decimal(2000), cashTarget: new Decimal('0.1') }))).toEqual([100]);
    const indivisible = [
      tradable('A', 7000, '0.5', { lotSize: new Decimal(150) }),
      tradable('B', 3000, '0.5'),
    ];
    const { trades, cashAfter } = rebalance(input(indivisible));
    expect(trades[1]?.limits).toContain('cash');
    expect(cashAfter.toNumber()).toBe(0);
  });
});

const money = (max: number) => fc.integer({ min: 0, max }).map((cents) => new Decimal(cents).div(100));
const inputs = fc
  .record({
    parts: fc.array(
      fc.record({
        value: money(10_000_000),
        unitPrice: fc.integer({ min: 1, max: 100_000 }).map((cents) => new Decimal(cents).div(100)),
        lotSize: fc.constantFrom('1', '0.001', '10', '100').map((text) => new Decimal(text)),
        share: fc.integer({ min: 0, max: 100 }),
        band: fc.constantFrom('0', '0.01', '0.05').map((text) => new Decimal(text)),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    cash: fc.integer({ min: -100_000, max: 10_000_000 }).map((cents) => new Decimal(cents).div(100)),
    cashShare: fc.integer({ min: 1, max: 50 }),
    maxTurnover: fc.option(fc.constantFrom('0', '0.02', '0.3').map((text) => new Decimal(text))),
    minTradeValue: money(100_000),
  })
  .map(({ parts, cash, cashShare, maxTurnover, minTradeValue }): RebalanceInput => {
    const shares = parts.reduce((sum, { share }) => sum + share, cashShare);
    return {
      tradables: parts.map(({ share, ...part }, index) => ({
        ...part,
        name: String(index),
        target: new Decimal(share).div(shares),
      })),
      cash,
      cashTarget: new Decimal(cashShare).div(shares),
      maxTurnover,
      minTradeValue,
    };
  })
  .filter(({ tradables, cash }) =>
    tradables.reduce((sum, { value }) => sum.plus(value), cash).greaterThan(1),
  );

describe('any rebalancing', () => {
  const close = new Decimal('1e-15');

  it('keeps every limit', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const { trades, total, turnover, cashAfter } = rebalance(given);
        if (given.maxTurnover !== null) expect(turnover.lessThanOrEqualTo(given.maxTurnover)).toBe(true);
        const floor = Decimal.min(given.cash, given.cashTarget.times(total));
        expect(cashAfter.greaterThanOrEqualTo(floor.minus(close))).toBe(true);
        for (const {
          tradable: { lotSize, value: held, target, band },
          units: traded,
          value,
        } of trades) {
          if (traded.isZero()) continue;
          expect(traded.mod(lotSize).isZero()).toBe(true);
          expect(value.abs().greaterThanOrEqualTo(given.minTradeValue)).toBe(true);
          expect(held.div(total).minus(target).abs().greaterThan(band)).toBe(true);
        }
      }),
    );
  });

  it('moves towards each target and not past it, and makes or loses no value', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const { trades, total, cashAfter } = rebalance(given);
        let after = cashAfter;
        for (const {
          tradable: { value: held, target },
          value,
        } of trades) {
          const missing = target.times(total).minus(held);
          expect(value.times(missing).isNegative() && !value.isZero()).toBe(false);
          expect(value.abs().lessThanOrEqualTo(missing.abs().plus(close))).toBe(true);
          after = after.plus(held).plus(value);
        }
        expect(after.minus(total).abs().lessThan('1e-12')).toBe(true);
      }),
    );
  });
});
