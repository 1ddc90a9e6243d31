import type { Decimal } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { decimal, DecimalField, figure, figureOrNull } from '../financial-analyst/decimal-fields';
import { figureOrGap, StatedGapSchema, type StatedGap } from '../financial-analyst/stated-gap';
import { knownMonthsOrGap, LagField, SeriesField, type KnownSeries } from './macro-reads';
import { changeOver, standing, yearOnYear, type MonthlyPoint, type Standing } from './monthly-series';

const METHOD = {
  name: 'growth and inflation quadrants',
  description:
    'Each of growth and inflation is the change of its series from a year before; it is up where it stands above its ' +
    'mean over the window, down where below. z is its distance from that mean in standard deviations.',
  source:
    'A. Ilmanen, T. Maloney, A. Ross, "Exploring Macroeconomic Sensitivities", Journal of Portfolio Management 40(3), 2014',
};

/** Closer to the mean than this, a month's noise may turn the quadrant. */
const NEAR = decimal('0.25');
const DIRECTION_MONTHS = 3;
const HISTORY_MONTHS = 24;

const DimensionSchema = z.object({
  dimension: z.enum(['growth', 'inflation']),
  series: z.string(),
  source: z.string(),
  month: z.string(),
  value: DecimalField.describe('Change from a year before, as a fraction.'),
  mean: DecimalField,
  deviation: DecimalField,
  z: DecimalField,
  is: z.enum(['up', 'down']),
  change_3_months: DecimalField.nullable().describe('Of value; null where that month has none.'),
  months: z.int().describe('In the window.'),
});
type Dimension = z.infer<typeof DimensionSchema>;

const RegimeField = z
  .enum([
    'growth_up_inflation_up',
    'growth_up_inflation_down',
    'growth_down_inflation_up',
    'growth_down_inflation_down',
  ])
  .nullable();

export const detectRegime = defineCapability({
  name: 'macro.detect_regime',
  description:
    'The macro-economic regime by growth and inflation (four quadrants), from FRED series: where each stands against ' +
    'its own history. Too few months are said as such, never scored as average.',
  args: z.strictObject({
    growth_series: SeriesField,
    inflation_series: SeriesField,
    window_months: z.int().min(24).max(600),
    minimum_months: z.int().min(24).max(600),
    publication_lag_days: LagField,
  }),
  result: z.object({
    method: z.object({ name: z.string(), description: z.string(), source: z.string() }),
    window_months: z.int(),
    minimum_months: z.int(),
    regime: RegimeField,
    in_words: z.string().nullable(),
    near_boundary: z
      .boolean()
      .nullable()
      .describe('Whether one of them is within 0.25 deviations of its mean.'),
    dimensions: z.array(DimensionSchema),
    history: z.array(
      z.object({ month: z.string(), growth_z: DecimalField, inflation_z: DecimalField, regime: RegimeField }),
    ),
    gaps: z.array(StatedGapSchema),
  }),
  run: async (args, context) => {
    const { growth_series, inflation_series, publication_lag_days } = args;
    const window = { windowMonths: args.window_months, minimumMonths: args.minimum_months };
    const gaps: StatedGap[] = [];
    const read = (figure: string, series: string): Promise<KnownSeries | null> =>
      knownMonthsOrGap(series, publication_lag_days, context, { figure: `${figure} (${series})`, gaps });
    const growth = await read('growth', growth_series);
    const inflation = await read('inflation', inflation_series);
    const growthYears = yearOnYear(growth?.points ?? []);
    const inflationYears = yearOnYear(inflation?.points ?? []);
    const up = growth && figureOrGap(`growth (${growth_series})`, gaps, () => standing(growthYears, window));
    const hot =
      inflation &&
      figureOrGap(`inflation (${inflation_series})`, gaps, () => standing(inflationYears, window));
    const regime = up && hot ? regimeOf(up, hot) : null;
    return {
      method: METHOD,
      window_months: args.window_months,
      minimum_months: args.minimum_months,
      regime,
      in_words: regime && inWords(regime),
      near_boundary: up && hot ? [up, hot].some(({ z: distance }) => distance.abs().lessThan(NEAR)) : null,
      dimensions: [
        ...(growth && up ? [dimension('growth', [growth_series, growth.source], up, growthYears, gaps)] : []),
        ...(inflation && hot
          ? [dimension('inflation', [inflation_series, inflation.source], hot, inflationYears, gaps)]
          : []),
      ],
      history: history(growthYears, inflationYears, window),
      gaps,
    };
  },
});

type Regime = NonNullable<z.infer<typeof RegimeField>>;

const side = ({ z: distance }: Standing): 'up' | 'down' => (distance.isNegative() ? 'down' : 'up');

function regimeOf(growth: Standing, inflation: Standing): Regime {
  return `growth_${side(growth)}_inflation_${side(inflation)}`;
}

function inWords(regime: Regime): string {
  const words: Record<Regime, string> = {
    growth_up_inflation_up: 'Growth and inflation above their averages: overheating',
    growth_up_inflation_down: 'Growth above its average, inflation below: expansion with stable prices',
    growth_down_inflation_up: 'Growth below its average, inflation above: stagflation',
    growth_down_inflation_down: 'Growth and inflation below their averages: slowdown',
  };
  return words[regime];
}

function dimension(
  name: Dimension['dimension'],
  [series, source]: readonly [series: string, source: string],
  at: Standing,
  points: readonly MonthlyPoint[],
  gaps: StatedGap[],
): Dimension {
  return {
    dimension: name,
    series,
    source,
    month: at.month,
    value: figure(at.value),
    mean: figure(at.mean),
    deviation: figure(at.deviation),
    z: figure(at.z),
    is: side(at),
    change_3_months: figureOrNull(
      figureOrGap(
        `change over 3 months (${series})`,
        gaps,
        () => changeOver(points, DIRECTION_MONTHS),
        'row',
      ),
    ),
    months: at.months,
  };
}

/** The quadrants of the last months in which both stood somewhere, each with what had happened by then. */
function history(
  growth: readonly MonthlyPoint[],
  inflation: readonly MonthlyPoint[],
  window: { readonly windowMonths: number; readonly minimumMonths: number },
): { month: string; growth_z: string; inflation_z: string; regime: Regime }[] {
  const months = growth
    .map(({ month }) => month)
    .filter((month) => inflation.some((point) => point.month === month));
  return months.slice(-HISTORY_MONTHS).flatMap((month) => {
    const until = (points: readonly MonthlyPoint[]): MonthlyPoint[] =>
      points.filter((point) => point.month <= month);
    const [up, hot] = [
      figureOrGap('', [], () => standing(until(growth), window)),
      figureOrGap('', [], () => standing(until(inflation), window)),
    ];
    if (up === null || hot === null) return [];
    const text = (value: Decimal): string => figure(value);
    return [{ month, growth_z: text(up.z), inflation_z: text(hot.z), regime: regimeOf(up, hot) }];
  });
}
