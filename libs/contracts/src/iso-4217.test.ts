import { currencyExponent, FIXED_PARTS, isNationalCurrency } from './iso-4217';

describe('ISO 4217', () => {
  it.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['ITL', 0],
    ['GBX', 2],
    ['NWND', 2],
  ])('gives amounts of %s %i digits after the point', (code, digits) => {
    expect(currencyExponent(code)).toBe(digits);
  });

  it('knows national currencies and their fixed parts, and no metals, coins or shares', () => {
    const codes = ['EUR', 'XOF', 'DEM', 'GBX', 'BGN', 'XAU', 'XXX', 'BTC', 'AAPL', 'usd'];
    expect(codes.filter(isNationalCurrency)).toEqual(['EUR', 'XOF', 'DEM', 'GBX', 'BGN']);
  });

  it('makes every fixed part a part of a national currency that is none itself', () => {
    for (const { of, units } of FIXED_PARTS.values()) {
      expect(isNationalCurrency(of) && !FIXED_PARTS.has(of) && units.gt(0)).toBe(true);
    }
  });
});
