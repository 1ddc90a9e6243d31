import { ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import {
  leastSquaresSlope,
  rootOfYear,
  standardDeviation,
  type Dated,
  type ObservedReturn,
  type ReturnSpan,
} from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { BaseCurrencyField, reportedIn } from './base-currency';
import { ConventionsSchema, seriesConventions } from './conventions';
import { decimal, DecimalField, figure, figureOrNull } from './decimal-fields';
import { quotation, rateHistory } from './market-history';
import { GRID_NAMES, measuredSeries, MeasurementSchema, observed } from './measurement';
import { NavPointsSchema } from './nav-fields';
import { figureOrGap, gapOf, gapsFor, StatedGapSchema, type StatedGap } from './stated-gap';

/** Fewer pairs say too little of how two things move together. */
const MINIMUM_PAIRS = 12;

export const BenchmarkSchema = z
  .record(z.string().min(1).max(64), DecimalField)
  .refine((weights) => Object.keys(weights).length > 0, { error: 'names no commodity' })
  .refine(
    (weights) =>
      Object.values(weights)
        .reduce((sum, one) => sum.plus(decimal(one)), ZERO)
        .equals(ONE),
    { error: 'the weights must add up to exactly 1' },
  );

const FIGURES = ['benchmark_return', 'active_return', 'beta', 'tracking_error'] as const;

export const benchmarkComparison = defineCapability({
  name: 'metrics.compare_benchmark',
  description:
    'The time-weighted return beside that of a commodity or a blend: price return in base currency, rebalanced to its ' +
    'weights at each step of the grid; beta and tracking error over the intervals in which both were observed.',
  args: z.strictObject({
    points: NavPointsSchema,
    measurement: MeasurementSchema.describe('As portfolio.historical_nav gives it with the points.'),
    benchmark: BenchmarkSchema.describe('Weights by commodity, such as {"CDNX": "0.6", "USAG": "0.4"}.'),
    base_currency: BaseCurrencyField,
  }),
  result: z.object({
    benchmark: z.record(z.string(), DecimalField),
    portfolio_return: DecimalField.nullable(),
    benchmark_return: DecimalField.nullable().describe('Of prices alone, over the same span.'),
    active_return: DecimalField.nullable().describe('portfolio_return − benchmark_return.'),
    beta: DecimalField.nullable().describe('Slope of least squares on the benchmark.'),
    tracking_error: DecimalField.nullable().describe(
      'Sample σ of the differences of the returns × √(steps a year).',
    ),
    grid: z.enum(GRID_NAMES).nullable(),
    observations: z.int().describe('Intervals in which both were observed.'),
    conventions: ConventionsSchema,
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ points, measurement, benchmark, base_currency }, given) => {
    const context = reportedIn(given, base_currency);
    const series = measuredSeries(points, measurement);
    const gaps: StatedGap[] = [];
    const { span, observations } = series;
    if (span === null) gaps.push(...gapsFor(['portfolio_return', ...FIGURES], series.gaps));
    const parts = span && figureOrGap('benchmark_return', gaps, () => partsOf(benchmark, span, context));
    if (span !== null && parts === null) gaps.push(...gapsFor(FIGURES.slice(1), gaps));
    const total = span && span.growth.minus(ONE);
    const own = span && parts && linkedBlend(parts, span, (observations?.dates ?? []) as IsoDate[]);
    const pairs = parts === null ? [] : pairsOf(observed(series), parts);
    if (parts !== null && pairs.length < MINIMUM_PAIRS) {
      const detail = `${String(pairs.length)} intervals in which both were observed; ${String(MINIMUM_PAIRS)} are needed`;
      for (const name of ['beta', 'tracking_error']) gaps.push(gapOf(name, 'insufficient_history', detail));
    }
    const enough = pairs.length >= MINIMUM_PAIRS;
    return {
      benchmark,
      portfolio_return: figureOrNull(total),
      benchmark_return: figureOrNull(own),
      active_return: figureOrNull(total && own && total.minus(own)),
      beta: figureOrNull(enough ? figureOrGap('beta', gaps, () => leastSquaresSlope(pairs)) : null),
      tracking_error:
        enough && observations !== null
          ? figure(
              standardDeviation(pairs.map(({ x, y }) => y.minus(x))).times(rootOfYear(observations.grid)),
            )
          : null,
      grid: observations?.grid ?? null,
      observations: pairs.length,
      conventions: {
        ...seriesConventions(
          { days: series.days, grid: observations?.grid ?? null, count: pairs.length },
          measurement,
        ),
        benchmark_return: 'price return, rebalanced at each step',
        beta: 'least squares, intervals both observed',
        tracking_error: 'sample, simple returns',
      },
      gaps,
    };
  },
});

/**
 * The return of a benchmark over a span, rebalanced at the days given; null where a part has no price by then.
 * @throws DawsosError `price_missing`, `rate_missing`
 */
export function benchmarkReturn(
  benchmark: Readonly<Record<string, string>>,
  span: ReturnSpan,
  dates: readonly IsoDate[],
  context: CapabilityContext,
): Decimal | null {
  return linkedBlend(partsOf(benchmark, span, context), span, dates);
}

/** A commodity of the benchmark in base currency. */
interface Part {
  readonly weight: Decimal;
  readonly prices: readonly Dated[];
  /** Base currency per unit of the price's currency; null where they are one. */
  readonly rates: readonly Dated[] | null;
}

/** @throws DawsosError `price_missing`, `rate_missing` */
function partsOf(
  benchmark: Readonly<Record<string, string>>,
  { start, end }: ReturnSpan,
  context: CapabilityContext,
): Part[] {
  const { baseCurrency } = context.ledger.portfolio();
  return Object.entries(benchmark).map(([commodity, weight]): Part => {
    const { currency, prices } = quotation(commodity, start, end, context);
    const rates =
      currency === baseCurrency ? null : rateHistory(context.pack, currency, baseCurrency, start, end);
    // Money is worth its rate.
    const own = prices ?? rates ?? [{ date: start, number: ONE }];
    return { weight: decimal(weight), prices: own, rates: prices === null ? null : rates };
  });
}

const newest = (points: readonly Dated[], date: IsoDate): Decimal | undefined =>
  points.findLast((point) => point.date <= date)?.number;

function worthOf({ prices, rates }: Part, date: IsoDate): Decimal | undefined {
  const price = newest(prices, date);
  const rate = rates === null ? ONE : newest(rates, date);
  return price === undefined || rate === undefined ? undefined : price.times(rate);
}

/** Σ weight × return; undefined where a part has no price by then. */
function blendReturn(parts: readonly Part[], from: IsoDate, to: IsoDate): Decimal | undefined {
  let sum: Decimal = ZERO;
  for (const part of parts) {
    const [before, after] = [worthOf(part, from), worthOf(part, to)];
    if (before === undefined || after === undefined || before.isZero()) return undefined;
    sum = sum.plus(part.weight.times(after.div(before).minus(ONE)));
  }
  return sum;
}

function linkedBlend(parts: readonly Part[], span: ReturnSpan, dates: readonly IsoDate[]): Decimal | null {
  const inside = dates.filter((date) => date > span.start && date < span.end);
  const ends = [span.start, ...inside, span.end];
  let wealth: Decimal = ONE;
  for (const [place, to] of ends.slice(1).entries()) {
    const step = blendReturn(parts, ends[place] ?? span.start, to);
    if (step === undefined) return null;
    wealth = wealth.times(step.plus(ONE));
  }
  return wealth.minus(ONE);
}

/** The intervals in which every part of the benchmark has a price of its own. */
function pairsOf(
  returns: readonly ObservedReturn[],
  parts: readonly Part[],
): { readonly x: Decimal; readonly y: Decimal }[] {
  return returns.flatMap(({ from, to, return: own }) => {
    const isObserved = parts.every(({ prices }) => prices.some(({ date }) => date > from && date <= to));
    const blend = isObserved ? blendReturn(parts, from, to) : undefined;
    return blend === undefined ? [] : [{ x: blend, y: own }];
  });
}
