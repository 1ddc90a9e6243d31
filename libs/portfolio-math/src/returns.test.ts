import { Decimal, isoDate, ONE } from '@dawsos/contracts';
import fc from 'fast-check';
import {
  annualisedReturn,
  dailyReturns,
  linkedReturn,
  periodReturn,
  wealthIndex,
  type NavDay,
} from './returns';

type DecimalInput = Decimal | number | string;

const day = (date: string, value: DecimalInput, flow: DecimalInput = 0): NavDay => ({
  date: isoDate(date),
  value: new Decimal(value),
  flow: new Decimal(flow),
});
const percent = (value: Decimal, places = 2): string => value.times(100).toFixed(places);

describe('time-weighted return', () => {
  it('gives the CFA Program example of two shares: 22 % and 10 %, 15.84 % a year', () => {
    // CFA Program, Quantitative Methods, money- and time-weighted return: a share bought at 100, another at 120 a year
    // later, both sold at 130 after two; each year a dividend of 2 a share. The first dividend stays in the portfolio
    // here, so 118 more come from outside for the second share.
    const days = [day('2021-01-01', 100), day('2022-01-01', 240, 118), day('2023-01-01', 264)];
    const [first, second] = dailyReturns([
      days[0]!,
      { ...days[0]!, date: days[1]!.date, value: new Decimal(122) },
    ])
      .concat(dailyReturns([{ ...days[1]!, flow: new Decimal(0) }, days[2]!]))
      .map((row) => row.return);
    expect([percent(first!), percent(second!)]).toEqual(['22.00', '10.00']);
    const total = first!.plus(1).times(second!.plus(1)).minus(1);
    expect(percent(annualisedReturn(total, isoDate('2021-01-01'), isoDate('2023-01-01')))).toBe('15.84');
  });

  it('counts a net inflow from the start of its day and a net outflow until its end', () => {
    const inflow = dailyReturns([day('2024-01-02', 100), day('2024-01-03', 204, 100)]);
    expect(inflow[0]?.return.toFixed()).toBe('0.02');
    const outflow = dailyReturns([day('2024-01-02', 100), day('2024-01-03', 52, -50)]);
    expect(outflow[0]?.return.toFixed()).toBe('0.02');
  });

  it('has a return on the day of the first deposit and on that of the last withdrawal', () => {
    const days = [day('2024-01-02', 0), day('2024-01-03', 99, 100), day('2024-01-04', 0, -100)];
    expect(dailyReturns(days).map((row) => row.return.toFixed(6))).toEqual(['-0.010000', '0.010101']);
  });

  it('leaves out days on which there is no money', () => {
    const days = [day('2024-01-02', 0), day('2024-01-03', 0), day('2024-01-04', 101, 100)];
    expect(dailyReturns(days).map((row) => row.date)).toEqual(['2024-01-04']);
  });

  it('refuses a return on a base that is not positive', () => {
    expect(() => dailyReturns([day('2024-01-02', -5), day('2024-01-03', 10)])).toThrow(
      expect.objectContaining({ code: 'no_solution', message: expect.stringContaining('2024-01-03') }),
    );
  });

  it('does not annualise less than a year, as the GIPS standards ask', () => {
    expect(() => annualisedReturn(new Decimal('0.1'), isoDate('2024-01-01'), isoDate('2024-12-30'))).toThrow(
      expect.objectContaining({ code: 'insufficient_history' }),
    );
    const year = annualisedReturn(new Decimal('0.1'), isoDate('2023-01-01'), isoDate('2024-01-01'));
    expect(year.toFixed()).toBe('0.1');
  });

  it('a dividend that stays in the portfolio is return; the same money from outside is not', () => {
    const dividend = linkedReturn(dailyReturns([day('2024-01-02', 1000), day('2024-01-03', 1010)]));
    const deposit = linkedReturn(dailyReturns([day('2024-01-02', 1000), day('2024-01-03', 1010, 10)]));
    expect([dividend.toFixed(), deposit.toFixed()]).toEqual(['0.01', '0']);
  });
});

const value = fc.integer({ min: 1_00, max: 1_000_000_00 }).map((cents) => new Decimal(cents).div(100));
const history = fc
  .array(fc.record({ value, flow: fc.integer({ min: -50_00, max: 500_00 }) }), {
    minLength: 3,
    maxLength: 40,
  })
  .map((rows) =>
    rows.map((row, index): NavDay => ({
      date: isoDate(new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10)),
      value: row.value,
      flow: new Decimal(row.flow).div(100),
    })),
  );

const near = (a: Decimal, b: Decimal): boolean =>
  a.minus(b).abs().lessThan(Decimal.max(1, b.abs()).times('1e-18'));

describe('laws of returns', () => {
  it('returns of parts chain to the return of the whole', () => {
    fc.assert(
      fc.property(history, fc.nat(), (days, at) => {
        const cut = 1 + (at % (days.length - 2));
        const whole = linkedReturn(dailyReturns(days)).plus(ONE);
        const parts = [days.slice(0, cut + 1), days.slice(cut)].map((part) =>
          linkedReturn(dailyReturns(part)).plus(ONE),
        );
        const product = parts[0]!.times(parts[1]!);
        expect(near(product, whole)).toBe(true);
      }),
    );
  });

  it('products of values give what linked days give', () => {
    fc.assert(
      fc.property(history, (days) => {
        expect(near(periodReturn(days), linkedReturn(dailyReturns(days)))).toBe(true);
      }),
    );
  });

  it('without flows the return is end over start', () => {
    fc.assert(
      fc.property(history, (days) => {
        const still = days.map((row) => ({ ...row, flow: new Decimal(0) }));
        const expected = still.at(-1)!.value.div(still[0]!.value).minus(1);
        expect(near(linkedReturn(dailyReturns(still)), expected)).toBe(true);
      }),
    );
  });

  it('does not depend on the size of the portfolio', () => {
    fc.assert(
      fc.property(history, (days) => {
        const scaled = days.map((row) => ({ ...row, value: row.value.times(7), flow: row.flow.times(7) }));
        expect(near(linkedReturn(dailyReturns(scaled)), linkedReturn(dailyReturns(days)))).toBe(true);
      }),
    );
  });

  it('the wealth index ends where the linked return does', () => {
    fc.assert(
      fc.property(history, (days) => {
        const returns = dailyReturns(days);
        expect(wealthIndex(returns).at(-1)!.number.minus(1).equals(linkedReturn(returns))).toBe(true);
      }),
    );
  });
});
