import { ONE } from '@dawsos/contracts';
import { DAYS_A_YEAR, xirr, type Dated, type NavDay } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DecimalField, figureOrNull } from './decimal-fields';
import { NavPointsSchema, parsePoints, PeriodSchema } from './nav-fields';
import { periodDays } from './nav-history';
import { figureOrGap, StatedGapSchema, type StatedGap } from './stated-gap';

export const moneyWeightedReturn = defineCapability({
  name: 'metrics.compute_mwr',
  description:
    'The money-weighted return: the rate at which the opening value, the external flows and the closing value balance ' +
    "(XIRR, Act/365). The portfolio's own income is return, not flow.",
  args: z.strictObject({ points: NavPointsSchema }),
  result: z.object({
    period: PeriodSchema,
    flows: z.int().describe('Days with an external flow.'),
    mwr_annualised: DecimalField.nullable().describe('The annual effective rate.'),
    mwr: DecimalField.nullable().describe('Over the period: (1 + annual)^(days / 365) − 1.'),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ points }) => {
    const days = parsePoints(points);
    const gaps: StatedGap[] = [];
    const length = periodDays(days);
    const rate = figureOrGap('mwr_annualised', gaps, () => xirr(investorFlows(days)));
    if (rate === null) gaps.push({ ...lastOf(gaps), figure: 'mwr' });
    return {
      period: { start: points[0]?.date ?? '', end: points.at(-1)?.date ?? '', days: length },
      flows: days.slice(1).filter(({ flow }) => !flow.isZero()).length,
      mwr_annualised: figureOrNull(rate),
      mwr: figureOrNull(rate && rate.plus(ONE).pow(ONE.times(length).div(DAYS_A_YEAR)).minus(ONE)),
      gaps,
    };
  },
});

/** As the investor sees them: opening value and inflows are paid, outflows and closing value received. */
function investorFlows(days: readonly NavDay[]): Dated[] {
  const [first, ...rest] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    { date: first.date, number: first.value.negated() },
    ...rest.map(({ date, flow }) => ({ date, number: flow.negated() })),
    { date: last.date, number: last.value },
  ];
}

function lastOf(gaps: readonly StatedGap[]): StatedGap {
  return gaps.at(-1) ?? { figure: 'mwr', code: 'no_solution', detail: 'no rate of return' };
}
