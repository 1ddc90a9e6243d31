import { Decimal } from '@dawsos/contracts';
import fc from 'fast-check';
import { canonicalNumber } from './quote';

describe('the spelling of a number', () => {
  it.each([
    ['1.50', '1.5'],
    ['+001.0', '1'],
    ['-0.00', '0'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-12.340', '-12.34'],
    ['100', '100'],
    ['1234567890.123456789012345678', '1234567890.123456789012345678'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalNumber(text)).toBe(canonical);
  });

  it.each(['', '.', '-', '1,000', '1e5', ' 1', '0x1', 'NaN', '1.2.3', '9'.repeat(65)])(
    '"%s" is not a number',
    (text) => {
      expect(canonicalNumber(text)).toBeUndefined();
    },
  );

  it('keeps the value, and gives equal values one text', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.integer({ min: 0, max: 6 }),
        (units, zeros) => {
          const text = `${String(units)}.25${'0'.repeat(zeros)}`;
          const canonical = canonicalNumber(text) ?? '';
          expect(new Decimal(canonical).eq(new Decimal(text))).toBe(true);
          expect(canonicalNumber(canonical)).toBe(canonical);
        },
      ),
    );
  });
});
