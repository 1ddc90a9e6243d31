import type { IsoDate } from '@dawsos/contracts';
import type { FlowTiming, GridName } from '@dawsos/portfolio-math';
import { z } from 'zod';
import type { Measurement } from './measurement';

/** The convention that each figure of a result follows, by figure: what exports and terminals print. */
export const ConventionsSchema = z.record(z.string(), z.string());
export type Conventions = z.infer<typeof ConventionsSchema>;

const RETURN: Readonly<Record<FlowTiming, string>> = {
  revalued: 'TWR, revalued at flows; price at flow: own, carried ≤ 31 d, else Modified Dietz',
  refuse: 'TWR, revalued at flows; price at flow: own, carried ≤ 31 d, else refused',
  'inflow-start-outflow-end': 'TWR, daily; inflows at the start, outflows at the end of their day',
  start: 'TWR, daily; flows at the start of their day',
  end: 'TWR, daily; flows at the end of their day',
};

export const CONVENTIONS = {
  moneyWeighted: 'XIRR, Act/365, root nearest 0',
  annualised: 'Act/365, from 365 days',
  volatility: 'sample, simple returns',
  sharpe: { arithmetic: 'arithmetic, rf per step', compound: 'arithmetic, rf per step, compounded' },
  drawdown: 'valuation days',
  bridge: 'income gross; currency: value of the eve × change of rate',
  income: 'pay date, net of fees and tax',
  currency: 'local/fx/interaction, Frongello',
  prices: 'as traded, newest on or before',
  rounding: 'ISO 4217; 6 significant; half up',
} as const;

export const returnConvention = (timing: FlowTiming): string => RETURN[timing];

/** The conventions that all figures of a series share; with a count, what was observed. */
export function seriesConventions(
  {
    days,
    grid,
    count,
  }: {
    readonly days: readonly { readonly date: IsoDate }[];
    readonly grid?: GridName | null;
    readonly count?: number;
  },
  measurement: Measurement | null | undefined,
): Conventions {
  const [first, last] = [days[0], days.at(-1)];
  const isObserved = grid !== undefined && grid !== null && count !== undefined;
  return {
    ...(first && last ? { period: `close ${first.date} to close ${last.date}` } : {}),
    ...(measurement ? { scope: `${measurement.scope}, base ${measurement.base_currency}` } : {}),
    ...(isObserved ? { observations: `${grid}; n ${String(count)}` } : {}),
  };
}
