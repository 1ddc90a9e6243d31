import { addDays, DawsosError, isoDate, type IsoDate } from '@dawsos/contracts';
import { z } from 'zod';
import { DateField } from './decimal-fields';

export const PERIODS = ['MTD', 'QTD', 'YTD', '1M', '3M', '6M', '1Y', '3Y', '5Y', 'SI'] as const;
export type Period = (typeof PERIODS)[number];

/** What may be asked of a period, the first that is given counting: from (and to), period, lookback_days. */
export const PeriodArgs = {
  from: DateField.nullish().describe('The close from which is measured: the day before the first one.'),
  to: DateField.nullish().describe('The close to which is measured; the as-of date by default.'),
  period: z
    .enum(PERIODS)
    .nullish()
    .describe('From the close before its first day to `to`; SI: since inception.'),
  lookback_days: z
    .int()
    .positive()
    .max(36_600)
    .nullish()
    .describe('Calendar days before `to`, where neither from nor period is given.'),
};

export interface AskedPeriod {
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly period?: Period | null | undefined;
  readonly lookback_days?: number | null | undefined;
}

export interface MeasuredPeriod {
  readonly from: IsoDate;
  readonly to: IsoDate;
}

/** Without anything asked, a year. */
const DEFAULT_DAYS = 365;

/**
 * The closes between which is measured. `first` is the day of the portfolio's first entry: a period that begins
 * before it begins on its eve, when nothing was there.
 * @throws DawsosError `capability_args_invalid` where the period has no days, or ends after the as-of date.
 */
export function measuredPeriod(
  asked: AskedPeriod,
  asofDate: IsoDate,
  first: IsoDate | undefined,
): MeasuredPeriod {
  const to = asked.to ? isoDate(asked.to) : asofDate;
  if (to > asofDate) {
    throw new DawsosError(
      'capability_args_invalid',
      `the period ends on ${to}, after the as-of date ${asofDate}; ask for an earlier "to"`,
    );
  }
  const from = requestedStart(asked, to, first);
  if (from < to) return { from, to };
  throw new DawsosError(
    'capability_args_invalid',
    `the period from the close of ${from} to that of ${to} has no day; ask for an earlier "from"`,
  );
}

function requestedStart(asked: AskedPeriod, to: IsoDate, first: IsoDate | undefined): IsoDate {
  if (asked.from) return isoDate(asked.from);
  if (asked.period) return startOf(asked.period, to, first);
  return addDays(to, -(asked.lookback_days ?? DEFAULT_DAYS));
}

function startOf(period: Period, to: IsoDate, first: IsoDate | undefined): IsoDate {
  const [year, month] = [Number(to.slice(0, 4)), Number(to.slice(5, 7))];
  switch (period) {
    case 'MTD':
      return addDays(firstOfMonth(year, month), -1);
    case 'QTD':
      return addDays(firstOfMonth(year, month - ((month - 1) % 3)), -1);
    case 'YTD':
      return addDays(firstOfMonth(year, 1), -1);
    case '1M':
    case '3M':
    case '6M':
      return monthsBefore(to, Number(period.slice(0, -1)));
    case '1Y':
    case '3Y':
    case '5Y':
      return monthsBefore(to, 12 * Number(period.slice(0, -1)));
    case 'SI':
      return addDays(first ?? to, -1);
  }
}

const firstOfMonth = (year: number, month: number): IsoDate =>
  isoDate(`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`);

/** The same day of an earlier month; the last of a month for the last of a month, so that months link to the year. */
function monthsBefore(date: IsoDate, months: number): IsoDate {
  const place = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 - months;
  const [year, month] = [Math.floor(place / 12), (place % 12) + 1];
  const first = firstOfMonth(year, month);
  const next = place % 12 === 11 ? firstOfMonth(year + 1, 1) : firstOfMonth(year, month + 1);
  const last = addDays(next, -1);
  const same = addDays(first, Number(date.slice(8)) - 1);
  const isLast = addDays(date, 1).endsWith('-01');
  return isLast || same > last ? last : same;
}
