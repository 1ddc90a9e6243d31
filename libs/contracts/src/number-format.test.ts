import fc from 'fast-check';
import { formatNumber } from './number-format';

describe('figures on a terminal', () => {
  it.each([
    ['1234567.891', 2, '1,234,567.89'],
    ['-0.004', 2, '0.00'],
    ['-0.005', 2, '-0.01'],
    ['999.995', 2, '1,000.00'],
    ['12', 0, '12'],
    ['0.5', 0, '1'],
    ['not a number', 2, 'not a number'],
  ])('shows %s to %i places as %s', (value, places, shown) => {
    expect(formatNumber(value, places)).toBe(shown);
  });

  it('rounds to the nearest cent whatever the number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (thousandths) => {
        const sign = thousandths < 0n ? '-' : '';
        const digits = (thousandths < 0n ? -thousandths : thousandths).toString().padStart(4, '0');
        const text = `${sign}${digits.slice(0, -3)}.${digits.slice(-3)}`;
        const shown = BigInt(formatNumber(text, 2).replace(/[,.]/g, ''));
        const distance = shown * 10n - thousandths;
        expect(distance <= 5n && distance >= -5n).toBe(true);
      }),
    );
  });
});
