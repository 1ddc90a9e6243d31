import fc from 'fast-check';
import { Decimal, decimalText, Money, parseDecimal } from './index';

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), fc.integer({ min: 0, max: 6 }))
  .map(([digits, places]) => new Decimal(digits.toString()).div(new Decimal(10).pow(places)));

describe('money', () => {
  it('adds within a currency, exactly', () => {
    expect(JSON.stringify(Money.of('0.1', 'USD').plus(Money.of('0.2', 'USD')))).toBe(
      '{"number":"0.3","currency":"USD"}',
    );
  });

  it('refuses to add two currencies: at compile time, and at run time where the codes are data', () => {
    const dollars = Money.of('1', 'USD');
    // @ts-expect-error a literal currency does not add to another
    expect(() => dollars.plus(Money.of('1', 'EUR'))).toThrow(
      expect.objectContaining({ code: 'currency_mismatch' }),
    );
  });

  it('is an abelian group under plus', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const [x, y] = [Money.of(a, 'CAD'), Money.of(b, 'CAD')];
        expect(x.plus(y).number.eq(y.plus(x).number)).toBe(true);
        expect(x.plus(y).minus(y).number.eq(x.number)).toBe(true);
      }),
    );
  });

  it('writes decimals as plain digits that read back as the same value', () => {
    fc.assert(fc.property(decimals, (value) => parseDecimal(decimalText(value)).eq(value)));
    expect(decimalText(new Decimal('-0.0'))).toBe('0');
    expect(decimalText(new Decimal('1e-30'))).toBe('0');
    expect(decimalText(new Decimal('1.500'))).toBe('1.5');
  });
});
