import { ONE } from '@dawsos/contracts';
import {
  HIGHEST_YEARLY_RATE,
  DAYS_A_YEAR,
  rateOfReturn,
  type Dated,
  type NavDay,
} from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { CONVENTIONS, ConventionsSchema } from './conventions';
import { DecimalField, figure, figureOrNull } from './decimal-fields';
import { isMissingValue, MeasurementSchema } from './measurement';
import { NavPointsSchema, parsePoints, PeriodSchema } from './nav-fields';
import { periodDays } from './nav-history';
import { figureOrGap, gapsFor, StatedGapSchema, type StatedGap } from './stated-gap';

export const moneyWeightedReturn = defineCapability({
  name: 'metrics.compute_mwr',
  description:
    'The money-weighted return: the rate at which the opening value, the external flows on their own days and the closing ' +
    "value balance (XIRR, Act/365). The portfolio's own income is return, not flow.",
  args: z.strictObject({
    points: NavPointsSchema,
    measurement: MeasurementSchema.nullish().describe(
      'As portfolio.historical_nav gives it with the points.',
    ),
  }),
  result: z.object({
    period: PeriodSchema.nullable(),
    flows: z.int().describe('Days with an external flow.'),
    mwr_annualised: DecimalField.nullable().describe('The annual effective rate.'),
    mwr: DecimalField.nullable().describe('Over the period: (1 + annual)^(days / 365) − 1.'),
    leads: z.enum(['mwr', 'mwr_annualised']).describe('Under a year the rate of the period.'),
    roots: z
      .array(DecimalField)
      .describe('All annual rates that balance the flows; the one nearest to 0 counts.'),
    conventions: ConventionsSchema,
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ points, measurement }) => {
    const days = parsePoints(points);
    const gaps: StatedGap[] = [];
    const length = periodDays(days);
    const flows = investorFlows(days);
    const found =
      flows === null
        ? unknown(measurement?.gaps ?? [], gaps)
        : figureOrGap('mwr_annualised', gaps, () => rateOfReturn(flows));
    if (found === null) gaps.push(...gapsFor(['mwr'], gaps));
    const rate = found && found.rate;
    const mwr = rate && rate.plus(ONE).pow(ONE.times(length).div(DAYS_A_YEAR)).minus(ONE);
    const tells = rate !== null && rate.lessThanOrEqualTo(HIGHEST_YEARLY_RATE);
    if (rate !== null && !tells) {
      gaps.push({
        figure: 'mwr_annualised',
        code: 'no_solution',
        detail: `what came in ${length === 1 ? 'a day' : `${String(length)} days`} is more than 10^16 % a year; the period's rate tells it`,
      });
    }
    const [first, last] = [days[0], days.at(-1)];
    const period = first && last ? { start: first.date, end: last.date, days: length } : null;
    return {
      period,
      flows: days.slice(1).filter(({ flow }) => flow === null || !flow.isZero()).length,
      mwr_annualised: figureOrNull(tells ? rate : null),
      mwr: figureOrNull(mwr),
      leads: length < DAYS_A_YEAR ? ('mwr' as const) : ('mwr_annualised' as const),
      roots: found === null || !tells ? [] : found.roots.map(figure),
      conventions: {
        ...(period ? { period: `close ${period.start} to close ${period.end}` } : {}),
        mwr: CONVENTIONS.moneyWeighted,
        mwr_annualised: CONVENTIONS.moneyWeighted,
      },
      gaps,
    };
  },
});

/**
 * As the investor sees them: opening value and inflows are paid, outflows and closing value received. Null where one
 * of them is not known; the value of a day between is not needed.
 */
export function investorFlows(days: readonly NavDay[]): Dated[] | null {
  const [first, ...rest] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return [];
  if (first.value === null || last.value === null) return null;
  const flows: Dated[] = [{ date: first.date, number: first.value.negated() }];
  for (const { date, flow } of rest) {
    if (flow === null) return null;
    if (!flow.isZero()) flows.push({ date, number: flow.negated() });
  }
  return [...flows, { date: last.date, number: last.value }];
}

function unknown(given: readonly StatedGap[], gaps: StatedGap[]): null {
  const reasons = given.filter(({ code }) => isMissingValue(code));
  const other: StatedGap = {
    figure: 'mwr_annualised',
    code: 'no_solution',
    detail: 'the opening or closing value or a flow is not known',
  };
  gaps.push(...(reasons.length > 0 ? gapsFor(['mwr_annualised'], reasons) : [other]));
  return null;
}
