import { Decimal } from '@dawsos/contracts';
import fc from 'fast-check';
import { horizonSteps, scaledToHorizon, valueAtRisk } from './value-at-risk';

const decimals = (values: readonly number[]): Decimal[] => values.map((value) => new Decimal(value));
const confidence = (text: string): Decimal => new Decimal(text);

/** John C. Hull, "Risk Management and Financial Institutions" (3rd ed., chapter 14): the worst of 500 losses, in $000. */
const HULL_WORST = [477.841, 345.435, 282.204, 277.041, 253.385, 217.974, 202.256, 201.389, 191.269, 191.05];

describe('historical value at risk', () => {
  it("gives Hull's 99 % of 500 scenarios: the fifth worst, 253,385 $, and a shortfall of 327,181 $", () => {
    const others = Array.from({ length: 490 }, (_, index) => 190 - index);
    const risk = valueAtRisk(decimals([...others, ...HULL_WORST]), confidence('0.99'));
    expect(risk.valueAtRisk.times(1000).toFixed(0)).toBe('253385');
    expect(risk.expectedShortfall.times(1000).toFixed(0)).toBe('327181');
    expect([risk.tailCount, risk.scenarioCount]).toEqual([5, 500]);
  });

  it('looks at the worst tail, not at the best', () => {
    const losses = decimals(Array.from({ length: 100 }, (_, index) => index - 80));
    expect(valueAtRisk(losses, confidence('0.95')).valueAtRisk.toFixed()).toBe('15');
  });

  it('takes a whole number of scenarios, rounding the tail down', () => {
    const losses = decimals(Array.from({ length: 251 }, (_, index) => index));
    const risk = valueAtRisk(losses, confidence('0.95'));
    expect([risk.tailCount, risk.valueAtRisk.toFixed()]).toEqual([12, '239']);
  });

  it('needs a scenario in the tail', () => {
    expect(() => valueAtRisk(decimals([1, 2, 3]), confidence('0.95'))).toThrow(
      expect.objectContaining({ code: 'insufficient_history', extensions: { needed: 20, available: 3 } }),
    );
  });

  it.each(['0', '1', '95'])('refuses a confidence of %s', (text) => {
    expect(() => valueAtRisk(decimals([1]), confidence(text))).toThrow(RangeError);
  });

  it('scales by the root of the horizon', () => {
    expect(scaledToHorizon(new Decimal(253.385), new Decimal(10)).toFixed(3)).toBe('801.274');
    expect(scaledToHorizon(new Decimal(5), new Decimal(1)).toFixed()).toBe('5');
  });

  it('counts a horizon in the steps of the grid, upwards only: there is no day in a month', () => {
    expect(horizonSteps(10, 'daily-252').toFixed()).toBe('10');
    expect(horizonSteps(10, 'weekly-52').toFixed()).toBe('2');
    expect(horizonSteps(63, 'monthly-12').toFixed()).toBe('3');
    expect(() => horizonSteps(1, 'monthly-12')).toThrow(
      expect.objectContaining({ code: 'insufficient_history' }),
    );
  });

  it('interpolates between order statistics as NumPy does, when asked to', () => {
    // numpy.percentile([0..10], 95) = 9.5, by linear interpolation of the order statistics.
    const losses = decimals(Array.from({ length: 21 }, (_, index) => index / 2));
    expect(valueAtRisk(losses, confidence('0.95'), 'linear').valueAtRisk.toFixed(6)).toBe('9.500000');
  });

  it('gives the quantile of a normal distribution, when asked to', () => {
    // Deviation 1 and mean 0: VaR is z = 1.644854 and ES φ(z) / 0.05 = 2.062713 (Hull, table of the normal tail).
    const root = new Decimal(19).div(20).sqrt();
    const losses = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? root : root.negated()));
    const risk = valueAtRisk(losses, confidence('0.95'), 'normal');
    expect([risk.valueAtRisk.toFixed(6), risk.expectedShortfall.toFixed(6)]).toEqual([
      '1.644854',
      '2.062713',
    ]);
  });

  it('is no greater than the expected shortfall, grows with confidence and scales with the losses', () => {
    const losses = fc
      .array(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 100, maxLength: 150 })
      .map(decimals);
    fc.assert(
      fc.property(losses, (values) => {
        const [low, high] = [valueAtRisk(values, confidence('0.9')), valueAtRisk(values, confidence('0.99'))];
        expect(low.valueAtRisk.lessThanOrEqualTo(low.expectedShortfall)).toBe(true);
        expect(low.valueAtRisk.lessThanOrEqualTo(high.valueAtRisk)).toBe(true);
        const triple = valueAtRisk(
          values.map((loss) => loss.times(3)),
          confidence('0.9'),
        );
        expect(triple.valueAtRisk.equals(low.valueAtRisk.times(3))).toBe(true);
      }),
    );
  });
});
