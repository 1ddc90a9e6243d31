import { addDays, Decimal, isoDate, ONE } from '@dawsos/contracts';
import fc from 'fast-check';
import { linkReturns, visitParts } from './linked-returns';
import { FLOW_TIMINGS } from './return-steps';
import { annualisedReturn, type NavDay } from './returns';

type DecimalInput = Decimal | number | string;

const day = (
  date: string,
  value: DecimalInput,
  flow: DecimalInput = 0,
  more: { before?: DecimalInput; in?: DecimalInput; out?: DecimalInput; stale?: NavDay['stale'] } = {},
): NavDay => ({
  date: isoDate(date),
  value: new Decimal(value),
  flow: new Decimal(flow),
  ...(more.before === undefined ? {} : { before: new Decimal(more.before) }),
  ...(more.in === undefined || more.out === undefined
    ? {}
    : { gross: { in: new Decimal(more.in), out: new Decimal(more.out) } }),
  ...(more.stale === undefined ? {} : { stale: more.stale }),
});
const percent = (value: Decimal, places = 2): string => value.times(100).toFixed(places);
const twr = (days: readonly NavDay[], timing?: (typeof FLOW_TIMINGS)[number]): Decimal =>
  linkReturns(days, timing).span!.growth.minus(1);

describe('time-weighted return, revalued at flows', () => {
  it('gives the CFA Program example of two shares: 15.84 % a year', () => {
    // CFA Program, Quantitative Methods, money- and time-weighted return: a share bought at 100, another at 120 a year
    // later, both sold at 130 after two; each year a dividend of 2 a share. The first dividend stays in the portfolio
    // here, so 118 more come from outside for the second share: 22 % and 10 %.
    const days = [
      day('2021-01-01', 100),
      day('2022-01-01', 240, 118, { before: 122 }),
      day('2023-01-01', 264),
    ];
    const total = twr(days);
    expect(total.toFixed(6)).toBe(new Decimal('1.22').times('1.1').minus(1).toFixed(6));
    expect(percent(annualisedReturn(total, isoDate('2021-01-01'), isoDate('2023-01-01')))).toBe('15.84');
  });

  it('counts what the old units gained before the flow on the old money', () => {
    // 100 rose to 110 by the time at which 100 came in; nothing moved after that.
    expect(twr([day('2024-01-02', 100), day('2024-01-03', 210, 100, { before: 110 })]).toFixed(4)).toBe(
      '0.1000',
    );
  });

  it('charges the costs of the trades off the close to the money that was there for them', () => {
    // 100 and 100 more, 2 of costs: −1 % of 200.
    expect(twr([day('2024-01-02', 100), day('2024-01-03', 198, 100, { before: 100 })]).toFixed(4)).toBe(
      '-0.0100',
    );
  });

  it('has a return on the day of the first deposit and on that of the last withdrawal', () => {
    const { span } = linkReturns([
      day('2024-01-02', 0),
      day('2024-01-03', 99, 100, { before: 0 }),
      day('2024-01-04', 0, -100, { before: 100 }),
    ]);
    expect(span!.index.map(({ number }) => number.toFixed(4))).toEqual(['1.0000', '0.9900', '1.0000']);
  });

  it('counts in and out apart where their net leaves no base', () => {
    // 100 came and 100 went on one day, at nothing held: 1 was lost on 100, not on nothing.
    const days = [
      day('2024-01-02', 0),
      day('2024-01-03', 0, 1, { before: 0, in: 100, out: -99 }),
      day('2024-01-04', 50, 50, { before: 0 }),
    ];
    expect(twr(days).toFixed(4)).toBe('-0.0100');
  });

  it('nets money that comes and goes again', () => {
    const days = [day('2024-01-02', 100), day('2024-01-03', 101, 0, { before: 101, in: 500, out: -500 })];
    expect(twr(days).toFixed(6)).toBe('0.010000');
  });

  it('links stretches without money at 1', () => {
    const days = [
      day('2024-01-02', 100),
      day('2024-01-03', 0, -110, { before: 110 }),
      day('2024-02-01', 0),
      day('2024-02-02', 100, 100, { before: 0 }),
      day('2024-02-05', 105),
    ];
    expect(twr(days).toFixed(4)).toBe('0.1550');
  });

  it('a dividend that stays in the portfolio is return; the same money from outside is not', () => {
    expect(twr([day('2024-01-02', 1000), day('2024-01-03', 1010)]).toFixed()).toBe('0.01');
    expect(twr([day('2024-01-02', 1000), day('2024-01-03', 1010, 10, { before: 1000 })]).toFixed()).toBe('0');
  });

  it('has daily conventions for those who ask', () => {
    const days = [day('2024-01-02', 100), day('2024-01-03', 210, 100, { before: 110 })];
    expect(FLOW_TIMINGS.map((timing) => [timing, twr(days, timing).toFixed(4)])).toEqual([
      ['revalued', '0.1000'],
      ['refuse', '0.1000'],
      ['inflow-start-outflow-end', '0.0500'],
      ['start', '0.0500'],
      ['end', '0.1000'],
    ]);
  });
});

describe('a flow at stale prices', () => {
  const SUBSCRIBED = [
    day('2024-01-01', 100),
    // Carried from 1 January: what 100 were worth on 1 July nobody knows.
    day('2024-07-01', 200, 100, { before: 100, stale: 'both' }),
    day('2024-12-31', 220),
  ];

  it('gives way to Modified Dietz from the last known value to the next', () => {
    // 365 days, 184 of them left, 1 July included: 20 / (100 + 100 × 184 / 365).
    expect(twr(SUBSCRIBED).toFixed(6)).toBe(
      new Decimal(20).div(new Decimal(100).plus(18400 / 365)).toFixed(6),
    );
  });

  it('is refused by those who ask for that', () => {
    const { span, breaks } = linkReturns(SUBSCRIBED, 'refuse');
    expect([span, breaks.map(({ code }) => code)]).toEqual([null, ['flow_value_stale']]);
  });

  it('takes a sale of all at its price for the end of the stretch: it counts to its last day', () => {
    const days = [day('2024-01-01', 100), day('2024-07-01', 0, -130, { before: 100, stale: 'before' })];
    expect(twr(days).toFixed(4)).toBe('0.3000');
  });

  it('ends before the flows of the next day with known values', () => {
    const days = [
      ...SUBSCRIBED.slice(0, 2),
      day('2024-12-31', 330, 110, { before: 220 }),
      day('2025-01-31', 363),
    ];
    const dietz = new Decimal(20).div(new Decimal(100).plus(18400 / 365)).plus(1);
    expect(twr(days).plus(1).toFixed(6)).toBe(dietz.times('1.1').toFixed(6));
  });

  it('makes one stretch of several such flows', () => {
    const days = [
      day('2024-01-01', 100),
      day('2024-04-01', 150, 50, { before: 100, stale: 'both' }),
      day('2024-05-01', 150, 0, { stale: 'both' }),
      day('2024-07-01', 120, -30, { before: 150, stale: 'both' }),
      day('2024-12-31', 140),
    ];
    const { span } = linkReturns(days);
    expect(span!.steps.map(({ step }) => step.kind)).toEqual(['dietz']);
    const base = 100 + (50 * 275) / 365 - (30 * 183) / 365;
    expect(span!.growth.minus(1).toFixed(8)).toBe(new Decimal(20).div(base).toFixed(8));
  });
});

describe('at or below −100 %', () => {
  it('is −1 where all is lost, and begins anew with new money', () => {
    const { spans } = linkReturns([
      day('2024-01-01', 100),
      day('2024-01-02', 0),
      day('2024-01-03', 50, 50, { before: 0 }),
      day('2024-01-05', 55),
    ]);
    expect(spans.map(({ start, growth }) => [start, growth.minus(1).toFixed(2)])).toEqual([
      ['2024-01-01', '-1.00'],
      ['2024-01-02', '0.10'],
    ]);
  });

  it('breaks below zero: nothing links across, and the longest span counts', () => {
    const { spans, span, breaks } = linkReturns([
      day('2024-01-01', 100),
      day('2024-01-02', 120),
      day('2024-01-10', -30),
      day('2024-01-11', -10),
      day('2024-01-12', 40, 50, { before: -10 }),
      day('2024-03-01', 44),
    ]);
    expect(breaks.map(({ date, code, amount }) => [date, code, amount?.toFixed()])).toEqual([
      ['2024-01-10', 'below_zero', '-30'],
    ]);
    expect(spans.map(({ growth }) => growth.toFixed(2))).toEqual(['1.20', '1.10']);
    expect(span).toBe(spans[1]);
  });

  it('breaks at a profit on nothing', () => {
    const { breaks, span } = linkReturns([
      day('2024-01-01', 100),
      day('2024-01-08', 0, -110, { before: 110 }),
      day('2024-01-20', 20),
      day('2024-01-21', 0, -20, { before: 20 }),
    ]);
    expect(breaks.map(({ date, code, amount }) => [date, code, amount?.toFixed()])).toEqual([
      ['2024-01-20', 'profit_without_basis', '20'],
    ]);
    expect(span!.growth.minus(1).toFixed(2)).toBe('0.10');
  });

  it('breaks at a profit on next to nothing, of a span that once was large', () => {
    const { breaks } = linkReturns([
      day('2024-01-01', 10000),
      day('2024-01-02', '0.05', -9999.95, { before: 10000 }),
      day('2024-01-20', '20.05'),
    ]);
    expect(breaks.map(({ code }) => code)).toEqual(['profit_without_basis']);
  });

  it('breaks where a value is not known', () => {
    const { spans, breaks } = linkReturns([
      day('2024-01-01', 100),
      { ...day('2024-01-02', 0), value: null },
      day('2024-01-03', 100),
      day('2024-01-04', 101),
    ]);
    expect([spans.length, breaks.map(({ code }) => code)]).toEqual([1, ['value_unknown']]);
    expect(spans[0]!.growth.toFixed(2)).toBe('1.01');
  });
});

// Apart by less than a thousand times: a gain on less than 0.1 % of what there was is a break.
const cents = fc.integer({ min: 5_000_00, max: 1_000_000_00 }).map((number) => new Decimal(number).div(100));
const history = fc
  .array(
    fc.record({
      value: cents,
      flow: fc.integer({ min: -50_00, max: 500_00 }),
      before: cents,
      stale: fc.constantFrom(undefined, undefined, 'before' as const, 'after' as const, 'both' as const),
    }),
    { minLength: 3, maxLength: 40 },
  )
  .map((rows) =>
    rows.map(({ value, flow, before, stale }, index): NavDay => ({
      date: addDays(isoDate('2024-01-01'), index),
      value,
      flow: new Decimal(flow).div(100),
      before,
      ...(stale === undefined ? {} : { stale }),
    })),
  );
const timing = fc.constantFrom(...FLOW_TIMINGS);
const near = (a: Decimal, b: Decimal): boolean =>
  a.minus(b).abs().lessThan(Decimal.max(1, b.abs()).times('1e-18'));

describe('laws of returns', () => {
  it('what is earned in each part of a day, at its scale, adds up to the return of the span', () => {
    fc.assert(
      fc.property(history, timing, (days, asked) => {
        const { span } = linkReturns(days, asked);
        if (span === null) return;
        let sum = new Decimal(0);
        let greatest = ONE;
        visitParts(span, (index, part, scale) => {
          const [eve, now] = [days[index - 1]!, days[index]!];
          const from = part === 'after' ? now.before! : eve.value!;
          const to = part === 'before' ? now.before! : now.value!;
          const flow = part === 'before' ? 0 : now.flow!;
          sum = sum.plus(to.minus(from).minus(flow).times(scale));
        });
        for (const { wealth } of span.steps) greatest = Decimal.max(greatest, wealth);
        expect(sum.minus(span.growth.minus(1)).abs().lessThan(greatest.times('1e-15'))).toBe(true);
      }),
    );
  });

  it('without flows the return is end over start, whatever is stale', () => {
    fc.assert(
      fc.property(history, timing, (days, asked) => {
        const still = days.map(({ before: _before, ...row }) => ({ ...row, flow: new Decimal(0) }));
        const expected = still.at(-1)!.value!.div(still[0]!.value!);
        expect(near(linkReturns(still, asked).span!.growth, expected)).toBe(true);
      }),
    );
  });

  it('does not depend on the size of the portfolio', () => {
    const times7 = (value: Decimal | null | undefined): Decimal => value!.times(7);
    fc.assert(
      fc.property(history, timing, (days, asked) => {
        const scaled = days.map((row) => ({
          ...row,
          value: times7(row.value),
          flow: times7(row.flow),
          before: times7(row.before),
        }));
        const [one, other] = [linkReturns(days, asked), linkReturns(scaled, asked)];
        expect(other.spans.map(({ start, end }) => [start, end])).toEqual(
          one.spans.map(({ start, end }) => [start, end]),
        );
        one.spans.forEach((span, place) => expect(near(other.spans[place]!.growth, span.growth)).toBe(true));
      }),
    );
  });

  it('never gives a number that is none, at any leverage', () => {
    const wild = fc
      .array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -100, max: 100 })), {
        minLength: 2,
        maxLength: 30,
      })
      .map((rows) =>
        rows.map(([value, flow], index) =>
          day(addDays(isoDate('2024-01-01'), index), value, flow, { before: value - flow }),
        ),
      );
    fc.assert(
      fc.property(wild, timing, (days, asked) => {
        for (const { growth, index } of linkReturns(days, asked).spans) {
          expect(growth.isFinite() && !growth.isNegative()).toBe(true);
          expect(index.every(({ number }) => number.isFinite())).toBe(true);
        }
      }),
    );
  });
});
