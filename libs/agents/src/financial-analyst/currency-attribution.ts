import { attributeCurrency, type Effects } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { CONVENTIONS, ConventionsSchema, seriesConventions } from './conventions';
import { DecimalField, summand } from './decimal-fields';
import { measuredSeries, MeasurementSchema } from './measurement';
import { CurrencyColumnsSchema, NavPointsSchema, parseColumns } from './nav-fields';
import { gapsFor, StatedGapSchema } from './stated-gap';

const EffectsSchema = z.object({
  local: DecimalField,
  fx: DecimalField,
  interaction: DecimalField,
});

const FIGURES = ['local', 'fx', 'interaction', 'base_return', 'residual', 'conversion'] as const;

export const currencyAttribution = defineCapability({
  name: 'attribution.currency',
  description:
    'The time-weighted return in base currency as the sum of local return, exchange rates and their interaction: ' +
    'effects of each step with its opening weights, linked at the wealth before it.',
  args: z.strictObject({
    points: NavPointsSchema,
    currencies: CurrencyColumnsSchema,
    measurement: MeasurementSchema.nullish().describe(
      'As portfolio.historical_nav gives it with the points.',
    ),
  }),
  result: z.object({
    local: DecimalField.nullable(),
    fx: DecimalField.nullable(),
    interaction: DecimalField.nullable(),
    base_return: DecimalField.nullable().describe('From the values alone; what the effects add up to.'),
    residual: DecimalField.nullable().describe('base_return − (local + fx + interaction): rounding only.'),
    conversion: DecimalField.nullable().describe(
      "The part of fx that comes from conversions at other rates than the day's close.",
    ),
    by_currency: z.array(EffectsSchema.extend({ currency: z.string() })),
    conventions: ConventionsSchema,
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ points, currencies, measurement }) => {
    const series = measuredSeries(points, measurement);
    const conventions = { ...seriesConventions(series, measurement), attribution: CONVENTIONS.currency };
    if (series.span === null) {
      const none = {
        local: null,
        fx: null,
        interaction: null,
        base_return: null,
        residual: null,
        conversion: null,
      };
      return { ...none, by_currency: [], conventions, gaps: gapsFor(FIGURES, series.gaps) };
    }
    const attribution = attributeCurrency(series.days, parseColumns(currencies), series.span);
    return {
      ...effects(attribution),
      base_return: summand(attribution.baseReturn),
      residual: summand(attribution.residual),
      conversion: summand(attribution.conversion),
      by_currency: attribution.byCurrency.map((part) => ({ currency: part.currency, ...effects(part) })),
      conventions,
      gaps: gapsFor(['base_return'], series.gaps),
    };
  },
});

function effects({ local, fx, interaction }: Effects): z.infer<typeof EffectsSchema> {
  return { local: summand(local), fx: summand(fx), interaction: summand(interaction) };
}
