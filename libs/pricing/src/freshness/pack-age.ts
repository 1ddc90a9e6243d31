import { isoDate, type IsoDate, type PackStatus, type PackSummary } from '@dawsos/contracts';
import { dueDay, WEEKDAYS, type Asked } from '../calendar/market-calendar';
import { WEEKDAY_MARKETS, type Markets } from '../calendar/markets';

/** When a pack is too old. */
export interface FreshnessPolicy {
  /** Sessions of its calendar that a pack, a price or a rate may be older than the day asked for. */
  readonly maxAgeBusinessDays: number;
  /** Calendars, and limits of single instruments; Monday to Friday when absent. */
  readonly markets?: Markets;
}

/** A long weekend and a late build are within it, a missed build is not. */
export const DEFAULT_FRESHNESS: FreshnessPolicy = { maxAgeBusinessDays: 3 };

/** Mondays to Fridays after `start` up to and including `end`; 0 when `end` is not later. */
export function businessDaysBetween(start: IsoDate, end: IsoDate): number {
  return WEEKDAYS.sessionsBetween(start, end);
}

export interface PackAge {
  /** The status that counts: a fresh pack that is too old or superseded is stale, whatever its row says. */
  readonly status: PackStatus;
  /** Why it is not fresh: what its worth can outweigh is its age alone. */
  readonly cause: 'age' | 'superseded' | 'marked' | 'not_built' | undefined;
  readonly businessDays: number;
  /** Why it is not fresh, in words; undefined when it is. */
  readonly reason: string | undefined;
}

/** A pack's state for what is asked: its age is counted in sessions of the standard calendar. */
export function packAge(pack: PackSummary, asked: Asked, policy: FreshnessPolicy): PackAge {
  const { standard } = policy.markets ?? WEEKDAY_MARKETS;
  const day = dueDay(standard, asked);
  const businessDays = standard.sessionsBetween(isoDate(pack.asof_date), day);
  if (pack.superseded_by !== null && (pack.status === 'fresh' || pack.status === 'stale')) {
    return {
      status: 'stale',
      cause: 'superseded',
      businessDays,
      reason: `it is superseded by ${pack.superseded_by}`,
    };
  }
  if (pack.status === 'fresh' && businessDays > policy.maxAgeBusinessDays) {
    const allowed = String(policy.maxAgeBusinessDays);
    const reason = `it is ${String(businessDays)} business days older than ${day}; ${allowed} are allowed`;
    return { status: 'stale', cause: 'age', businessDays, reason };
  }
  const { cause, reason } = STATES[pack.status];
  return { status: pack.status, cause, businessDays, reason };
}

const STATES: Readonly<Record<PackStatus, Pick<PackAge, 'cause' | 'reason'>>> = {
  fresh: { cause: undefined, reason: undefined },
  stale: { cause: 'marked', reason: 'it was marked stale' },
  warming: { cause: 'not_built', reason: 'it is being built' },
  error: { cause: 'not_built', reason: 'its build failed' },
};
