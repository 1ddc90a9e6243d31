import { addDays, isoDate, type IsoDate } from '@dawsos/contracts';
import type { MarketCalendar } from '../calendar/market-calendar';

/** Further ahead nobody asks. */
const HORIZON_DAYS = 400;

/**
 * The first moment from `from` on at which `refuses` is true, to the millisecond; null where that is not within 400
 * days. Ages grow only when a session's close falls due, so `refuses`, once true, stays so, and turns true at one of
 * those moments.
 */
export function firstRefusal(
  from: Date,
  calendars: Iterable<Pick<MarketCalendar, 'dueAt'>>,
  refuses: (at: Date) => boolean,
): Date | null {
  const start = isoDate(from.toISOString().slice(0, 10));
  const endOf = (day: IsoDate): Date => new Date(Date.parse(`${addDays(day, 1)}T00:00:00Z`) - 1);
  let low = 0;
  let high = HORIZON_DAYS;
  if (!refuses(endOf(addDays(start, high)))) return null;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (refuses(endOf(addDays(start, middle)))) high = middle;
    else low = middle + 1;
  }
  const day = addDays(start, low);
  // by its own time zone or delay, a day's close may fall due on the day before or after
  const moments = [...calendars].flatMap((calendar) =>
    [-1, 0, 1].map((days) => calendar.dueAt(addDays(day, days)).getTime()),
  );
  const first = moments.sort((one, other) => one - other).find((moment) => refuses(new Date(moment)));
  return first === undefined ? null : new Date(first);
}
