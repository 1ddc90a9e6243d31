import { ONE, type Decimal } from '@dawsos/contracts';
import {
  annualisedVolatility,
  maximumDrawdown,
  observationGrid,
  observedReturns,
  stepStatistics,
  type Dated,
  type GridOutcome,
} from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { CONVENTIONS, ConventionsSchema, seriesConventions } from './conventions';
import { DateField, DecimalField, figure, figureOrNull } from './decimal-fields';
import { CommodityField, requireHeld } from './held-commodity';
import { transactions } from './holdings';
import { quotation, unitPricesOf } from './market-history';
import { measuredPeriod, PeriodArgs } from './measured-period';
import { GRID_NAMES } from './measurement';
import { figureOrGap, gapOf, StatedGapSchema, type StatedGap } from './stated-gap';

export const holdingPriceHistory = defineCapability({
  name: 'holding.price_history',
  description:
    'The prices of one holding in its own currency, and what they say: return, volatility and largest fall. Prices ' +
    "are of the as-of day's units, so that splits are in none of the figures; dividends are not in them either.",
  args: z.strictObject({ commodity: CommodityField, ...PeriodArgs }),
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
    grid: z.enum(GRID_NAMES).nullable(),
    observations: z.int().describe('Returns of the grid.'),
    volatility: DecimalField.nullable().describe('Sample σ of the returns of the grid × √(steps a year).'),
    max_drawdown: DecimalField.nullable(),
    conventions: ConventionsSchema,
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ commodity, ...asked }, context) => {
    const { ledger, asofDate } = context;
    const portfolio = ledger.portfolio();
    const history = transactions(ledger.entries({ to: asofDate }));
    requireHeld(commodity, history, portfolio);
    const { from: start, to } = measuredPeriod(asked, asofDate, history[0]?.date);
    const gaps: StatedGap[] = [];
    const quoted = figureOrGap('price_return', gaps, () => quotation(commodity, start, to, context));
    const points = quoted?.prices ?? [];
    const splits = unitPricesOf(context).splits(commodity);
    const found = gridOf(commodity, points);
    const returns = observedPrices(points, found);
    const statistics = figureOrGap('volatility', gaps, () =>
      found?.ok === true ? stepStatistics(returns, found.grid.grid) : null,
    );
    if (found?.ok === false) {
      const detail = `the prices of ${commodity} carry no grid of days, weeks or months`;
      gaps.push(gapOf('volatility', 'observation_too_sparse', detail));
    }
    const [first, last] = [points[0], points.at(-1)];
    const isMoving = points.length > 1;
    if (!isMoving && quoted !== null) {
      const detail = 'a return needs two prices';
      for (const name of ['price_return', 'volatility', 'max_drawdown']) {
        gaps.push({ figure: name, code: 'insufficient_history', detail });
      }
    }
    return {
      commodity,
      currency: quoted?.currency ?? portfolio.baseCurrency,
      requested_start: start,
      points: points.map(({ date, number }) => ({ x: date, y: figure(number) })),
      splits: splits
        .filter(({ exDate }) => exDate > start && exDate <= to)
        .map(({ exDate, ratio, basis }) => ({ date: exDate, ratio: figure(ratio), basis })),
      price_return: isMoving && first && last ? figure(last.number.div(first.number).minus(ONE)) : null,
      grid: found?.ok === true ? found.grid.grid : null,
      observations: returns.length,
      volatility: figureOrNull(statistics && annualisedVolatility(statistics)),
      max_drawdown: isMoving ? figure(maximumDrawdown(points).depth) : null,
      conventions: {
        ...seriesConventions(
          { days: points, grid: found?.ok === true ? found.grid.grid : null, count: returns.length },
          null,
        ),
        price_return: "price return, as-of day's units",
        volatility: CONVENTIONS.volatility,
        max_drawdown: CONVENTIONS.drawdown,
      },
      gaps,
    };
  },
});

/** The finest grid that the holding's own quotes carry. */
function gridOf(commodity: string, prices: readonly Dated[]): GridOutcome | null {
  const [first, last] = [prices[0], prices.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const quotes = prices.map(({ date }) => date);
  const holding = { commodity, quotes, isHeld: () => true, worth: () => ONE };
  return observationGrid({ from: first.date, to: last.date, holdings: [holding] });
}

function observedPrices(prices: readonly Dated[], found: GridOutcome | null): Decimal[] {
  const [first, last] = [prices[0], prices.at(-1)];
  if (first === undefined || last === undefined || found?.ok !== true) return [];
  const index = prices.map((price) => ({ ...price, empty: false, stretch: false }));
  const span = { index, start: first.date, end: last.date };
  return observedReturns(span, found.grid.dates).map((one) => one.return);
}
