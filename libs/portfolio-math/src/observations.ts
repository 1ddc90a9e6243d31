import { addDays, Decimal, ONE, weekday, ZERO, type IsoDate } from '@dawsos/contracts';
import type { ReturnSpan } from './linked-returns';
import { LIMITS } from './measurement-limits';

/** The grids of the observation series, the finest first, with the steps of each in a year. */
export const GRIDS = {
  'daily-365': { factor: 365, minimum: 20, daysAStep: null },
  'daily-252': { factor: 252, minimum: 20, daysAStep: 1 },
  'weekly-52': { factor: 52, minimum: 26, daysAStep: 5 },
  'monthly-12': { factor: 12, minimum: 12, daysAStep: 21 },
} as const;
export type GridName = keyof typeof GRIDS;

/** What a caller may ask for in place of the finest that the quotes carry. */
export const GRID_CHOICES = ['daily', 'weekly', 'monthly'] as const;
export type GridChoice = (typeof GRID_CHOICES)[number];

/** Something that can move: a holding with prices, or money in another currency. */
export interface ObservedHolding {
  readonly commodity: string;
  /** The days of its own quotes, ascending: prices; for money, rates. */
  readonly quotes: readonly IsoDate[];
  /** Whether any of it is held at the close of a day. */
  isHeld(date: IsoDate): boolean;
  /** In base currency at the close of a day; null where it is not known. */
  worth(date: IsoDate): Decimal | null;
}

export interface ObservationGrid {
  readonly grid: GridName;
  /** The ends of the intervals, the first the start of the first interval. */
  readonly dates: readonly IsoDate[];
  /** The least mean share, over the calendar years, of what could move that had a quote of its own. */
  readonly coverage: Decimal;
  /** Sessions without any quote that were merged into the next. */
  readonly merged: number;
  /** The calendar year that needs a grid as coarse as this; null where the finest serves all, or one was asked for. */
  readonly coarsestFor: number | null;
}

export type GridOutcome =
  | { readonly ok: true; readonly grid: ObservationGrid }
  | { readonly ok: false; readonly uncovered: readonly string[] };

export interface GridInput {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly holdings: readonly ObservedHolding[];
  readonly asked?: GridChoice | undefined;
}

/**
 * The finest grid in whose intervals, on average over each calendar year, 90 % by value of what can move has a quote
 * of its own: `daily` (Monday to Friday; every day where 90 % are quoted on weekends), `weekly` (Friday) or `monthly`
 * (last day). Prices carried from day to day are no observations: an index sampled more often than it is quoted has
 * too little deviation a step and too much a year. Where none fits, the commodities that are quoted too seldom.
 */
export function observationGrid({ from, to, holdings, asked }: GridInput): GridOutcome {
  const days = everyDay(from, to);
  if (asked === undefined || asked === 'daily') {
    const daily = dailyGrid(days, holdings, asked !== undefined);
    if (daily !== undefined) return { ok: true, grid: daily };
  }
  let needed = firstUncovered(sessions(days), holdings);
  for (const grid of ['weekly-52', 'monthly-12'] as const) {
    if (asked !== undefined && !grid.startsWith(asked)) continue;
    const dates = grid === 'weekly-52' ? fridays(days) : monthEnds(days);
    const byYear = coverageByYear(dates, holdings);
    const uncovered = worstYear(byYear);
    const covered = uncovered === undefined || uncovered.share.greaterThanOrEqualTo(LIMITS.coverage);
    if (covered || asked !== undefined) {
      const coverage = uncovered?.share ?? ONE;
      const coarsestFor = asked === undefined ? needed : null;
      return { ok: true, grid: { grid, dates, coverage, merged: 0, coarsestFor } };
    }
    needed = uncovered.year;
  }
  return { ok: false, uncovered: seldomQuoted(monthEnds(days), holdings) };
}

export interface ObservedReturn {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly return: Decimal;
}

/** The returns W₁ / W₀ − 1 of the intervals within the span that hold something and end outside a stale stretch. */
export function observedReturns(
  { index, start, end }: Pick<ReturnSpan, 'index' | 'start' | 'end'>,
  dates: readonly IsoDate[],
): ObservedReturn[] {
  const returns: ObservedReturn[] = [];
  let [next, held] = [0, false];
  let last: ReturnSpan['index'][number] | undefined;
  let before: { readonly date: IsoDate; readonly wealth: Decimal } | undefined;
  for (const date of dates) {
    held = false;
    for (let point = index[next]; point !== undefined && point.date <= date; point = index[++next]) {
      last = point;
      if (!point.empty) held = true;
    }
    const inStretch = last !== undefined && last.date < date && index[next]?.stretch === true;
    if (last === undefined || date < start || date > end || inStretch) {
      before = undefined;
      continue;
    }
    if (before !== undefined && !before.wealth.isZero() && (held || !last.empty)) {
      const change = last.number === before.wealth ? ZERO : last.number.div(before.wealth).minus(ONE);
      returns.push({ from: before.date, to: date, return: change });
    }
    before = { date, wealth: last.number };
  }
  return returns;
}

function dailyGrid(
  days: readonly CalendarDay[],
  holdings: readonly ObservedHolding[],
  asked: boolean,
): ObservationGrid | undefined {
  const weekdays = sessions(days);
  const quoted = new Set(holdings.flatMap(({ quotes }) => quotes));
  const weekends = days.filter((day) => !isSession(day));
  if (weekends.some(({ date }) => quoted.has(date))) {
    const shares = weekends.flatMap(({ date }) => coverageOf(addDays(date, -1), date, holdings) ?? []);
    if (shares.length > 0 && meanOf(shares).greaterThanOrEqualTo(LIMITS.coverage)) {
      const dates = datesOf(days);
      const coverage = worstYear(coverageByYear(dates, holdings))?.share ?? ONE;
      return { grid: 'daily-365', dates, coverage, merged: 0, coarsestFor: null };
    }
  }
  const { dates, merged, run } = withoutSilentSessions(weekdays, holdings);
  const worst = worstYear(coverageByYear(dates, holdings));
  const allowed = Decimal.max(LIMITS.mergedSessions.times(weekdays.length - 1), LIMITS.mergedAtLeast);
  const fits =
    (worst === undefined || worst.share.greaterThanOrEqualTo(LIMITS.coverage)) &&
    allowed.greaterThanOrEqualTo(merged) &&
    run <= LIMITS.mergedRun;
  if (!fits && !asked) return undefined;
  return { grid: 'daily-252', dates, coverage: worst?.share ?? ONE, merged, coarsestFor: null };
}

/** Holidays: sessions on which nothing that is held has a quote are no ends of an interval. */
function withoutSilentSessions(
  dates: readonly IsoDate[],
  holdings: readonly ObservedHolding[],
): { dates: IsoDate[]; merged: number; run: number } {
  const quoted = holdings.map((holding) => ({ holding, days: new Set(holding.quotes) }));
  const kept: IsoDate[] = [];
  let [merged, run, longest] = [0, 0, 0];
  for (const [place, date] of dates.entries()) {
    const held = quoted.filter(({ holding }) => holding.isHeld(date));
    const silent = place > 0 && held.length > 0 && !held.some(({ days }) => days.has(date));
    if (silent) {
      merged++;
      run++;
      longest = Math.max(longest, run);
      continue;
    }
    run = 0;
    kept.push(date);
  }
  return { dates: kept, merged, run: longest };
}

interface YearShare {
  readonly year: number;
  readonly share: Decimal;
}

function coverageByYear(dates: readonly IsoDate[], holdings: readonly ObservedHolding[]): YearShare[] {
  const years = new Map<number, Decimal[]>();
  for (const [place, date] of dates.entries()) {
    const before = dates[place - 1];
    if (before === undefined) continue;
    const share = coverageOf(before, date, holdings);
    if (share === undefined) continue;
    const year = Number(date.slice(0, 4));
    const shares = years.get(year) ?? [];
    years.set(year, shares);
    shares.push(share);
  }
  return [...years].map(([year, shares]) => ({ year, share: meanOf(shares) }));
}

/** The share by value of what can move with a quote after `from` and up to `to`; 1 where nothing can; undefined where a worth is not known. */
function coverageOf(from: IsoDate, to: IsoDate, holdings: readonly ObservedHolding[]): Decimal | undefined {
  const held = holdings.filter((holding) => holding.isHeld(to));
  const missing = held.filter((holding) => !hasQuote(holding.quotes, from, to));
  if (missing.length === 0) return ONE;
  if (missing.length === held.length) return ZERO;
  let [all, uncovered] = [ZERO, ZERO];
  for (const holding of held) {
    const worth = holding.worth(to)?.abs();
    if (worth === undefined) return undefined;
    all = all.plus(worth);
    if (missing.includes(holding)) uncovered = uncovered.plus(worth);
  }
  return ONE.minus(uncovered.div(all));
}

function hasQuote(quotes: readonly IsoDate[], from: IsoDate, to: IsoDate): boolean {
  let [low, high] = [0, quotes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((quotes[middle] ?? '') <= to) low = middle + 1;
    else high = middle;
  }
  const newest = quotes[low - 1];
  return newest !== undefined && newest > from;
}

const worstYear = (years: readonly YearShare[]): YearShare | undefined =>
  years.reduce<YearShare | undefined>(
    (worst, year) => (worst === undefined || year.share.lessThan(worst.share) ? year : worst),
    undefined,
  );

function firstUncovered(dates: readonly IsoDate[], holdings: readonly ObservedHolding[]): number | null {
  return worstYear(coverageByYear(dates, holdings))?.year ?? null;
}

function seldomQuoted(dates: readonly IsoDate[], holdings: readonly ObservedHolding[]): string[] {
  return holdings
    .filter((holding) => {
      const shares = dates.slice(1).flatMap((date, place) => {
        const from = dates[place];
        if (from === undefined || !holding.isHeld(date)) return [];
        return hasQuote(holding.quotes, from, date) ? ONE : ZERO;
      });
      return shares.length > 0 && meanOf(shares).lessThan(LIMITS.coverage);
    })
    .map(({ commodity }) => commodity)
    .sort();
}

const meanOf = (values: readonly Decimal[]): Decimal =>
  values.reduce((sum, value) => sum.plus(value), ZERO).div(values.length);

interface CalendarDay {
  readonly date: IsoDate;
  /** 0 = Sunday … 6 = Saturday. */
  readonly weekday: number;
}

const MILLISECONDS_A_DAY = 86_400_000;

/** Each calendar day from the first to the last, its weekday counted on. */
function everyDay(from: IsoDate, to: IsoDate): CalendarDay[] {
  const days: CalendarDay[] = [];
  const end = Date.parse(`${to}T00:00:00Z`);
  let day = weekday(from);
  for (let time = Date.parse(`${from}T00:00:00Z`); time <= end; time += MILLISECONDS_A_DAY) {
    days.push({ date: new Date(time).toISOString().slice(0, 10) as IsoDate, weekday: day });
    day = (day + 1) % 7;
  }
  return days;
}

const isSession = ({ weekday: day }: CalendarDay): boolean => day >= 1 && day <= 5;
const datesOf = (days: readonly CalendarDay[]): IsoDate[] => days.map(({ date }) => date);

/** The close of the first day begins the first interval, a session or not: nothing is observed between the two. */
const sessions = (days: readonly CalendarDay[]): IsoDate[] =>
  datesOf(days.filter((day, place) => place === 0 || isSession(day)));

/** Whole weeks and months alone: a part of one has too little deviation. */
const fridays = (days: readonly CalendarDay[]): IsoDate[] => datesOf(days.filter((day) => day.weekday === 5));

const monthEnds = (days: readonly CalendarDay[]): IsoDate[] =>
  datesOf(days.filter(({ date }) => date.slice(8) >= '28' && addDays(date, 1).endsWith('-01')));
