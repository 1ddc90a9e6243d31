import { Decimal } from '@dawsos/contracts';
import fc from 'fast-check';
import { historicalValueAtRisk, scaledToHorizon } from './value-at-risk';

const decimals = (values: readonly number[]): Decimal[] => values.map((value) => new Decimal(value));
const confidence = (text: string): Decimal => new Decimal(text);

/** John C. Hull, "Risk Management and Financial Institutions" (3rd ed., chapter 14): the worst of 500 losses, in $000. */
const HULL_WORST = [477.841, 345.435, 282.204, 277.041, 253.385, 217.974, 202.256, 201.389, 191.269, 191.05];

describe('historical value at risk', () => {
  it("gives Hull's 99 % of 500 scenarios: the fifth worst, 253,385 $, and a shortfall of 327,181 $", () => {
    const others = Array.from({ length: 490 }, (_, index) => 190 - index);
    const risk = historicalValueAtRisk(decimals([...others, ...HULL_WORST]), confidence('0.99'));
    expect(risk.valueAtRisk.times(1000).toFixed(0)).toBe('253385');
    expect(risk.expectedShortfall.times(1000).toFixed(0)).toBe('327181');
    expect([risk.tailCount, risk.scenarioCount]).toEqual([5, 500]);
  });

  it('looks at the worst tail, not at the best', () => {
    const losses = decimals(Array.from({ length: 100 }, (_, index) => index - 80));
    expect(historicalValueAtRisk(losses, confidence('0.95')).valueAtRisk.toFixed()).toBe('15');
  });

  it('takes a whole number of scenarios, rounding the tail down', () => {
    const losses = decimals(Array.from({ length: 251 }, (_, index) => index));
    const risk = historicalValueAtRisk(losses, confidence('0.95'));
    expect([risk.tailCount, risk.valueAtRisk.toFixed()]).toEqual([12, '239']);
  });

  it('needs a scenario in the tail', () => {
    expect(() => historicalValueAtRisk(decimals([1, 2, 3]), confidence('0.95'))).toThrow(
      expect.objectContaining({ code: 'insufficient_history', extensions: { needed: 20, available: 3 } }),
    );
  });

  it.each(['0', '1', '95'])('refuses a confidence of %s', (text) => {
    expect(() => historicalValueAtRisk(decimals([1]), confidence(text))).toThrow(RangeError);
  });

  it('scales by the root of the horizon', () => {
    expect(scaledToHorizon(new Decimal(253.385), 10).toFixed(3)).toBe('801.274');
    expect(scaledToHorizon(new Decimal(5), 1).toFixed()).toBe('5');
  });

  it('is no greater than the expected shortfall, grows with confidence and scales with the losses', () => {
    const losses = fc
      .array(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 100, maxLength: 150 })
      .map(decimals);
    fc.assert(
      fc.property(losses, (values) => {
        const [low, high] = [
          historicalValueAtRisk(values, confidence('0.9')),
          historicalValueAtRisk(values, confidence('0.99')),
        ];
        expect(low.valueAtRisk.lessThanOrEqualTo(low.expectedShortfall)).toBe(true);
        expect(low.valueAtRisk.lessThanOrEqualTo(high.valueAtRisk)).toBe(true);
        const triple = historicalValueAtRisk(
          values.map((loss) => loss.times(3)),
          confidence('0.9'),
        );
        expect(triple.valueAtRisk.equals(low.valueAtRisk.times(3))).toBe(true);
      }),
    );
  });
});
