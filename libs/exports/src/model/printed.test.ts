import { Decimal } from '@dawsos/contracts';
import fc from 'fast-check';
import { cellOf, placesOf, rounded } from './printed';

const shown = (
  value: string,
  format: 'money' | 'price' | 'quantity',
  currency: string | null = null,
): string => cellOf(value, { format, currency }).text;

describe('numbers in print', () => {
  it.each([
    ['248.1957', 'KWD', '248.196'],
    ['1333.4', 'JPY', '1,333'],
    ['1333.456', 'EUR', '1,333.46'],
    ['1333.456', null, '1,333.46'],
  ])('have the minor unit of their currency: %s %s', (value, currency, text) => {
    expect(shown(value, 'money', currency)).toBe(text);
  });

  it.each([
    ['0.0000000002', '0.0000000002'],
    ['120.888', '120.888'],
    ['1204.10', '1,204.1'],
    ['131.567142857142857', '131.5671429'],
    ['12345678901.25', '12,345,678,901'],
  ])('are prices to ten significant digits, and no number but 0 is 0: %s', (value, text) => {
    expect(shown(value, 'price')).toBe(text);
  });

  it('are quantities as booked', () => {
    expect(shown('123456.12345678', 'quantity')).toBe('123,456.12345678');
  });

  it('agree: printed units × printed price is the printed value, to half of its last digit', () => {
    const decimals = (places: number, most: number) =>
      fc.integer({ min: 1, max: most }).map((whole) => new Decimal(whole).div(10 ** places));
    fc.assert(
      fc.property(decimals(4, 10 ** 9), decimals(10, 10 ** 13), (units, price) => {
        const value = units.times(price);
        if (value.gt(10 ** 7)) return;
        const printed = rounded(price, 'price', placesOf(price, 'price', null));
        expect(units.times(printed).minus(value).abs().lte('0.005')).toBe(true);
      }),
    );
  });
});
