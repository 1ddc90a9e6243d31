import { addDays, daysBetween, isoDate, weekday, type IsoDate } from '@dawsos/contracts';
import { instantOf } from './zoned-time';

/** The days on which a market states closing prices, and when they are to be expected. */
export interface MarketCalendar {
  readonly name: string;
  isSession(day: IsoDate): boolean;
  /** Sessions after `start` up to and including `end`; 0 when `end` is not later. */
  sessionsBetween(start: IsoDate, end: IsoDate): number;
  sessionOnOrBefore(day: IsoDate): IsoDate;
  /** From when a day's close is to be expected. */
  dueAt(day: IsoDate): Date;
  /** The newest day whose close is to be expected at that moment. */
  lastDueDay(at: Date): IsoDate;
}

export interface CalendarDefinition {
  readonly name: string;
  /** 0 = Sunday … 6 = Saturday; at most six of them. Saturday and Sunday when absent. */
  readonly weekend?: readonly number[];
  readonly holidays?: Iterable<IsoDate>;
  /** When the day's close is there; without it, a day counts from its first moment, UTC. */
  readonly close?: {
    /** A name of the IANA data base: `America/New_York`. */
    readonly timeZone: string;
    /** `16:00`, the market's own time. */
    readonly time: string;
    readonly delayMinutes: number;
  };
}

/** Years without a session would be a mistake of the calendar's. */
const LONGEST_CLOSURE_DAYS = 400;
const WEEKEND = [0, 6];

export function createMarketCalendar({
  name,
  weekend = WEEKEND,
  holidays = [],
  close,
}: CalendarDefinition): MarketCalendar {
  const off = new Set(weekend);
  const closed = new Set([...holidays].filter((day) => !off.has(weekday(day))));
  const ordered = [...closed].sort();
  const closedUntil = (day: IsoDate): number => countUntil(ordered, day);
  let known: { readonly day: IsoDate; readonly from: number; readonly until: number } | undefined;

  const isSession = (day: IsoDate): boolean => !off.has(weekday(day)) && !closed.has(day);
  const dueAt = (day: IsoDate): Date =>
    close === undefined
      ? new Date(`${day}T00:00:00Z`)
      : new Date(instantOf(day, close.time, close.timeZone).getTime() + close.delayMinutes * 60_000);

  return {
    name,
    isSession,
    dueAt,
    sessionsBetween(start, end) {
      const days = daysBetween(start, end);
      if (days <= 0) return 0;
      const wholeWeeks = Math.floor(days / 7);
      let count = wholeWeeks * (7 - off.size);
      for (let day = addDays(start, wholeWeeks * 7 + 1); day <= end; day = addDays(day, 1)) {
        if (!off.has(weekday(day))) count += 1;
      }
      return count - (closedUntil(end) - closedUntil(start));
    },
    sessionOnOrBefore(day) {
      for (let back = 0; back < LONGEST_CLOSURE_DAYS; back += 1) {
        const session = addDays(day, -back);
        if (isSession(session)) return session;
      }
      return day;
    },
    lastDueDay(at) {
      const time = at.getTime();
      if (known !== undefined && known.from <= time && time < known.until) return known.day;
      // the day east of the date line may be one ahead
      let day = addDays(isoDate(at.toISOString().slice(0, 10)), 1);
      while (dueAt(day).getTime() > time) day = addDays(day, -1);
      known = { day, from: dueAt(day).getTime(), until: dueAt(addDays(day, 1)).getTime() };
      return day;
    },
  };
}

/** Monday to Friday, no holidays, each day from its first moment, UTC: where nothing else is said. */
export const WEEKDAYS = createMarketCalendar({ name: 'WEEKDAYS' });

/** How many of the sorted days are on or before `day`. */
function countUntil(ordered: readonly IsoDate[], day: IsoDate): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = ordered[middle];
    if (at !== undefined && at <= day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The day that is asked for, by name, or the moment at which it is asked. */
export type Asked = { readonly day: IsoDate } | { readonly at: Date };

/** The newest day of a calendar whose close is to be expected by what is asked. */
export function dueDay(calendar: Pick<MarketCalendar, 'lastDueDay'>, asked: Asked): IsoDate {
  return 'day' in asked ? asked.day : calendar.lastDueDay(asked.at);
}
