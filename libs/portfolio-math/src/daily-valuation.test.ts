import { Decimal, isoDate } from '@dawsos/contracts';
import { dailyValuation, type Holding } from './daily-valuation';
import type { Dated } from './dated';

type DecimalInput = Decimal | number | string;

const points = (...rows: [string, DecimalInput][]): Dated[] =>
  rows.map(([date, number]) => ({ date: isoDate(date), number: new Decimal(number) }));
const days = ['2024-01-02', '2024-01-03', '2024-01-04'].map(isoDate);
const value = (holdings: Holding[], rates: Record<string, Dated[]> = {}) =>
  dailyValuation({ days, holdings, rates: new Map(Object.entries(rates)), baseCurrency: 'CAD' });
const texts = (values: readonly (Decimal | null)[]): (string | null)[] =>
  values.map((number) => number && number.toFixed());

describe('daily valuation', () => {
  it("takes each day's holdings at the newest price and rate on or before it", () => {
    const found = value(
      [
        {
          commodity: 'AAPL',
          currency: 'USD',
          quantities: points(['2023-12-01', 10], ['2024-01-04', 5]),
          prices: points(['2024-01-02', 100], ['2024-01-03', 110]),
        },
        { commodity: 'CAD', currency: 'CAD', quantities: points(['2024-01-03', 50]), prices: null },
      ],
      { USD: points(['2024-01-01', '1.3'], ['2024-01-04', '1.4']) },
    );
    expect(texts(found.values)).toEqual(['1300', '1480', '820']);
    expect(found.currencies.map(({ currency, localValues }) => [currency, texts(localValues)])).toEqual([
      ['CAD', ['0', '50', '50']],
      ['USD', ['1000', '1100', '550']],
    ]);
  });

  it('goes on through a split: quantity and unadjusted price change on one day', () => {
    const found = value([
      {
        commodity: 'RY',
        currency: 'CAD',
        quantities: points(['2023-01-01', 10], ['2024-01-03', 20]),
        prices: points(['2024-01-02', 200], ['2024-01-03', 100], ['2024-01-04', 101]),
      },
    ]);
    expect(texts(found.values)).toEqual(['2000', '2000', '2020']);
  });

  it('asks for no price before something is held, and for one from then on', () => {
    const held = points(['2024-01-03', 1]);
    const late = { commodity: 'X', currency: 'CAD', quantities: held, prices: points(['2024-01-03', 7]) };
    expect(texts(value([late]).values)).toEqual(['0', '7', '7']);
    const missing = value([{ ...late, prices: points(['2024-01-04', 7]) }]);
    expect(texts(missing.values)).toEqual(['0', null, '7']);
    expect(missing.missing).toEqual([{ kind: 'price', commodity: 'X', date: '2024-01-03' }]);
  });

  it('never takes a rate of 1 for want of one', () => {
    const dollars = {
      commodity: 'USD',
      currency: 'USD',
      quantities: points(['2024-01-02', 1]),
      prices: null,
    };
    const known = value([dollars], { USD: points(['2024-01-03', '1.3']) });
    expect(texts(known.values)).toEqual([null, '1.3', '1.3']);
    expect(known.missing).toEqual([{ kind: 'rate', base: 'USD', quote: 'CAD', date: '2024-01-02' }]);
    expect(texts(value([dollars]).values)).toEqual([null, null, null]);
  });
});
