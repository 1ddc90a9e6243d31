import { daysBetween, ONE, type Decimal } from '@dawsos/contracts';
import {
  annualisedReturn,
  annualisedVolatility,
  DAYS_A_YEAR,
  maximumDrawdown,
  NOTED_BELOW_MONTHS,
  returnSteps,
  sharpeRatio,
  stepStatistics,
  type LinkedReturns,
  type ReturnSpan,
  type RiskFreeStep,
  type StepStatistics,
} from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { CONVENTIONS, ConventionsSchema, returnConvention, seriesConventions } from './conventions';
import { DateField, decimal, DecimalField, figure, figureOrNull } from './decimal-fields';
import { flowValueNotes, StretchSchema, stretchRows } from './flow-value';
import {
  CountedSchema,
  GRID_NAMES,
  measuredSeries,
  MeasurementSchema,
  observationGap,
  observed,
} from './measurement';
import { NavPointsSchema, PeriodSchema } from './nav-fields';
import { periodDays } from './nav-history';
import { figureOrGap, gapsFor, StatedGapSchema, type StatedGap } from './stated-gap';

const DrawdownSchema = z.object({
  depth: DecimalField.describe('trough / peak − 1.'),
  peak_date: DateField.nullable(),
  trough_date: DateField.nullable(),
  recovery_date: DateField.nullable().describe('Null: not recovered.'),
});

const SpanSchema = z.object({
  start: DateField,
  end: DateField,
  days: z.int(),
  twr: DecimalField,
  empty_days: z.int().describe('Calendar days in it without money, which link at 1.'),
});

export const timeWeightedReturn = defineCapability({
  name: 'metrics.compute_twr',
  description:
    'Time-weighted return, annualised return and volatility, Sharpe ratio and maximum drawdown. Each day with a flow is ' +
    'valued at the flow; statistics are of a grid of days, weeks or months that the quotes carry.',
  args: z.strictObject({
    points: NavPointsSchema,
    measurement: MeasurementSchema.nullish().describe(
      'As portfolio.historical_nav gives it with the points.',
    ),
    risk_free_rate: DecimalField.nullish().describe("A year's, as a fraction; without it, no Sharpe ratio."),
    risk_free_step: z.enum(['arithmetic', 'compound']).nullish(),
  }),
  result: z.object({
    period: PeriodSchema.nullable(),
    observations: z.int().describe('Returns of the grid.'),
    grid: z.enum(GRID_NAMES).nullable(),
    coverage: DecimalField.nullable(),
    coarsest_for: z.int().nullable().describe('The calendar year that no finer grid serves.'),
    twr: DecimalField.nullable().describe('Of the span, as a fraction.'),
    twr_annualised: DecimalField.nullable(),
    volatility: DecimalField.nullable().describe('Sample σ of the returns of the grid × √(steps a year).'),
    risk_free_rate: DecimalField.nullable(),
    sharpe: DecimalField.nullable(),
    max_drawdown: DrawdownSchema.nullable(),
    span: SpanSchema.nullable().describe('The longest without a break: all figures are of it.'),
    spans: z.array(SpanSchema),
    stretches: z.array(StretchSchema).describe('Where Modified Dietz stands in for values at flows.'),
    oldest_price_at_flow: DateField.nullable(),
    counted: z.array(CountedSchema),
    conventions: ConventionsSchema,
    notes: z.array(z.string()),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ points, measurement, risk_free_rate, risk_free_step }) => {
    const series = measuredSeries(points, measurement);
    const { days, linked, span, timing } = series;
    const gaps: StatedGap[] = [...series.gaps];
    const given = measurement?.gaps ?? [];
    gaps.push(...given.filter(({ code }) => code === 'unclassified'));
    const returns = observed(series);
    const grid = series.observations?.grid ?? null;
    const statistics = spread(
      returns.map((one) => one.return),
      { series, given, gaps },
    );
    const twr = span && span.growth.minus(ONE);
    const step: RiskFreeStep = risk_free_step ?? 'arithmetic';
    const annualised = span && annualisedOrGap(span, gaps);
    if (span === null) gaps.push(...gapsFor(['twr_annualised', 'volatility', 'max_drawdown'], series.gaps));
    const someStale = days.some(({ stale }) => stale !== undefined);
    const stretches = someStale ? stretchRows(returnSteps(days, timing), days) : [];
    const [first, last] = [days[0], days.at(-1)];
    return {
      period: first && last ? { start: first.date, end: last.date, days: periodDays(days) } : null,
      observations: returns.length,
      grid,
      coverage: series.observations?.coverage ?? null,
      coarsest_for: series.observations?.coarsest_for ?? null,
      twr: figureOrNull(twr),
      twr_annualised: figureOrNull(annualised),
      volatility: figureOrNull(statistics && annualisedVolatility(statistics)),
      risk_free_rate: risk_free_rate ?? null,
      sharpe: figureOrNull(sharpe(statistics, risk_free_rate, step, gaps)),
      max_drawdown: span && drawdown(span),
      span: span && spanRow(span),
      spans: linked.spans.map(spanRow),
      stretches,
      oldest_price_at_flow: measurement?.oldest_price_at_flow ?? null,
      counted: measurement?.counted ?? [],
      conventions: {
        ...seriesConventions({ days, grid, count: returns.length }, measurement),
        twr: returnConvention(timing),
        twr_annualised: CONVENTIONS.annualised,
        volatility: CONVENTIONS.volatility,
        sharpe: CONVENTIONS.sharpe[step],
        max_drawdown: CONVENTIONS.drawdown,
      },
      notes: [...flowValueNotes(stretches), ...spanNotes(linked, span), ...fewMonths(statistics)],
      gaps,
    };
  },
});

/** GIPS forbids to annualise less than a year. */
function annualisedOrGap({ growth, start, end }: ReturnSpan, gaps: StatedGap[]): Decimal | null {
  const days = daysBetween(start, end);
  if (days >= DAYS_A_YEAR) return annualisedReturn(growth.minus(ONE), start, end);
  const detail = `a return over ${String(days)} days is not annualised`;
  gaps.push({ figure: 'twr_annualised', code: 'under_a_year', detail });
  return null;
}

function spread(
  returns: readonly Decimal[],
  at: {
    readonly series: Parameters<typeof observationGap>[1];
    readonly given: readonly StatedGap[];
    readonly gaps: StatedGap[];
  },
): StepStatistics | null {
  const { series, given, gaps } = at;
  const { observations, span } = series;
  if (span === null) return null;
  if (observations === null) {
    gaps.push(...observationGap('volatility', series, given));
    return null;
  }
  return figureOrGap('volatility', gaps, () => stepStatistics(returns, observations.grid));
}

function sharpe(
  statistics: StepStatistics | null,
  riskFreeRate: string | null | undefined,
  step: RiskFreeStep,
  gaps: StatedGap[],
): Decimal | null {
  if (riskFreeRate === null || riskFreeRate === undefined) {
    gaps.push({ figure: 'sharpe', code: 'input_missing', detail: 'no risk_free_rate was given' });
    return null;
  }
  if (statistics === null) {
    gaps.push({ figure: 'sharpe', code: 'insufficient_history', detail: 'as the volatility' });
    return null;
  }
  return figureOrGap('sharpe', gaps, () => sharpeRatio(statistics, decimal(riskFreeRate), step));
}

function drawdown({ index }: ReturnSpan): z.infer<typeof DrawdownSchema> {
  const deepest = maximumDrawdown(index);
  return {
    depth: figure(deepest.depth),
    peak_date: deepest.peakDate,
    trough_date: deepest.troughDate,
    recovery_date: deepest.recoveryDate,
  };
}

function spanRow({ start, end, growth, index }: ReturnSpan): z.infer<typeof SpanSchema> {
  const empty = index.reduce((days, point, place) => {
    const before = index[place - 1];
    return before === undefined || !point.empty ? days : days + daysBetween(before.date, point.date);
  }, 0);
  return { start, end, days: daysBetween(start, end), twr: figure(growth.minus(ONE)), empty_days: empty };
}

function spanNotes({ spans }: LinkedReturns, span: ReturnSpan | null): string[] {
  if (span === null || spans.length < 2) return [];
  return [
    `of ${String(spans.length)} spans without a break the longest counts: ${span.start} to ${span.end}`,
  ];
}

function fewMonths(statistics: StepStatistics | null): string[] {
  if (statistics?.grid !== 'monthly-12' || statistics.count >= NOTED_BELOW_MONTHS) return [];
  return [
    `${String(statistics.count)} months are few for a deviation; ${String(NOTED_BELOW_MONTHS)} are the usual least`,
  ];
}
