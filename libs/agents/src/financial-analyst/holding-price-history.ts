import { addDays, ONE, type Decimal, type IsoDate } from '@dawsos/contracts';
import { annualisedVolatility, dailyStatistics, maximumDrawdown, type Dated } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField, DecimalField, figure, figureOrNull } from './decimal-fields';
import { CommodityField, requireHeld } from './held-commodity';
import { transactions } from './holdings';
import { splitsOf } from './lot-movements';
import { quotation } from './market-history';
import { figureOrGap, StatedGapSchema, type StatedGap } from './stated-gap';

export const holdingPriceHistory = defineCapability({
  name: 'holding.price_history',
  description:
    'The daily prices of one holding in its own currency, and what they say: return, volatility and largest fall. Prices ' +
    'are as quoted; the splits that the ledger books are taken out of the figures, dividends are not in them.',
  args: z.strictObject({ commodity: CommodityField, lookback_days: z.int().positive().max(36_600) }),
  result: z.object({
    commodity: z.string(),
    currency: z.string(),
    requested_start: DateField,
    points: z.array(z.object({ x: DateField, y: DecimalField })),
    splits: z.array(
      z.object({ date: DateField, ratio: DecimalField.describe('Units after for a unit before.') }),
    ),
    price_return: DecimalField.nullable(),
    volatility: DecimalField.nullable().describe('Sample σ of daily returns × √252.'),
    max_drawdown: DecimalField.nullable(),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ commodity, lookback_days }, { pack, ledger, asofDate }) => {
    const portfolio = ledger.portfolio();
    const history = transactions(ledger.entries({ to: asofDate }));
    requireHeld(commodity, history, portfolio);
    const start = addDays(asofDate, -lookback_days);
    const { currency, prices } = quotation(pack, commodity, start, asofDate, portfolio.baseCurrency);
    const points = prices ?? [];
    const splits = splitsOf(history).get(commodity) ?? [];
    const adjusted = adjustedForSplits(points, splits);
    const returns = adjusted
      .slice(1)
      .map(({ number }, index) => number.div(adjusted[index]?.number ?? number).minus(ONE));
    const gaps: StatedGap[] = [];
    const daily = figureOrGap('volatility', gaps, () => dailyStatistics(returns));
    const [first, last] = [adjusted[0], adjusted.at(-1)];
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
        .filter(({ date }) => date > start)
        .map(({ date, ratio }) => ({ date, ratio: figure(ratio) })),
      price_return:
        returns.length > 0 && first && last ? figure(last.number.div(first.number).minus(ONE)) : null,
      volatility: figureOrNull(daily && annualisedVolatility(daily)),
      max_drawdown: returns.length > 0 ? figure(maximumDrawdown(adjusted).depth) : null,
      gaps,
    };
  },
});

/** Prices of the size that a unit has at the end. */
function adjustedForSplits(
  points: readonly Dated[],
  splits: readonly { readonly date: IsoDate; readonly ratio: Decimal }[],
): Dated[] {
  return points.map(({ date, number }) => ({
    date,
    number: splits.reduce((price, split) => (split.date > date ? price.div(split.ratio) : price), number),
  }));
}
