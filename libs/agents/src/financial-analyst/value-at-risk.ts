import { dailyReturns, historicalValueAtRisk, scaledToHorizon } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { decimal, DecimalField, figure, figureOrNull } from './decimal-fields';
import { NavPointsSchema, parsePoints } from './nav-fields';
import { figureOrGap, StatedGapSchema, type StatedGap } from './stated-gap';

const ConfidenceField = DecimalField.refine((text) => Number(text) > 0 && Number(text) < 1, {
  error: 'must lie between 0 and 1, such as "0.95"',
});

export const valueAtRisk = defineCapability({
  name: 'risk.var',
  description:
    "Historical-simulation value at risk and expected shortfall: the portfolio's own daily time-weighted returns " +
    'applied to its market value; the tail is the worst ⌊n × (1 − confidence)⌋ days. A loss is positive.',
  args: z.strictObject({
    points: NavPointsSchema,
    confidence: ConfidenceField,
    horizon_days: z.int().positive().max(252).default(1).describe('Scaled by √days.'),
  }),
  result: z.object({
    method: z.literal('historical_simulation'),
    confidence: DecimalField,
    horizon_days: z.int(),
    market_value: DecimalField.describe('In base currency, at the close of the last day.'),
    value_at_risk: DecimalField.nullable().describe('In base currency.'),
    expected_shortfall: DecimalField.nullable(),
    value_at_risk_fraction: DecimalField.nullable().describe('Of the market value.'),
    expected_shortfall_fraction: DecimalField.nullable(),
    scenarios: z.int(),
    tail: z.int().nullable().describe('Scenarios in the tail.'),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ points, confidence, horizon_days }) => {
    const days = parsePoints(points);
    const gaps: StatedGap[] = [];
    const losses = dailyReturns(days).map((day) => day.return.negated());
    const tail = figureOrGap('value_at_risk', gaps, () => historicalValueAtRisk(losses, decimal(confidence)));
    const value = days.at(-1)?.value ?? decimal('0');
    const risk = tail && scaledToHorizon(tail.valueAtRisk, horizon_days);
    const shortfall = tail && scaledToHorizon(tail.expectedShortfall, horizon_days);
    return {
      method: 'historical_simulation' as const,
      confidence,
      horizon_days,
      market_value: figure(value),
      value_at_risk: figureOrNull(risk && risk.times(value)),
      expected_shortfall: figureOrNull(shortfall && shortfall.times(value)),
      value_at_risk_fraction: figureOrNull(risk),
      expected_shortfall_fraction: figureOrNull(shortfall),
      scenarios: losses.length,
      tail: tail && tail.tailCount,
      gaps,
    };
  },
});
