import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField } from './decimal-fields';
import { columnsOf, CurrencyColumnsSchema, NavPointsSchema, PeriodSchema, pointsOf } from './nav-fields';
import { navHistory, periodDays } from './nav-history';

export const historicalNav = defineCapability({
  name: 'portfolio.historical_nav',
  description:
    "The portfolio's value at the close of each weekday with prices or transactions, its net external flows, and " +
    'what it holds in each currency: what metrics, attribution and risk compute from.',
  args: z.strictObject({
    lookback_days: z.int().positive().max(36_600).describe('Calendar days before the as-of date.'),
  }),
  result: z.object({
    base_currency: z.string(),
    period: PeriodSchema,
    requested_start: DateField.describe('Earlier than period.start where the portfolio is younger.'),
    points: NavPointsSchema,
    currencies: CurrencyColumnsSchema,
  }),
  run: ({ lookback_days }, context) => {
    const history = navHistory(context, lookback_days);
    const points = pointsOf(history);
    return {
      base_currency: history.baseCurrency,
      period: {
        start: points[0]?.date ?? context.asofDate,
        end: context.asofDate,
        days: periodDays(history.days),
      },
      requested_start: history.requestedStart,
      points,
      currencies: columnsOf(history),
    };
  },
});
