import {
  addDays,
  daysBetween,
  isoDate,
  weekday,
  type IsoDate,
  type PackStatus,
  type PackSummary,
} from '@dawsos/contracts';

/** When a pack is too old. */
export interface FreshnessPolicy {
  /** Business days that a pack may be older than the day it is asked for. */
  readonly maxAgeBusinessDays: number;
  /** Days on which no market is open, beside Saturdays and Sundays. */
  readonly holidays?: ReadonlySet<IsoDate>;
}

/** A long weekend and a late build are within it, a missed build is not. */
export const DEFAULT_FRESHNESS: FreshnessPolicy = { maxAgeBusinessDays: 3 };

export function isBusinessDay(date: IsoDate, holidays?: ReadonlySet<IsoDate>): boolean {
  const day = weekday(date);
  return day !== 0 && day !== 6 && holidays?.has(date) !== true;
}

/** Business days after `start` up to and including `end`; 0 when `end` is not later. */
export function businessDaysBetween(start: IsoDate, end: IsoDate, holidays?: ReadonlySet<IsoDate>): number {
  const days = daysBetween(start, end);
  if (days <= 0) return 0;
  const wholeWeeks = Math.floor(days / 7);
  let count = wholeWeeks * 5;
  for (let date = addDays(start, wholeWeeks * 7 + 1); date <= end; date = addDays(date, 1)) {
    if (isBusinessDay(date)) count += 1;
  }
  if (holidays === undefined) return count;
  const closed = [...holidays].filter((day) => day > start && day <= end && isBusinessDay(day));
  return count - closed.length;
}

export interface PackAge {
  /** The status that counts: a fresh pack that is too old or superseded is stale, whatever its row says. */
  readonly status: PackStatus;
  readonly businessDays: number;
  /** Why it is not fresh, in words; undefined when it is. */
  readonly reason: string | undefined;
}

/** A pack's state on the day `asked`. */
export function packAge(pack: PackSummary, asked: IsoDate, policy: FreshnessPolicy): PackAge {
  const businessDays = businessDaysBetween(isoDate(pack.asof_date), asked, policy.holidays);
  const late = businessDays > policy.maxAgeBusinessDays;
  if (pack.superseded_by !== null && pack.status === 'fresh') {
    return { status: 'stale', businessDays, reason: `it is superseded by ${pack.superseded_by}` };
  }
  if (late && pack.status === 'fresh') {
    const allowed = String(policy.maxAgeBusinessDays);
    const reason = `it is ${String(businessDays)} business days older than ${asked}; ${allowed} are allowed`;
    return { status: 'stale', businessDays, reason };
  }
  return { status: pack.status, businessDays, reason: REASONS[pack.status] };
}

const REASONS: Readonly<Record<PackStatus, string | undefined>> = {
  fresh: undefined,
  stale: 'it was marked stale',
  warming: 'it is being built',
  error: 'its build failed',
};
