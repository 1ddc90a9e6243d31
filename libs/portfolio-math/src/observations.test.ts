import { addDays, Decimal, isoDate, ONE, weekday, type IsoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import { propertyRuns } from '@dawsos/testing/property-runs';
import { observationGrid, observedReturns, type ObservedHolding } from './observations';

const FROM = isoDate('2023-12-29');
const TO = isoDate('2024-12-31');

function daysBetween(from: IsoDate, to: IsoDate): IsoDate[] {
  const days: IsoDate[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) days.push(date);
  return days;
}

const EVERY = daysBetween(FROM, TO);
const isSession = (date: IsoDate): boolean => weekday(date) >= 1 && weekday(date) <= 5;
const SESSIONS = EVERY.filter(isSession);
const FRIDAYS = EVERY.filter((date) => weekday(date) === 5);
const MONTH_ENDS = EVERY.filter((date) => addDays(date, 1).endsWith('-01'));

const holding = (
  quotes: readonly IsoDate[],
  worth: Decimal | number = 100,
  commodity = 'X',
): ObservedHolding => ({
  commodity,
  quotes,
  isHeld: () => true,
  worth: () => new Decimal(worth),
});
const gridOf = (...holdings: ObservedHolding[]): string => {
  const found = observationGrid({ from: FROM, to: TO, holdings });
  return found.ok ? found.grid.grid : `none: ${found.uncovered.join(' ')}`;
};

describe('the grid of the observation series', () => {
  it.each([
    ['every session', SESSIONS, 'daily-252'],
    ['every day, weekends too', EVERY, 'daily-365'],
    ['Fridays', FRIDAYS, 'weekly-52'],
    ['Wednesdays', EVERY.filter((date) => weekday(date) === 3), 'weekly-52'],
    ['the last day of the month', MONTH_ENDS, 'monthly-12'],
    ['twice a year', [MONTH_ENDS[5]!, MONTH_ENDS[11]!], 'none: X'],
  ])('is that of the quotes: %s', (_name, quotes, grid) => {
    expect(gridOf(holding(quotes))).toBe(grid);
  });

  it('merges holidays into the next session', () => {
    const holidays = new Set(['2024-01-01', '2024-03-29', '2024-07-04', '2024-11-28', '2024-12-25']);
    const quotes = SESSIONS.filter((date) => !holidays.has(date));
    const found = observationGrid({ from: FROM, to: TO, holdings: [holding(quotes)] });
    expect(found.ok && [found.grid.grid, found.grid.merged, found.grid.dates.length]).toEqual([
      'daily-252',
      5,
      SESSIONS.length - 5,
    ]);
  });

  it('takes a day for a holiday of what is held, whatever else is quoted', () => {
    const sold = { ...holding(SESSIONS, 1, 'Y'), isHeld: () => false };
    const holidays = new Set(['2024-01-01', '2024-07-04', '2024-12-25']);
    const found = observationGrid({
      from: FROM,
      to: TO,
      holdings: [holding(SESSIONS.filter((date) => !holidays.has(date))), sold],
    });
    expect(found.ok && [found.grid.grid, found.grid.merged]).toEqual(['daily-252', 3]);
  });

  it('weighs by value: a little that is quoted by the month leaves the days, a lot does not', () => {
    expect(gridOf(holding(SESSIONS, 95), holding(MONTH_ENDS, 5, 'Y'))).toBe('daily-252');
    expect(gridOf(holding(SESSIONS, 80), holding(MONTH_ENDS, 20, 'Y'))).toBe('monthly-12');
  });

  it('is as coarse as the year with the fewest quotes needs, and names the year', () => {
    const from = isoDate('2022-12-30');
    const quotes = [...daysBetween(from, FROM).filter(isSession), ...FRIDAYS];
    const found = observationGrid({ from, to: TO, holdings: [holding(quotes)] });
    expect(found.ok && [found.grid.grid, found.grid.coarsestFor]).toEqual(['weekly-52', 2024]);
  });

  it('is daily for money in base currency alone, which has no quotes', () => {
    expect(gridOf()).toBe('daily-252');
  });

  it('is what is asked for', () => {
    const found = observationGrid({ from: FROM, to: TO, holdings: [holding(SESSIONS)], asked: 'monthly' });
    expect(found.ok && [found.grid.grid, found.grid.dates.length]).toEqual(['monthly-12', 13]);
  });
});

describe('laws of the grid', () => {
  it('duplicate quotes change nothing', () => {
    fc.assert(
      fc.property(fc.subarray(SESSIONS), (quotes) => {
        const doubled = quotes.flatMap((date) => [date, date]);
        expect(gridOf(holding(doubled))).toBe(gridOf(holding(quotes)));
      }),
      { numRuns: propertyRuns(20) },
    );
  });

  it('a daily series thinned to one quote a week turns weekly', () => {
    const oneAWeek = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 60, maxLength: 60 }).map((picks) =>
      EVERY.filter((date) => {
        const week = Math.floor((Date.parse(date) / 86_400_000 + 3) / 7);
        return weekday(date) === picks[week % picks.length];
      }),
    );
    fc.assert(
      fc.property(oneAWeek, (quotes) => {
        expect(gridOf(holding(quotes))).toBe('weekly-52');
      }),
      { numRuns: propertyRuns(20) },
    );
  });
});

describe('observed returns', () => {
  const point = (date: string, number: DecimalLike, more: { empty?: boolean; stretch?: boolean } = {}) => ({
    date: isoDate(date),
    number: new Decimal(number),
    empty: more.empty ?? false,
    stretch: more.stretch ?? false,
  });
  type DecimalLike = Decimal | number | string;
  const dates = ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30'].map(isoDate);
  const observed = (index: ReturnType<typeof point>[]): string[] =>
    observedReturns({ index, start: index[0]!.date, end: index.at(-1)!.date }, dates).map(
      (one) => `${one.to} ${one.return.toFixed(2)}`,
    );

  it('are the changes of the index between the ends of intervals, carried where nothing came', () => {
    expect(
      observed([
        point('2024-01-31', 1),
        point('2024-02-15', '1.1'),
        point('2024-03-31', '1.21'),
        point('2024-05-01', '1.21'),
      ]),
    ).toEqual(['2024-02-29 0.10', '2024-03-31 0.10', '2024-04-30 0.00']);
  });

  it('leave out intervals without money, and those that touch the inside of a stale stretch', () => {
    expect(
      observed([
        point('2024-01-31', 1),
        point('2024-02-29', 1, { empty: true }),
        point('2024-03-15', '1.1'),
        point('2024-04-30', '1.1'),
      ]),
    ).toEqual(['2024-03-31 0.10', '2024-04-30 0.00']);
    expect(
      observed([
        point('2024-01-31', 1),
        point('2024-03-15', '1.1', { stretch: true }),
        point('2024-04-30', '1.21'),
      ]),
    ).toEqual(['2024-04-30 0.10']);
  });

  it('link to the return of the index where the whole of it is covered', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 50, max: 200 }), { minLength: 3, maxLength: 30 }), (numbers) => {
        const index = numbers.map((number, place) => ({
          date: addDays(FROM, place),
          number: new Decimal(number),
          empty: false,
          stretch: false,
        }));
        const span = { index, start: FROM, end: index.at(-1)!.date };
        const linked = observedReturns(
          span,
          index.map(({ date }) => date),
        ).reduce((wealth, one) => wealth.times(one.return.plus(ONE)), ONE);
        expect(
          linked
            .minus(new Decimal(numbers.at(-1)!).div(numbers[0]!))
            .abs()
            .lessThan('1e-20'),
        ).toBe(true);
      }),
    );
  });
});
