import { Decimal, isoDate } from '@dawsos/contracts';
import { annualisedReturn } from './returns';

describe('annualised return', () => {
  it('does not annualise less than a year, as the GIPS standards ask', () => {
    expect(() => annualisedReturn(new Decimal('0.1'), isoDate('2024-01-01'), isoDate('2024-12-30'))).toThrow(
      expect.objectContaining({ code: 'insufficient_history' }),
    );
    const year = annualisedReturn(new Decimal('0.1'), isoDate('2023-01-01'), isoDate('2024-01-01'));
    expect(year.toFixed()).toBe('0.1');
  });

  it('is −1 a year for a total loss', () => {
    expect(annualisedReturn(new Decimal(-1), isoDate('2021-01-01'), isoDate('2024-01-01')).toFixed()).toBe(
      '-1',
    );
  });
});
