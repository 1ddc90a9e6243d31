import { Decimal } from '@dawsos/contracts';
import fc from 'fast-check';
import { LedgerDecimal } from './number';

const parse = (text: string) => LedgerDecimal.parse(text);

/** Numbers of up to 34 digits, so that rounding to 28 is seen, with their trailing zeros. */
const numberText = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 34n }), fc.nat({ max: 12 }), fc.nat({ max: 3 }))
  .map(([negative, digits, places, shorter]) => {
    const text = (shorter === 0 ? digits : digits % 10n ** BigInt(shorter * 4))
      .toString()
      .padStart(places + 1, '0');
    const whole = text.slice(0, text.length - places);
    return `${negative ? '-' : ''}${whole}${places === 0 ? '' : `.${text.slice(-places)}`}`;
  });

test('keeps the digits that were written', () => {
  for (const text of ['1.50', '0.00', '-0.00', '1204.10', '100', '0.000001'])
    expect(parse(text).toString()).toBe(text);
  expect(parse('1E+2').toString()).toBe('100');
  expect(parse('5E-3').scale).toBe(3);
});

test("rounds and places exponents as Python's decimal does", () => {
  expect(parse('1').divide(parse('3')).toString()).toBe('0.3333333333333333333333333333');
  expect(parse('2').divide(parse('3')).toString()).toBe('0.6666666666666666666666666667');
  expect(parse('100.00').divide(parse('4')).toString()).toBe('25.00');
  expect(parse('1.00').divide(parse('8')).toString()).toBe('0.125');
  expect(parse('10').divide(parse('2.50')).toString()).toBe('4');
  expect(parse('0').divide(parse('-10')).toString()).toBe('-0');
  expect(parse('1.10').multiply(parse('2.0')).toString()).toBe('2.200');
  expect(parse('1.5').add(parse('1.50')).toString()).toBe('3.00');
  expect(parse('2.5').quantize(parse('1')).toString()).toBe('2');
  expect(parse('3.5').quantize(parse('1')).toString()).toBe('4');
  expect(parse('123').quantize(parse('10').normalize()).toString()).toBe('120');
  expect(parse('-0.00').negate().toString()).toBe('0.00');
});

test('prints what it parses to the same number', () => {
  fc.assert(fc.property(numberText, (text) => parse(text).toString() === text));
});

test('computes as decimals of 28 digits, half to even', () => {
  fc.assert(
    fc.property(numberText, numberText, (one, other) => {
      const [left, right] = [parse(one), parse(other)];
      const [a, b] = [new Decimal(one), new Decimal(other)];
      expect(left.add(right).toDecimal().eq(a.plus(b))).toBe(true);
      expect(left.subtract(right).toDecimal().eq(a.minus(b))).toBe(true);
      expect(left.multiply(right).toDecimal().eq(a.times(b))).toBe(true);
      if (!b.isZero()) expect(left.divide(right).toDecimal().eq(a.div(b))).toBe(true);
      expect(left.compare(right)).toBe(a.cmp(b));
      expect(left.key === right.key).toBe(a.eq(b));
    }),
  );
});

test('a divisor of zero and a text that is no number are refused', () => {
  expect(() => parse('1').divide(parse('0.00'))).toThrow(RangeError);
  for (const text of ['', '-', '.', '1.2.3', 'NaN', 'Infinity', '1e'])
    expect(() => parse(text)).toThrow(RangeError);
});
