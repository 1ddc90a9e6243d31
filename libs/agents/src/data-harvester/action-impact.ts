import { ZERO, type Decimal } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { decimal, DecimalField, figure, figureOrNull } from '../financial-analyst/decimal-fields';
import { rateToBase } from '../financial-analyst/market-history';
import { ActionSchema } from './upcoming-actions';

const ImpactSchema = ActionSchema.extend({
  income: DecimalField.nullable().describe('Of a dividend: units × amount, gross, in its currency.'),
  rate: DecimalField.nullable().describe('Base currency per unit of it, on the as-of date.'),
  income_base: DecimalField.nullable().describe('The rate of the day of the payment will differ.'),
  units_after: DecimalField.nullable().describe('Of a split.'),
});

export const actionImpact = defineCapability({
  name: 'corporate_actions.calculate_impact',
  description:
    'What announced dividends would pay, gross and before tax, at the rates of the as-of date, and what splits make of the units.',
  args: z.strictObject({ actions: z.array(ActionSchema) }),
  result: z.object({
    base_currency: z.string(),
    actions: z.array(ImpactSchema),
    income_base: DecimalField.describe('Of all dividends listed.'),
    dividends: z.int(),
    splits: z.int(),
  }),
  run: ({ actions }, context) => {
    const rows = actions.map((action) => {
      const rate = action.currency === null ? null : rateToBase(action.currency, context.asofDate, context);
      const income = action.amount === null ? null : decimal(action.units).times(decimal(action.amount));
      return { action, rate, income, base: income && rate && income.times(rate) };
    });
    return {
      base_currency: context.ledger.portfolio().baseCurrency,
      actions: rows.map(({ action, rate, income, base }) => ({
        ...action,
        income: figureOrNull(income),
        rate: figureOrNull(rate),
        income_base: figureOrNull(base),
        units_after:
          action.ratio === null ? null : figure(decimal(action.units).times(decimal(action.ratio))),
      })),
      income_base: figure(rows.reduce<Decimal>((sum, { base }) => sum.plus(base ?? ZERO), ZERO)),
      dividends: rows.filter(({ income }) => income !== null).length,
      splits: rows.filter(({ action }) => action.ratio !== null).length,
    };
  },
});
