import { addDays, Decimal, isoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import { propertyRuns } from '@dawsos/testing/property-runs';
import type { Dated } from './dated';
import { netPresentValue, rateOfReturn, xirr } from './xirr';

type DecimalInput = Decimal | number | string;

const flow = (date: string, number: DecimalInput): Dated => ({
  date: isoDate(date),
  number: new Decimal(number),
});

describe('money-weighted return (XIRR)', () => {
  it("gives the example of Excel's documentation: 37.3362535 %", () => {
    // Microsoft, "XIRR function": published result 0.373362535, found to within 0.000001 per cent by iteration.
    const rate = xirr([
      flow('2008-01-01', -10000),
      flow('2008-03-01', 2750),
      flow('2008-10-30', 4250),
      flow('2009-02-15', 3250),
      flow('2009-04-01', 2750),
    ]);
    expect(rate.minus('0.373362535').abs().lessThan('0.00000001')).toBe(true);
  });

  it('gives the CFA Program example of two shares: 13.86 % a year', () => {
    // As in returns.test.ts; years of 365 days, so that Act/365 counts whole years.
    const start = isoDate('2021-01-01');
    const rate = xirr([
      { date: start, number: new Decimal(-100) },
      { date: addDays(start, 365), number: new Decimal(-118) },
      { date: addDays(start, 730), number: new Decimal(264) },
    ]);
    expect(rate.times(100).toFixed(2)).toBe('13.86');
  });

  it('solves two flows in closed form', () => {
    expect(xirr([flow('2022-01-01', -100), flow('2023-01-01', 110)]).toFixed(24)).toBe(
      '0.100000000000000000000000',
    );
    expect(xirr([flow('2021-01-01', -100), flow('2023-01-01', 121)]).toFixed(24)).toBe(
      '0.100000000000000000000000',
    );
  });

  it('is 0 where no more comes back than went in, whatever binary sums of the amounts round to', () => {
    for (const amounts of [
      [-102.29, -30, 132.29],
      [-516.92, -70, 586.92],
      [-0.1, -0.2, 0.3],
    ]) {
      const [first = 0, second = 0, last = 0] = amounts;
      const flows = [flow('2023-12-31', first), flow('2024-01-02', second), flow('2024-01-03', last)];
      const { rate, roots } = rateOfReturn(flows);
      expect([rate.abs().lessThan('1e-20'), roots.length]).toEqual([true, 1]);
    }
  });

  it('adds up flows of one day and ignores order', () => {
    const rate = xirr([flow('2023-01-01', 60), flow('2022-01-01', -100), flow('2023-01-01', 50)]);
    expect(rate.toFixed(12)).toBe('0.100000000000');
  });

  it('finds a total loss of nearly all and a gain of thousands of per cent', () => {
    expect(
      xirr([flow('2022-01-01', -100), flow('2022-07-01', -100), flow('2023-01-01', 1)]).lessThan('-0.98'),
    ).toBe(true);
    expect(
      xirr([flow('2022-01-01', -1), flow('2022-02-01', -1), flow('2022-03-01', 90)]).greaterThan(1000),
    ).toBe(true);
  });

  it.each([
    ['nothing', []],
    ['one day', [flow('2022-01-01', -5), flow('2022-01-01', 6)]],
    ['one sign', [flow('2022-01-01', -5), flow('2023-01-01', -6)]],
    [
      'a present value that is never zero',
      [flow('2022-01-01', -100), flow('2023-01-01', 200), flow('2024-01-01', -150)],
    ],
  ])('has no solution for %s', (_name, flows) => {
    expect(() => xirr(flows)).toThrow(expect.objectContaining({ code: 'no_solution' }));
  });

  it('of two solutions takes the one nearer to zero', () => {
    // −100, +260, −165 a year apart: 10 % and 50 %.
    const start = isoDate('2021-01-01');
    const flows = [-100, 260, -165].map((number, year) => ({
      date: addDays(start, 365 * year),
      number: new Decimal(number),
    }));
    expect(xirr(flows).toFixed(10)).toBe('0.1000000000');
    expect(rateOfReturn(flows).roots.map((root) => root.toFixed(10))).toEqual([
      '0.1000000000',
      '0.5000000000',
    ]);
  });
});

const investment = fc
  .record({
    opening: fc.integer({ min: 100, max: 1_000_000 }),
    later: fc.array(
      fc.record({ after: fc.integer({ min: 1, max: 500 }), amount: fc.integer({ min: -5000, max: -1 }) }),
      {
        maxLength: 12,
      },
    ),
    growthPercent: fc.integer({ min: 5, max: 2000 }),
  })
  .map(({ opening, later, growthPercent }): Dated[] => {
    const start = isoDate('2020-01-01');
    const paid = later.reduce((sum, { amount }) => sum - amount, opening);
    return [
      { date: start, number: new Decimal(-opening) },
      ...later.map(({ after, amount }) => ({ date: addDays(start, after), number: new Decimal(amount) })),
      { date: addDays(start, 1001), number: new Decimal(paid).times(growthPercent).div(100) },
    ];
  });

describe('laws of XIRR', () => {
  it('the present value at the rate is zero', () => {
    fc.assert(
      fc.property(investment, (flows) => {
        const rate = xirr(flows);
        const size = flows.reduce(
          (sum, one) => sum.plus(netPresentValue([flows[0]!, one], rate).plus(flows[0]!.number.abs()).abs()),
          new Decimal(0),
        );
        expect(netPresentValue(flows, rate).abs().div(size).lessThan('1e-18')).toBe(true);
      }),
      { numRuns: propertyRuns(60) },
    );
  });

  it('does not depend on the size of the flows', () => {
    fc.assert(
      fc.property(investment, (flows) => {
        const scaled = flows.map(({ date, number }) => ({ date, number: number.times(13) }));
        expect(xirr(scaled).minus(xirr(flows)).abs().lessThan('1e-18')).toBe(true);
      }),
      { numRuns: propertyRuns(30) },
    );
  });
});
