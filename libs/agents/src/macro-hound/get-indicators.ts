import { z } from 'zod';
import { defineCapability } from '../capability';
import { DecimalField, figure, figureOrNull } from '../financial-analyst/decimal-fields';
import { figureOrGap, StatedGapSchema, type StatedGap } from '../financial-analyst/stated-gap';
import { knownMonthsOrGap, LagField, SeriesField } from './macro-reads';
import { changeOver, sahmReading, SAHM_THRESHOLD, standing, yearOnYear } from './monthly-series';

const IndicatorSchema = z.object({
  series: z.string(),
  source: z.string(),
  measure: z.enum(['level', 'year_on_year']),
  month: z.string(),
  value: DecimalField.describe('A level as the source states it; year_on_year as a fraction.'),
  change_12_months: DecimalField.nullable(),
  z: DecimalField.nullable().describe('Distance from the mean of the window in standard deviations.'),
  months: z.int(),
});

const SignalSchema = z.object({
  signal: z.enum(['sahm_rule', 'yield_curve']),
  series: z.string(),
  source: z.string(),
  month: z.string(),
  value: DecimalField.describe('Percentage points.'),
  threshold: DecimalField,
  is_on: z.boolean(),
  method: z.string(),
});

export const getIndicators = defineCapability({
  name: 'macro.get_indicators',
  description:
    'The newest known month of FRED series, its change over a year and where it stands in its own history.',
  args: z.strictObject({
    series: z
      .array(z.strictObject({ id: SeriesField, measure: z.enum(['level', 'year_on_year']) }))
      .min(1)
      .max(50),
    window_months: z.int().min(24).max(600),
    minimum_months: z.int().min(24).max(600),
    publication_lag_days: LagField,
  }),
  result: z.object({ indicators: z.array(IndicatorSchema), gaps: z.array(StatedGapSchema) }),
  run: async ({ series, window_months, minimum_months, publication_lag_days }, context) => {
    const gaps: StatedGap[] = [];
    const indicators: z.infer<typeof IndicatorSchema>[] = [];
    for (const { id, measure } of series) {
      const known = await knownMonthsOrGap(id, publication_lag_days, context, { figure: id, gaps });
      if (known === null) continue;
      const { source, points } = known;
      const measured = measure === 'level' ? points : yearOnYear(points);
      const last = measured.at(-1);
      if (last === undefined) {
        gaps.push({
          figure: id,
          code: 'insufficient_history',
          detail: 'no month is known by the as-of date',
        });
        continue;
      }
      const window = { windowMonths: window_months, minimumMonths: minimum_months };
      const at = figureOrGap(`z of ${id}`, gaps, () => standing(measured, window));
      indicators.push({
        series: id,
        source,
        measure,
        month: last.month,
        value: figure(last.value),
        change_12_months: figureOrNull(
          figureOrGap(`change over 12 months (${id})`, gaps, () => changeOver(measured, 12), 'row'),
        ),
        z: figureOrNull(at && at.z),
        months: measured.length,
      });
    }
    return { indicators, gaps };
  },
});

export const recessionSignals = defineCapability({
  name: 'macro.recession_signals',
  description: 'Two signals of a recession: the Sahm rule on unemployment, and an inverted yield curve.',
  args: z.strictObject({
    unemployment_series: SeriesField,
    curve_series: SeriesField,
    publication_lag_days: LagField,
  }),
  result: z.object({ signals: z.array(SignalSchema), gaps: z.array(StatedGapSchema) }),
  run: async ({ unemployment_series, curve_series, publication_lag_days }, context) => {
    const gaps: StatedGap[] = [];
    const names = { sahm: `sahm_rule (${unemployment_series})`, curve: `yield_curve (${curve_series})` };
    const unemployment = await knownMonthsOrGap(unemployment_series, publication_lag_days, context, {
      figure: names.sahm,
      gaps,
    });
    // A market's series is out at once.
    const curve = await knownMonthsOrGap(curve_series, 0, context, { figure: names.curve, gaps });
    const sahm = unemployment && figureOrGap(names.sahm, gaps, () => sahmReading(unemployment.points));
    const spread = curve?.points.at(-1);
    if (curve !== null && spread === undefined) {
      gaps.push({ figure: names.curve, code: 'insufficient_history', detail: 'no month is known' });
    }
    const signals: z.infer<typeof SignalSchema>[] = [];
    if (unemployment !== null && sahm !== null) {
      signals.push({
        signal: 'sahm_rule',
        series: unemployment_series,
        source: unemployment.source,
        month: sahm.month,
        value: figure(sahm.value),
        threshold: figure(SAHM_THRESHOLD),
        is_on: sahm.value.greaterThanOrEqualTo(SAHM_THRESHOLD),
        method:
          'C. Sahm, Direct Stimulus Payments to Individuals, 2019: 3-month average above the least of 12 months',
      });
    }
    if (curve !== null && spread !== undefined) {
      signals.push({
        signal: 'yield_curve',
        series: curve_series,
        source: curve.source,
        month: spread.month,
        value: figure(spread.value),
        threshold: '0',
        is_on: spread.value.isNegative(),
        method:
          'A. Estrella, F. Mishkin, The Yield Curve as a Predictor of U.S. Recessions, 1996: below zero',
      });
    }
    return { signals, gaps };
  },
});
