import type { Decimal, IsoDate } from '@dawsos/contracts';
import {
  horizonSteps,
  scaledToHorizon,
  TAIL_RULES,
  valueAtRisk as tailRisk,
  type GridName,
} from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { BaseCurrencyField, reportedIn } from './base-currency';
import { ConventionsSchema, seriesConventions } from './conventions';
import { currentHoldingsReturns } from './current-holdings';
import { decimal, DecimalField, figureOrNull } from './decimal-fields';
import {
  GRID_NAMES,
  measuredSeries,
  MeasurementSchema,
  observationGap,
  observed,
  type MeasuredSeries,
  type Measurement,
} from './measurement';
import { NavPointsSchema } from './nav-fields';
import { figureOrGap, gapOf, gapsFor, StatedGapSchema, type StatedGap } from './stated-gap';

const ConfidenceField = DecimalField.refine((text) => Number(text) > 0 && Number(text) < 1, {
  error: 'must lie between 0 and 1, such as "0.95"',
});

const RULES = {
  historical: 'historical, k-th worst',
  linear: 'historical, interpolated',
  normal: 'normal, mean and sample deviation',
} as const;

const FIGURES = [
  'value_at_risk',
  'expected_shortfall',
  'value_at_risk_fraction',
  'expected_shortfall_fraction',
] as const;

export const valueAtRisk = defineCapability({
  name: 'risk.var',
  description:
    "Value at risk and expected shortfall: the portfolio's own time-weighted returns on a grid that its quotes carry, " +
    'applied to its market value; by default the tail is the worst ⌊n × (1 − confidence)⌋ of them. A loss is positive.',
  args: z.strictObject({
    points: NavPointsSchema,
    measurement: MeasurementSchema.nullish().describe(
      'As portfolio.historical_nav gives it with the points.',
    ),
    confidence: ConfidenceField,
    horizon_days: z
      .int()
      .positive()
      .max(252)
      .default(1)
      .describe('Trading days, scaled by √steps of the grid.'),
    tail_rule: z.enum(TAIL_RULES).nullish().describe('How the loss is read from the returns.'),
    scenarios: z
      .enum(['realised', 'current-holdings'])
      .nullish()
      .describe("The portfolio's own returns, or those of today's units at past prices."),
    base_currency: BaseCurrencyField,
  }),
  result: z.object({
    method: z.literal('historical_simulation').or(z.literal('normal')),
    confidence: DecimalField,
    horizon_days: z.int(),
    grid: z.enum(GRID_NAMES).nullable(),
    market_value: DecimalField.nullable().describe('In base currency, at the close of the last day.'),
    value_at_risk: DecimalField.nullable().describe('In base currency.'),
    expected_shortfall: DecimalField.nullable(),
    value_at_risk_fraction: DecimalField.nullable().describe('Of the market value.'),
    expected_shortfall_fraction: DecimalField.nullable(),
    scenarios: z.int(),
    tail: z.int().nullable().describe('Scenarios in the tail.'),
    conventions: ConventionsSchema,
    notes: z.array(z.string()),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ points, measurement, confidence, horizon_days, tail_rule, scenarios, base_currency }, given) => {
    const context = reportedIn(given, base_currency);
    const series = measuredSeries(points, measurement);
    const gaps: StatedGap[] = [];
    const rule = tail_rule ?? 'historical';
    const kind = scenarios ?? 'realised';
    const { losses, grid, notes } =
      kind === 'realised' ? realised(series) : currentHoldings(series, measurement, context, gaps);
    const isTold = kind === 'current-holdings' || series.span !== null;
    const found = figureOrGap('value_at_risk', gaps, () => {
      if (!isTold || grid === null) return null;
      const steps = horizonSteps(horizon_days, grid);
      const tail = tailRisk(losses, decimal(confidence), rule);
      return {
        tail,
        risk: scaledToHorizon(tail.valueAtRisk, steps),
        shortfall: scaledToHorizon(tail.expectedShortfall, steps),
      };
    });
    const value = series.days.at(-1)?.value ?? null;
    if (!isTold || value === null) gaps.push(...series.gaps);
    else if (grid === null) gaps.push(...observationGap('value_at_risk', series, measurement?.gaps ?? []));
    const [risk, shortfall] = [found && found.risk, found && found.shortfall];
    return {
      method: rule === 'normal' ? ('normal' as const) : ('historical_simulation' as const),
      confidence,
      horizon_days,
      grid,
      market_value: figureOrNull(value),
      value_at_risk: figureOrNull(risk && value && risk.times(value)),
      expected_shortfall: figureOrNull(shortfall && value && shortfall.times(value)),
      value_at_risk_fraction: figureOrNull(risk),
      expected_shortfall_fraction: figureOrNull(shortfall),
      scenarios: losses.length,
      tail: found && found.tail.tailCount,
      conventions: {
        ...seriesConventions({ days: series.days, grid, count: losses.length }, measurement),
        value_at_risk: `${RULES[rule]}, ${kind}`,
        expected_shortfall: `${RULES[rule]}, ${kind}`,
      },
      notes,
      gaps: found === null ? gapsFor(FIGURES, gaps) : gaps,
    };
  },
});

interface Scenarios {
  readonly losses: readonly Decimal[];
  readonly grid: GridName | null;
  readonly notes: string[];
}

/** The returns that the portfolio had, with what it then held. */
function realised(series: MeasuredSeries): Scenarios {
  const losses = observed(series).map((one) => one.return.negated());
  return { losses, grid: series.observations?.grid ?? null, notes: [] };
}

/** Those that what it holds today would have had. */
function currentHoldings(
  { days }: MeasuredSeries,
  measurement: Measurement | null | undefined,
  context: CapabilityContext,
  gaps: StatedGap[],
): Scenarios {
  const nothing: Scenarios = { losses: [], grid: null, notes: [] };
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return nothing;
  // The series begins when the portfolio did; today's units may be looked at further back.
  const from = (measurement?.requested_start ?? first.date) as IsoDate;
  const held = figureOrGap('value_at_risk', gaps, () =>
    currentHoldingsReturns(context, { from, to: last.date }),
  );
  if (held === null) return nothing;
  if (held.grid === null) {
    const detail = `no grid is covered by quotes of ${held.uncovered.join(', ')}`;
    gaps.push(gapOf('value_at_risk', 'observation_too_sparse', detail, 'portfolio', held.uncovered));
  }
  const notes =
    held.untold === 0
      ? []
      : [`${String(held.untold)} intervals are left out: something held today had no price then`];
  return { losses: held.returns.map((one) => one.negated()), grid: held.grid, notes };
}
