import { horizonSteps, scaledToHorizon, TAIL_RULES, valueAtRisk as tailRisk } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { ConventionsSchema, seriesConventions } from './conventions';
import { decimal, DecimalField, figureOrNull } from './decimal-fields';
import { GRID_NAMES, measuredSeries, MeasurementSchema, observationGap, observed } from './measurement';
import { NavPointsSchema } from './nav-fields';
import { figureOrGap, gapsFor, StatedGapSchema, type StatedGap } from './stated-gap';

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
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ points, measurement, confidence, horizon_days, tail_rule }) => {
    const series = measuredSeries(points, measurement);
    const gaps: StatedGap[] = [];
    const rule = tail_rule ?? 'historical';
    const losses = observed(series).map((one) => one.return.negated());
    const grid = series.observations?.grid ?? null;
    const found = figureOrGap('value_at_risk', gaps, () => {
      if (series.span === null || grid === null) return null;
      const steps = horizonSteps(horizon_days, grid);
      const tail = tailRisk(losses, decimal(confidence), rule);
      return {
        tail,
        risk: scaledToHorizon(tail.valueAtRisk, steps),
        shortfall: scaledToHorizon(tail.expectedShortfall, steps),
      };
    });
    const value = series.days.at(-1)?.value ?? null;
    if (series.span === null) gaps.push(...series.gaps);
    else if (grid === null) gaps.push(...observationGap('value_at_risk', series, measurement?.gaps ?? []));
    else if (value === null) gaps.push(...series.gaps);
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
        ...seriesConventions(series, measurement, losses.length),
        value_at_risk: `${RULES[rule]}, realised`,
        expected_shortfall: `${RULES[rule]}, realised`,
      },
      gaps: found === null ? gapsFor(FIGURES, gaps) : gaps,
    };
  },
});
