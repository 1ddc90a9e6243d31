import fc from 'fast-check';
import { formatCell, formatNumber, formatPercent } from './number-format';

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

  it.each([
    ['0.0731', '7.31 %'],
    ['-0.123456', '-12.35 %'],
    ['1', '100.00 %'],
    ['12.5', '1,250.00 %'],
    ['0', '0.00 %'],
  ])('shows the share %s as %s', (value, shown) => {
    expect(formatPercent(value)).toBe(shown);
  });

  it('keeps text, says yes and no, and marks what is not there', () => {
    expect([formatCell('AAPL', 'text'), formatCell(true, undefined), formatCell(null, 'money')]).toEqual([
      'AAPL',
      'yes',
      '–',
    ]);
  });

  it('shows a list of texts as text, and an empty one as nothing', () => {
    expect([formatCell(['a', 'b'], 'text'), formatCell([], 'text'), formatCell([1], 'text')]).toEqual([
      'a; b',
      '–',
      '[1]',
    ]);
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
