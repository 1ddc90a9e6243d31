import { addDays, daysBetween, isIsoDate, type IsoDate } from '@dawsos/contracts';

export type Term = 'short' | 'long';

/**
 * The first day on which a sale is long-term. The holding period starts the day after the acquisition and
 * includes the day of the sale; long-term is more than a year: a year after the day that it starts (of one
 * that starts on 29 February, 1 March).
 *
 * Source: IRS Publication 550, "Holding Period"; Revenue Ruling 66-7 for the ends of months.
 */
export function longTermFrom(acquired: IsoDate): IsoDate {
  const start = addDays(acquired, 1);
  const anniversary = `${String(Number(start.slice(0, 4)) + 1).padStart(4, '0')}${start.slice(4)}`;
  return isIsoDate(anniversary) ? anniversary : addDays(start, 366);
}

export function holdingTerm(acquired: IsoDate, sold: IsoDate): Term {
  return sold >= longTermFrom(acquired) ? 'long' : 'short';
}

/** Days in the holding period: the day of the sale counts, the day of the acquisition does not. */
export function daysHeld(acquired: IsoDate, sold: IsoDate): number {
  return daysBetween(acquired, sold);
}
