import { ONE, type Decimal, type IsoDate } from '@dawsos/contracts';
import {
  annualisedReturn,
  annualisedVolatility,
  dailyReturns,
  dailyStatistics,
  linkedReturn,
  maximumDrawdown,
  sharpeRatio,
  wealthIndex,
  type DailyReturn,
  type DailyStatistics,
  type Dated,
  type NavDay,
} from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField, decimal, DecimalField, figure, figureOrNull } from './decimal-fields';
import { NavPointsSchema, parsePoints, PeriodSchema } from './nav-fields';
import { periodDays } from './nav-history';
import { figureOrGap, StatedGapSchema, type StatedGap } from './stated-gap';

const DrawdownSchema = z.object({
  depth: DecimalField.describe('trough / peak − 1.'),
  peak_date: DateField.nullable(),
  trough_date: DateField.nullable(),
  recovery_date: DateField.nullable().describe('Null: not recovered.'),
});

export const timeWeightedReturn = defineCapability({
  name: 'metrics.compute_twr',
  description:
    'Daily time-weighted return, annualised return and volatility, Sharpe ratio and maximum drawdown. ' +
    'Flows in count from the start of their day, flows out until its end.',
  args: z.strictObject({
    points: NavPointsSchema,
    risk_free_rate: DecimalField.nullish().describe("A year's, as a fraction; without it, no Sharpe ratio."),
  }),
  result: z.object({
    period: PeriodSchema,
    observations: z.int().describe('Daily returns.'),
    twr: DecimalField.nullable().describe('Of the period, as a fraction.'),
    twr_annualised: DecimalField.nullable(),
    volatility: DecimalField.nullable().describe('Sample σ of daily returns × √252.'),
    risk_free_rate: DecimalField.nullable(),
    sharpe: DecimalField.nullable(),
    max_drawdown: DrawdownSchema.nullable(),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ points, risk_free_rate }) => {
    const days = parsePoints(points);
    const gaps: StatedGap[] = [];
    const returns = dailyReturns(days);
    const daily = figureOrGap('volatility', gaps, () => dailyStatistics(returns.map((day) => day.return)));
    const { start, end } = ends(days);
    const twr = returns.length === 0 ? missing(gaps) : linkedReturn(returns);
    return {
      period: { start, end, days: periodDays(days) },
      observations: returns.length,
      twr: figureOrNull(twr),
      twr_annualised: figureOrNull(
        twr && figureOrGap('twr_annualised', gaps, () => annualisedReturn(twr, start, end)),
      ),
      volatility: figureOrNull(daily && annualisedVolatility(daily)),
      risk_free_rate: risk_free_rate ?? null,
      sharpe: figureOrNull(sharpe(daily, risk_free_rate, gaps)),
      max_drawdown: drawdown(start, returns, gaps),
      gaps,
    };
  },
});

function missing(gaps: StatedGap[]): null {
  const detail = 'a return needs the values of two days, the first not empty';
  gaps.push({ figure: 'twr', code: 'insufficient_history', detail });
  gaps.push({ figure: 'twr_annualised', code: 'insufficient_history', detail });
  return null;
}

function ends(days: readonly NavDay[]): { start: NavDay['date']; end: NavDay['date'] } {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('no points');
  return { start: first.date, end: last.date };
}

function sharpe(
  daily: DailyStatistics | null,
  riskFreeRate: string | null | undefined,
  gaps: StatedGap[],
): Decimal | null {
  if (riskFreeRate === null || riskFreeRate === undefined) {
    gaps.push({ figure: 'sharpe', code: 'input_missing', detail: 'no risk_free_rate was given' });
    return null;
  }
  if (daily === null) {
    gaps.push({ figure: 'sharpe', code: 'insufficient_history', detail: 'as the volatility' });
    return null;
  }
  return figureOrGap('sharpe', gaps, () => sharpeRatio(daily, decimal(riskFreeRate)));
}

function drawdown(
  start: IsoDate,
  returns: readonly DailyReturn[],
  gaps: StatedGap[],
): z.infer<typeof DrawdownSchema> | null {
  if (returns.length === 0) {
    const detail = 'a drawdown needs a daily return';
    gaps.push({ figure: 'max_drawdown', code: 'insufficient_history', detail });
    return null;
  }
  const deepest = maximumDrawdown(wealthFromStart(start, returns));
  return {
    depth: figure(deepest.depth),
    peak_date: deepest.peakDate,
    trough_date: deepest.troughDate,
    recovery_date: deepest.recoveryDate,
  };
}

/** The wealth index with its start, 1 at the close of the first day. */
export function wealthFromStart(start: IsoDate, returns: readonly DailyReturn[]): Dated[] {
  return [{ date: start, number: ONE }, ...wealthIndex(returns)];
}
