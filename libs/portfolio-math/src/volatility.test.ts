import { Decimal } from '@dawsos/contracts';
import fc from 'fast-check';
import { annualisedVolatility, mean, sharpeRatio, standardDeviation, stepStatistics } from './volatility';

type DecimalInput = Decimal | number | string;

const dailyStatistics = (returns: readonly Decimal[]) => stepStatistics(returns, 'daily-252');
const decimals = (...values: DecimalInput[]): Decimal[] => values.map((value) => new Decimal(value));

describe('volatility', () => {
  it('divides by n − 1: the NIST example of the sample standard deviation', () => {
    // NIST Dataplot reference manual, "Standard deviation": 2 4 4 4 5 5 7 9 has Σ(x − 5)² = 32, so √(32 / 7).
    const sample = decimals(2, 4, 4, 4, 5, 5, 7, 9);
    expect(mean(sample).toFixed()).toBe('5');
    expect(standardDeviation(sample).toFixed(12)).toBe(new Decimal(32).div(7).sqrt().toFixed(12));
  });

  it('annualises with √252', () => {
    const returns = Array.from({ length: 20 }, (_, day) => new Decimal(day % 2 === 0 ? '0.01' : '-0.01'));
    // Σ(x − 0)² = 20 × 0.0001, so σ = √(0.002 / 19) and 252 σ² = 0.504 / 19.
    expect(annualisedVolatility(dailyStatistics(returns)).pow(2).toFixed(20)).toBe(
      new Decimal('0.504').div(19).toFixed(20),
    );
  });

  it('annualises weeks with √52 and months with √12', () => {
    const returns = Array.from({ length: 36 }, (_, step) => new Decimal(step % 2 === 0 ? '0.01' : '-0.01'));
    const square = new Decimal('0.0036').div(35);
    const yearly = (grid: 'weekly-52' | 'monthly-12'): string =>
      annualisedVolatility(stepStatistics(returns, grid)).pow(2).toFixed(20);
    expect(yearly('weekly-52')).toBe(square.times(52).toFixed(20));
    expect(yearly('monthly-12')).toBe(square.times(12).toFixed(20));
  });

  it('says that there is too little history instead of giving a default', () => {
    expect(() => dailyStatistics(decimals('0.01', '0.02'))).toThrow(
      expect.objectContaining({ code: 'insufficient_history', extensions: { needed: 20, available: 2 } }),
    );
    expect(() => standardDeviation(decimals(1))).toThrow(
      expect.objectContaining({ code: 'insufficient_history' }),
    );
  });
});

describe('Sharpe ratio', () => {
  const returns = Array.from({ length: 20 }, (_, day) => new Decimal(day % 2 === 0 ? '0.012' : '-0.008'));

  it('is the mean excess return over the standard deviation, times √252 (Sharpe 1994)', () => {
    const spread = standardDeviation(returns);
    const expected = new Decimal('0.002').minus(new Decimal('0.0252').div(252)).div(spread);
    expect(sharpeRatio(dailyStatistics(returns), new Decimal('0.0252')).toFixed(15)).toBe(
      expected.times(new Decimal(252).sqrt()).toFixed(15),
    );
  });

  it('takes the root of the yearly rate a step, when asked to', () => {
    const rate = new Decimal('1.001').pow(252).minus(1);
    const spread = standardDeviation(returns);
    const expected = new Decimal('0.001').div(spread).times(new Decimal(252).sqrt());
    expect(sharpeRatio(dailyStatistics(returns), rate, 'compound').toFixed(12)).toBe(expected.toFixed(12));
  });

  it('has none where returns do not vary', () => {
    const flat = Array.from({ length: 20 }, () => new Decimal('0.001'));
    expect(() => sharpeRatio(dailyStatistics(flat), new Decimal(0))).toThrow(
      expect.objectContaining({ code: 'no_solution' }),
    );
  });

  it('falls as the risk-free rate rises', () => {
    const rate = fc.integer({ min: 0, max: 2000 }).map((points) => new Decimal(points).div(10_000));
    fc.assert(
      fc.property(rate, rate, (a, b) => {
        fc.pre(a.lessThan(b));
        expect(
          sharpeRatio(dailyStatistics(returns), a).greaterThan(sharpeRatio(dailyStatistics(returns), b)),
        ).toBe(true);
      }),
    );
  });
});
