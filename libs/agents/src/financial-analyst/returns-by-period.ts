import { ONE, type Decimal, type IsoDate } from '@dawsos/contracts';
import {
  annualisedReturn,
  DAYS_A_YEAR,
  rateOfReturn,
  type NavDay,
  type ReturnSpan,
} from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { BaseCurrencyField, reportedIn } from './base-currency';
import { BenchmarkSchema, benchmarkReturn } from './benchmark-comparison';
import { CONVENTIONS, ConventionsSchema, returnConvention } from './conventions';
import { DateField, DecimalField, figureOrNull } from './decimal-fields';
import { measuredPeriod, PERIODS, type Period } from './measured-period';
import { linkedSeries, MeasurementSchema, type Measurement } from './measurement';
import { investorFlows } from './money-weighted-return';
import { NavPointsSchema, parsePoints } from './nav-fields';
import { periodDays } from './nav-history';
import { figureOrGap, StatedGapSchema, type StatedGap } from './stated-gap';

const NAMES: Readonly<Record<Period, string>> = {
  MTD: 'Month to date',
  QTD: 'Quarter to date',
  YTD: 'Year to date',
  '1M': '1 month',
  '3M': '3 months',
  '6M': '6 months',
  '1Y': '1 year',
  '3Y': '3 years',
  '5Y': '5 years',
  SI: 'Since inception',
};

const RowSchema = z.object({
  period: z.enum(PERIODS),
  name: z.string(),
  from: DateField.describe('The close from which is measured.'),
  days: z.int(),
  twr: DecimalField.nullable(),
  twr_annualised: DecimalField.nullable().describe('Null below 365 days.'),
  mwr: DecimalField.nullable().describe('Of the period.'),
  mwr_annualised: DecimalField.nullable().describe('Null below 365 days.'),
  benchmark_return: DecimalField.nullable().describe('Of prices alone; null without a benchmark.'),
  active_return: DecimalField.nullable().describe('twr − benchmark_return.'),
});

export const returnsByPeriod = defineCapability({
  name: 'metrics.returns_by_period',
  description:
    'Time- and money-weighted returns of the usual periods up to the last day, from one series that reaches back to the ' +
    'inception; periods that begin before it are left out.',
  args: z.strictObject({
    points: NavPointsSchema,
    measurement: MeasurementSchema.nullish().describe(
      'As portfolio.historical_nav gives it with the points.',
    ),
    periods: z.array(z.enum(PERIODS)).min(1).nullish(),
    benchmark: BenchmarkSchema.nullish(),
    base_currency: BaseCurrencyField,
  }),
  result: z.object({
    rows: z.array(RowSchema),
    conventions: ConventionsSchema,
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ points, measurement, periods, benchmark, base_currency }, given) => {
    const context = reportedIn(given, base_currency);
    const dates = (measurement?.observations?.dates ?? []) as IsoDate[];
    const compared = (span: ReturnSpan): Decimal | null =>
      benchmark ? benchmarkReturn(benchmark, span, dates, context) : null;
    const days = parsePoints(points);
    const timing = measurement?.flow_timing ?? 'revalued';
    const gaps: StatedGap[] = [];
    const asked = periods ?? (['MTD', 'QTD', 'YTD', '1Y', '3Y', '5Y', 'SI'] as const);
    return {
      rows: asked.flatMap((period) => {
        const slice = sliceOf(period, days);
        return slice === null ? [] : [rowOf(period, slice, { timing, gaps, compared })];
      }),
      conventions: {
        twr: returnConvention(timing),
        twr_annualised: CONVENTIONS.annualised,
        mwr: CONVENTIONS.moneyWeighted,
        ...(benchmark ? { benchmark_return: 'price return, rebalanced at each step' } : {}),
      },
      gaps,
    };
  },
});

interface Slice {
  readonly from: IsoDate;
  /** From the close that was asked for: since the valuation day before it nothing changed. */
  readonly days: readonly NavDay[];
}

/** Null where the series does not reach back so far. */
function sliceOf(period: Period, days: readonly NavDay[]): Slice | null {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || first.date === last.date) return null;
  if (period === 'SI') return { from: first.date, days };
  const { from } = measuredPeriod({ period }, last.date, first.date);
  const at = days.findLastIndex(({ date }) => date <= from);
  const opening = days[at];
  if (opening === undefined) return null;
  return { from, days: [{ ...opening, date: from }, ...days.slice(at + 1)] };
}

interface RowSetting {
  readonly timing: Measurement['flow_timing'];
  readonly gaps: StatedGap[];
  /** The return of the benchmark over a span; null without one. */
  readonly compared: (span: ReturnSpan) => Decimal | null;
}

function rowOf(
  period: Period,
  { from, days }: Slice,
  { timing, gaps, compared }: RowSetting,
): z.infer<typeof RowSchema> {
  const { span, gaps: reasons } = linkedSeries(days, timing);
  // a span that does not cover the period is not its return
  const whole = span !== null && span.start === days[0]?.date ? span : null;
  if (whole === null) gaps.push(...reasons.map((gap) => ({ ...gap, figure: `${NAMES[period]}, return` })));
  const length = periodDays(days);
  const isYear = length >= DAYS_A_YEAR;
  const twr = whole && whole.growth.minus(ONE);
  const blend = whole && figureOrGap(`${NAMES[period]}, benchmark`, gaps, () => compared(whole));
  const flows = investorFlows(days);
  const found =
    flows === null
      ? null
      : figureOrGap(`${NAMES[period]}, money-weighted`, gaps, () => rateOfReturn(flows).rate);
  return {
    period,
    name: NAMES[period],
    from,
    days: length,
    twr: figureOrNull(twr),
    twr_annualised: figureOrNull(
      isYear && whole && twr ? annualisedReturn(twr, whole.start, whole.end) : null,
    ),
    mwr: figureOrNull(found && found.plus(ONE).pow(ONE.times(length).div(DAYS_A_YEAR)).minus(ONE)),
    mwr_annualised: figureOrNull(isYear ? found : null),
    benchmark_return: figureOrNull(blend),
    active_return: figureOrNull(twr && blend && twr.minus(blend)),
  };
}
