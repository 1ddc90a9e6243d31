import { addDays, ONE } from '@dawsos/contracts';
import { annualisedVolatility, dailyStatistics, maximumDrawdown } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField, DecimalField, figure, figureOrNull } from './decimal-fields';
import { CommodityField, requireHeld } from './held-commodity';
import { transactions } from './holdings';
import { quotation, unitPricesOf } from './market-history';
import { figureOrGap, StatedGapSchema, type StatedGap } from './stated-gap';

export const holdingPriceHistory = defineCapability({
  name: 'holding.price_history',
  description:
    'The daily prices of one holding in its own currency, and what they say: return, volatility and largest fall. Prices ' +
    "are of the as-of day's units, so that splits are in none of the figures; dividends are not in them either.",
  args: z.strictObject({ commodity: CommodityField, lookback_days: z.int().positive().max(36_600) }),
  result: z.object({
    commodity: z.string(),
    currency: z.string(),
    requested_start: DateField,
    points: z.array(z.object({ x: DateField, y: DecimalField })),
    splits: z.array(
      z.object({
        date: DateField.describe('The first day on which quotes are of the new unit.'),
        ratio: DecimalField.describe('Units after for a unit before.'),
        basis: z
          .enum(['declared', 'quotes', 'assumed', 'untellable'])
          .describe(
            'How the day is known: the ledger declares it, the quotes jump, or the booking stands in.',
          ),
      }),
    ),
    price_return: DecimalField.nullable(),
    volatility: DecimalField.nullable().describe('Sample σ of daily returns × √252.'),
    max_drawdown: DecimalField.nullable(),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ commodity, lookback_days }, context) => {
    const { ledger, asofDate } = context;
    const portfolio = ledger.portfolio();
    const history = transactions(ledger.entries({ to: asofDate }));
    requireHeld(commodity, history, portfolio);
    const start = addDays(asofDate, -lookback_days);
    const { currency, prices } = quotation(commodity, start, asofDate, context);
    const points = prices ?? [];
    const splits = unitPricesOf(context).splits(commodity);
    const returns = points
      .slice(1)
      .map(({ number }, index) => number.div(points[index]?.number ?? number).minus(ONE));
    const gaps: StatedGap[] = [];
    const daily = figureOrGap('volatility', gaps, () => dailyStatistics(returns));
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined || returns.length === 0) {
      gaps.push({
        figure: 'price_return',
        code: 'insufficient_history',
        detail: 'a return needs two prices',
      });
    }
    return {
      commodity,
      currency,
      requested_start: start,
      points: points.map(({ date, number }) => ({ x: date, y: figure(number) })),
      splits: splits
        .filter(({ exDate }) => exDate > start && exDate <= asofDate)
        .map(({ exDate, ratio, basis }) => ({ date: exDate, ratio: figure(ratio), basis })),
      price_return:
        returns.length > 0 && first && last ? figure(last.number.div(first.number).minus(ONE)) : null,
      volatility: figureOrNull(daily && annualisedVolatility(daily)),
      max_drawdown: returns.length > 0 ? figure(maximumDrawdown(points).depth) : null,
      gaps,
    };
  },
});
