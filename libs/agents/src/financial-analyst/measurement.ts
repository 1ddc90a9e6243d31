import { daysBetween, ONE, type IsoDate } from '@dawsos/contracts';
import {
  FLOW_TIMINGS,
  GRIDS,
  linkReturns,
  observationGrid,
  observedReturns,
  type FlowTiming,
  type GridName,
  type IndexBreak,
  type LinkedReturns,
  type NavDay,
  type ObservedReturn,
  type ReturnSpan,
} from '@dawsos/portfolio-math';
import { z } from 'zod';
import { DateField, DecimalField, figure } from './decimal-fields';
import { parsePoints, PeriodSchema, type NavPoints } from './nav-fields';
import { StatedGapSchema, type StatedGap } from './stated-gap';

export const GRID_NAMES = Object.keys(GRIDS) as [GridName, ...GridName[]];

/** The ends of the intervals in which statistics are observed, and how well they are covered by quotes. */
export const ObservationsSchema = z.object({
  grid: z.enum(GRID_NAMES),
  coverage: DecimalField.describe(
    'The least mean share, over calendar years, of what can move that has a quote of its own in an interval.',
  ),
  merged: z.int().describe('Sessions without any quote, merged into the next.'),
  coarsest_for: z.int().nullable().describe('The calendar year that no finer grid serves.'),
  // Some thousand days: their form is that of the calendar that made them.
  dates: z.array(z.string()),
});
export type Observations = z.infer<typeof ObservationsSchema>;

export const CountedSchema = z.object({
  account: z.string(),
  role: z.string().nullable().describe('Null for equity, assets and liabilities outside.'),
  by: z.string().describe('What told the role: posting, account, proof, name; none.'),
  counted: z.enum(['flow', 'return']),
  currency: z.string(),
  amount: DecimalField.describe('Into the portfolio where positive.'),
  postings: z.int(),
});

/** How a series was made and is to be measured: it travels with the points to each figure. */
export const MeasurementSchema = z.object({
  scope: z.string(),
  base_currency: z.string(),
  requested_start: DateField,
  period: PeriodSchema.nullable(),
  flow_timing: z.enum(FLOW_TIMINGS),
  observations: ObservationsSchema.nullable(),
  oldest_price_at_flow: DateField.nullable(),
  counted: z.array(CountedSchema).describe('What counted as flow and as return, the unclassified first.'),
  gaps: z.array(StatedGapSchema),
});
export type Measurement = z.infer<typeof MeasurementSchema>;

/** A series with its index, and what it is observed on. */
export interface MeasuredSeries {
  readonly days: readonly NavDay[];
  readonly timing: FlowTiming;
  readonly linked: LinkedReturns;
  /** The span that every figure of the run is of. */
  readonly span: ReturnSpan | null;
  readonly observations: Observations | null;
  /** Why there is no span, or not one over all of the period. */
  readonly gaps: readonly StatedGap[];
}

/** Links the points; without a measurement, flows are revalued and the points' own days are the quotes. */
export function measuredSeries(points: NavPoints, measurement?: Measurement | null): MeasuredSeries {
  const days = parsePoints(points);
  const isGiven = measurement !== undefined && measurement !== null;
  const linked = linkedSeries(days, measurement?.flow_timing ?? 'revalued', measurement?.gaps ?? []);
  return { ...linked, observations: isGiven ? measurement.observations : gridOf(days) };
}

/** Links the days; `refuse` gives no figure where a flow came at stale prices. */
export function linkedSeries(
  days: readonly NavDay[],
  timing: FlowTiming,
  given: readonly StatedGap[] = [],
): Omit<MeasuredSeries, 'observations'> {
  const linked = linkReturns(days, timing);
  const refused = timing === 'refuse' && linked.breaks.some(({ code }) => code === 'flow_value_stale');
  const span = refused || isMostlyUnknown(linked, days) ? null : linked.span;
  return { days, timing, linked, span, gaps: seriesGaps(linked, span, given) };
}

function gridOf(days: readonly NavDay[]): Observations | null {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return null;
  const quotes = days.map(({ date }) => date);
  const whole = { commodity: '', quotes, isHeld: () => true, worth: () => ONE };
  const found = observationGrid({ from: first.date, to: last.date, holdings: [whole] });
  if (!found.ok) return null;
  const { grid, coverage, merged, coarsestFor, dates } = found.grid;
  return { grid, coverage: figure(coverage), merged, coarsest_for: coarsestFor, dates: [...dates] };
}

/**
 * Where values are missing, the longest span between them stands in for the period only if it is half of it at least:
 * a return of some days is none of years.
 */
function isMostlyUnknown({ breaks, span }: LinkedReturns, days: readonly NavDay[]): boolean {
  const [first, last] = [days[0], days.at(-1)];
  const isUnknown = breaks.some(({ code }) => code === 'value_unknown') || first?.value === null;
  if (!isUnknown || span === null || first === undefined || last === undefined) return false;
  return 2 * daysBetween(span.start, span.end) < daysBetween(first.date, last.date);
}

/** The returns of the observation series; none without a span or a grid. */
export function observed({ span, observations }: MeasuredSeries): ObservedReturn[] {
  if (span === null || observations === null) return [];
  return observedReturns(span, observations.dates as IsoDate[]);
}

/** Codes of what leaves a day without a value. */
export const isMissingValue = (code: string): boolean =>
  code === 'price_missing' || code === 'rate_missing' || code === 'prices_look_adjusted';

function seriesGaps(
  { breaks }: LinkedReturns,
  span: ReturnSpan | null,
  given: readonly StatedGap[],
): StatedGap[] {
  const missing = given.filter(({ code }) => isMissingValue(code));
  const told = breaks
    .filter(({ code }) => code !== 'value_unknown' || missing.length === 0 || span !== null)
    .map((one) => breakGap(one, span));
  const gaps = [...missing, ...told];
  if (span !== null || gaps.length > 0) return gaps;
  const history = given.filter(({ code }) => code === 'insufficient_history');
  if (history.length > 0) return history;
  const detail = 'a return needs the values of two days, the first not empty';
  return [{ figure: 'twr', code: 'insufficient_history', detail, scope: 'portfolio' }];
}

const BREAKS: Readonly<Record<IndexBreak['code'], string>> = {
  below_zero: 'the portfolio ended below zero, at {amount}',
  profit_without_basis: '{amount} were earned on a base that is not positive, or next to nothing',
  value_unknown: 'the value or a flow is not known',
  flow_value_stale: 'a flow came at prices older than 31 days, and flow_timing "refuse" was asked for',
};

function breakGap({ date, code, amount }: IndexBreak, span: ReturnSpan | null): StatedGap {
  const what = BREAKS[code].replace('{amount}', amount?.toFixed(2) ?? 'an unknown amount');
  const rest =
    span === null
      ? 'no return links across it'
      : `no return links across it: the figures are those from the close of ${span.start} to that of ${span.end}`;
  return { figure: 'twr', code, detail: `${date}: ${what}; ${rest}`, scope: 'day' };
}

/** The gap of a figure that has too few observations, or no grid to be observed on. */
export function observationGap(
  name: string,
  { observations }: MeasuredSeries,
  given: readonly StatedGap[],
): StatedGap[] {
  if (observations !== null) return [];
  const sparse = given.filter(({ code }) => code === 'observation_too_sparse');
  return sparse.map((gap) => ({ ...gap, figure: name }));
}
