import { FLOW_TIMINGS, GRID_CHOICES } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { BaseCurrencyField, reportedIn } from './base-currency';
import { DateField, figure } from './decimal-fields';
import { PeriodArgs } from './measured-period';
import { MeasurementSchema, type Measurement } from './measurement';
import { columnsOf, CurrencyColumnsSchema, NavPointsSchema, PeriodSchema, pointsOf } from './nav-fields';
import { navHistory, periodDays, type NavHistory } from './nav-history';
import { gapOf, type StatedGap } from './stated-gap';

export const historicalNav = defineCapability({
  name: 'portfolio.historical_nav',
  description:
    "The portfolio's value at the close of each calendar day with prices, rates or entries, its net external flows, and " +
    'what it holds in each currency: what metrics, attribution and risk compute from.',
  args: z.strictObject({
    ...PeriodArgs,
    base_currency: BaseCurrencyField,
    flow_timing: z.enum(FLOW_TIMINGS).nullish().describe('When a flow counts within its day.'),
    grid: z
      .enum(GRID_CHOICES)
      .nullish()
      .describe('Of the statistics; the finest that the quotes carry by default.'),
  }),
  result: z.object({
    base_currency: z.string(),
    period: PeriodSchema.nullable(),
    requested_start: DateField.describe('Earlier than period.start where the portfolio is younger.'),
    points: NavPointsSchema,
    currencies: CurrencyColumnsSchema,
    measurement: MeasurementSchema,
  }),
  run: ({ base_currency, flow_timing, grid, ...asked }, given) => {
    const context = reportedIn(given, base_currency);
    const history = navHistory(context, asked, grid ?? undefined);
    const measured = measurementOf(history, flow_timing ?? 'revalued', context);
    return {
      base_currency: history.baseCurrency,
      period: measured.period,
      requested_start: history.requestedStart,
      points: pointsOf(history),
      currencies: columnsOf(history),
      measurement: measured,
    };
  },
});

function measurementOf(
  history: NavHistory,
  timing: Measurement['flow_timing'],
  { ledger, asofDate }: CapabilityContext,
): Measurement {
  const { days, grid, counted, baseCurrency } = history;
  const { id } = ledger.portfolio();
  const [first, last] = [days[0], days.at(-1)];
  return {
    scope: id === null ? 'whole ledger' : `portfolio ${id}`,
    base_currency: baseCurrency,
    requested_start: history.requestedStart,
    period: first && last ? { start: first.date, end: last.date, days: periodDays(days) } : null,
    flow_timing: timing,
    observations:
      grid?.ok === true
        ? {
            grid: grid.grid.grid,
            coverage: figure(grid.grid.coverage),
            merged: grid.grid.merged,
            coarsest_for: grid.grid.coarsestFor,
            dates: [...grid.grid.dates],
          }
        : null,
    oldest_price_at_flow: history.oldestAtFlow,
    counted: counted.map((row) => ({ ...row, amount: figure(row.amount) })),
    gaps: [...missingGaps(history), ...historyGaps(history, asofDate), ...unclassifiedGaps(history)],
  };
}

function missingGaps({ missing, faults }: NavHistory): StatedGap[] {
  return missing.map((quote) => {
    if (quote.kind === 'rate') {
      const { base, quote: into, date } = quote;
      const detail = `there is no rate of ${base} in ${into} on or before ${date}`;
      return gapOf('value', 'rate_missing', detail, 'day', [`${base}:${into}@${date}`]);
    }
    const { commodity, date } = quote;
    const fault = faults.get(commodity);
    const detail = fault?.message ?? `${commodity} is held on ${date} and has no price on or before that day`;
    return gapOf('value', fault?.code ?? 'price_missing', detail, 'day', [`${commodity}@${date}`]);
  });
}

function historyGaps({ days, grid, requestedStart }: NavHistory, asofDate: string): StatedGap[] {
  if (days.length === 0) {
    const detail = `the portfolio has no transaction on or before the end of the period (from ${requestedStart}, as of ${asofDate})`;
    return [gapOf('value', 'insufficient_history', detail, 'portfolio')];
  }
  if (grid === null || grid.ok) return [];
  const detail = `no grid of days, weeks or months is covered by quotes of their own of ${grid.uncovered.join(', ')}`;
  return [gapOf('observations', 'observation_too_sparse', detail, 'portfolio', grid.uncovered)];
}

/** Nothing tells what was posted there: it counts as a flow, and the line to paste says what it is. One gap names all. */
function unclassifiedGaps({ counted }: NavHistory): StatedGap[] {
  const rows = counted.filter(({ role }) => role === 'unclassified');
  const accounts = [...new Set(rows.map(({ account }) => account))];
  const [first] = accounts;
  if (first === undefined) return [];
  const postings = rows.reduce((sum, row) => sum + row.postings, 0);
  const listed = accounts.slice(0, LISTED_ACCOUNTS).join(', ');
  const more =
    accounts.length > LISTED_ACCOUNTS ? ` and ${String(accounts.length - LISTED_ACCOUNTS)} more` : '';
  return [
    {
      figure: 'flows',
      code: 'unclassified',
      detail:
        `${String(postings)} postings to ${listed}${more} count as flows, since nothing tells what they are: ` +
        'their amounts stand first in "counted"',
      scope: 'row',
      needs: accounts,
      remedy: `below "open ${first}" write: role: "spending" (or compensation, contribution, dividend, interest, fee, …)`,
    },
  ];
}

/** A gap that names more accounts is not read. */
const LISTED_ACCOUNTS = 5;
