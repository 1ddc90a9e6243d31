import type { NavDay } from './returns';

/**
 * Days between two known values over which flows came at prices that were too old to value them: one Modified Dietz
 * step takes their place. Indices are those of the days.
 */
export interface StaleStretch {
  readonly first: number;
  /** The stretch begins before the flows of `first`, which are inside it; else at its close. */
  readonly fromOpen: boolean;
  readonly last: number;
  /** The stretch ends at the close of `last`, whose flows are inside it; else before them. */
  readonly toClose: boolean;
}

const freshBefore = (day: NavDay): boolean => day.stale !== 'before' && day.stale !== 'both';
const freshAfter = (day: NavDay): boolean => day.stale !== 'after' && day.stale !== 'both';
const hasFlow = (day: NavDay): boolean => day.flow === null || !day.flow.isZero() || day.gross !== undefined;

/**
 * The stretches around flows at stale prices, in order and apart: each from the last fresh value before such a flow
 * to the next one after it. The first and the last day bound one whatever their prices. A day whose eve is fresh and
 * whose close is not (all of it came in that day) begins one with its flows inside; a day whose close is fresh though
 * its eve is not (all of it went that day) ends one with its flows inside.
 */
export function staleStretches(days: readonly NavDay[]): StaleStretch[] {
  const stretches: StaleStretch[] = [];
  for (let index = 1; index < days.length; index++) {
    const day = days[index];
    if (day?.stale === undefined || freshBefore(day) || !hasFlow(day)) continue;
    const start = startOf(days, index, stretches.at(-1));
    const end = endOf(days, index);
    stretches.push({ ...start, ...end });
    index = end.toClose ? end.last : end.last - 1;
  }
  return stretches;
}

function startOf(
  days: readonly NavDay[],
  flow: number,
  previous: StaleStretch | undefined,
): Pick<StaleStretch, 'first' | 'fromOpen'> {
  for (let index = flow - 1; index > 0; index--) {
    const day = days[index];
    if (day === undefined) break;
    if (freshAfter(day)) return { first: index, fromOpen: false };
    if (freshBefore(day)) return { first: index, fromOpen: true };
    if (index === previous?.last) return { first: index, fromOpen: !previous.toClose };
  }
  return { first: 0, fromOpen: false };
}

function endOf(days: readonly NavDay[], flow: number): Pick<StaleStretch, 'last' | 'toClose'> {
  for (let index = flow; index < days.length; index++) {
    const day = days[index];
    if (day === undefined) break;
    if (index > flow && freshBefore(day)) return { last: index, toClose: !hasFlow(day) };
    if (freshAfter(day)) return { last: index, toClose: true };
  }
  return { last: days.length - 1, toClose: true };
}
