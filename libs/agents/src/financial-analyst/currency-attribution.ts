import { attributeCurrency, type Effects } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DecimalField, summand } from './decimal-fields';
import { CurrencyColumnsSchema, NavPointsSchema, parseColumns, parsePoints } from './nav-fields';

const EffectsSchema = z.object({
  local: DecimalField,
  fx: DecimalField,
  interaction: DecimalField,
});

export const currencyAttribution = defineCapability({
  name: 'attribution.currency',
  description:
    'The time-weighted return in base currency as the sum of local return, exchange rates and their interaction: ' +
    'daily effects with beginning-of-day weights, linked at the wealth of the day before.',
  args: z.strictObject({ points: NavPointsSchema, currencies: CurrencyColumnsSchema }),
  result: EffectsSchema.extend({
    base_return: DecimalField.describe('From the values alone; what the effects add up to.'),
    residual: DecimalField.describe('base_return − (local + fx + interaction): rounding only.'),
    conversion: DecimalField.describe(
      "The part of fx that comes from conversions at other rates than the day's close.",
    ),
    by_currency: z.array(EffectsSchema.extend({ currency: z.string() })),
  }),
  run: ({ points, currencies }) => {
    const attribution = attributeCurrency(parsePoints(points), parseColumns(currencies));
    return {
      ...effects(attribution),
      base_return: summand(attribution.baseReturn),
      residual: summand(attribution.residual),
      conversion: summand(attribution.conversion),
      by_currency: attribution.byCurrency.map((part) => ({ currency: part.currency, ...effects(part) })),
    };
  },
});

function effects({ local, fx, interaction }: Effects): z.infer<typeof EffectsSchema> {
  return { local: summand(local), fx: summand(fx), interaction: summand(interaction) };
}
