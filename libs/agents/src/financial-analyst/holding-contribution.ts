import { isDawsosError, ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import { unitSizes, type Transaction } from '@dawsos/ledger';
import { FLOW_TIMINGS, visitParts, weight, type DayPart, type ReturnSpan } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { BaseCurrencyField, reportedIn } from './base-currency';
import { ConventionsSchema, returnConvention } from './conventions';
import { DecimalField, figureOrNull } from './decimal-fields';
import { CommodityField, requireHeld } from './held-commodity';
import { putsOf, type HoldingPut } from './holding-puts';
import { incomePayments } from './holding-income';
import { transactions } from './holdings';
import { rateToBase } from './market-history';
import { PeriodArgs } from './measured-period';
import { linkedSeries } from './measurement';
import { PeriodSchema } from './nav-fields';
import { navHistory, periodDays, type NavHistory } from './nav-history';
import { gapsFor, StatedGapSchema, type StatedGap } from './stated-gap';

export const holdingContribution = defineCapability({
  name: 'holding.contribution',
  description:
    "What one holding added to the portfolio's time-weighted return in base currency: its profit in each step (change of " +
    "value, less what was put in, more what was taken out and paid) over the portfolio's base of that step, linked at the " +
    'wealth before it, so that the contributions of all holdings and of cash add up to the return. Trading costs ' +
    'count with cash.',
  args: z.strictObject({
    commodity: CommodityField,
    ...PeriodArgs,
    base_currency: BaseCurrencyField,
    flow_timing: z.enum(FLOW_TIMINGS).nullish(),
  }),
  result: z.object({
    base_currency: z.string(),
    period: PeriodSchema.nullable(),
    profit: DecimalField.nullable().describe('In base currency over the period, income in it.'),
    income: DecimalField.nullable().describe('Of the profit, payments after what was withheld.'),
    contribution: DecimalField.nullable().describe('A part of portfolio_return.'),
    income_contribution: DecimalField.nullable().describe('Of the contribution, by income.'),
    portfolio_return: DecimalField.nullable().describe('Of the longest span without a break.'),
    rest: DecimalField.nullable().describe('portfolio_return − contribution: all that is not this holding.'),
    share_of_return: DecimalField.nullable().describe('contribution / portfolio_return.'),
    conventions: ConventionsSchema,
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ commodity, base_currency, flow_timing, ...asked }, given) => {
    const context = reportedIn(given, base_currency);
    const { ledger, asofDate } = context;
    const history = transactions(ledger.entries({ to: asofDate }));
    requireHeld(commodity, history, ledger.portfolio());
    const nav = navHistory(context, asked);
    const timing = flow_timing ?? 'revalued';
    const series = linkedSeries(nav.days, timing);
    const { span } = series;
    const parts = holdingParts(commodity, history, nav, context);
    const total = span && span.growth.minus(ONE);
    const linked = span && linkedContribution(parts, span);
    const contribution = linked && linked.contribution;
    const [first, last] = [nav.days[0], nav.days.at(-1)];
    const period = first && last ? { start: first.date, end: last.date, days: periodDays(nav.days) } : null;
    return {
      base_currency: nav.baseCurrency,
      period,
      profit: figureOrNull(parts.profit),
      income: figureOrNull(parts.income),
      contribution: figureOrNull(contribution),
      income_contribution: figureOrNull(linked && linked.income),
      portfolio_return: figureOrNull(total),
      rest: figureOrNull(total && contribution && total.minus(contribution)),
      share_of_return: figureOrNull(total && contribution && weight(contribution, total)),
      conventions: {
        ...(period ? { period: `close ${period.start} to close ${period.end}` } : {}),
        contribution: returnConvention(timing),
      },
      gaps: [...parts.gaps, ...gapsFor(['contribution'], series.gaps)],
    };
  },
});

/** What a holding earned: over the period, and in each part of a day. */
interface HoldingParts {
  readonly profit: Decimal | null;
  readonly income: Decimal | null;
  readonly gaps: readonly StatedGap[];
  earned(day: number, part: DayPart): { readonly profit: Decimal; readonly income: Decimal };
}

/**
 * A day's profit is its change of value − paid in + income. Up to the day's flows it is what the units of the eve gained at
 * the day's price, and the income; from then on what the trades gained by the close.
 */
function holdingParts(
  commodity: string,
  history: readonly Transaction[],
  nav: NavHistory,
  context: CapabilityContext,
): HoldingParts {
  const { valuation } = nav;
  const dates = nav.days.map(({ date }) => date);
  const column = valuation?.holdings.find(({ holding }) => holding.commodity === commodity);
  const price = (day: number): Decimal | null => priceOn(valuation, commodity, day);
  const worth = (units: Decimal | undefined, day: number): Decimal | null => {
    if (units === undefined || units.isZero()) return ZERO;
    const one = price(day);
    return one && units.times(one);
  };
  const close = (day: number): Decimal | null => worth(column?.quantities[day], day);
  const sizes = unitSizes(history, (name) => context.ledger.facts(name), context.asofDate);
  const puts = putsOf(commodity, history, {
    context,
    sizes,
    price: (name, { date }) => {
      const day = dayOf(date, dates);
      return day === undefined ? null : priceOn(valuation, name, day);
    },
  });
  const paid = addedByDay(puts, dates);
  const income = incomeByDay(commodity, history, dates, context);
  const gaps: StatedGap[] = [...income.gaps];
  const last = dates.length - 1;
  const profit = total([close(last), negated(close(0)), ...[...paid.values()].map(negated), income.sum]);
  if (profit === null) {
    const detail = `the value of ${commodity} or of what was put into it is not known on a day that counts`;
    gaps.push({ figure: 'profit', code: 'price_missing', detail, scope: 'row', needs: [commodity] });
  }
  return {
    profit,
    income: income.sum,
    gaps,
    earned: (day, part) => {
      const received = part === 'after' ? ZERO : (income.byDay.get(day) ?? ZERO);
      const atFlows = part === 'all' ? null : worth(column?.quantities[day - 1], day);
      const from = part === 'after' ? atFlows : close(day - 1);
      const to = part === 'before' ? atFlows : close(day);
      const put = part === 'before' ? ZERO : (paid.get(day) ?? ZERO);
      return {
        profit: (to ?? ZERO)
          .minus(from ?? ZERO)
          .minus(put)
          .plus(received),
        income: received,
      };
    },
  };
}

/** In base currency, of a unit of the as-of day. */
function priceOn(valuation: NavHistory['valuation'], commodity: string, day: number): Decimal | null {
  const column = valuation?.holdings.find(({ holding }) => holding.commodity === commodity);
  const rates = valuation?.currencies.find(({ currency }) => currency === column?.holding.currency)?.rates;
  const rate = rates?.[day];
  if (column === undefined || rate === undefined) return null;
  if (column.holding.prices === null) return rate;
  const point = column.prices[day];
  return point === undefined ? null : point.number.times(rate);
}

const negated = (value: Decimal | null): Decimal | null => value && value.negated();

const total = (values: readonly (Decimal | null)[]): Decimal | null =>
  values.reduce<Decimal | null>(
    (sum, value) => (sum === null || value === null ? null : sum.plus(value)),
    ZERO,
  );

/** The valuation day of a date: each entry has its own; none for what happened up to the first day or after the last. */
function dayOf(date: IsoDate, dates: readonly IsoDate[]): number | undefined {
  const [start, end] = [dates[0], dates.at(-1)];
  if (start === undefined || end === undefined || date <= start || date > end) return undefined;
  return dates.findIndex((day) => day >= date);
}

/** What was put into the holding in base currency, by day. */
function addedByDay(puts: readonly HoldingPut[], dates: readonly IsoDate[]): Map<number, Decimal | null> {
  const byDay = new Map<number, Decimal | null>();
  for (const { transaction, value } of puts) {
    const day = dayOf(transaction.date, dates);
    if (day === undefined) continue;
    const before = byDay.get(day);
    byDay.set(day, value === null || before === null ? null : (before ?? ZERO).plus(value));
  }
  return byDay;
}

function incomeByDay(
  commodity: string,
  history: readonly Transaction[],
  dates: readonly IsoDate[],
  context: CapabilityContext,
): { byDay: Map<number, Decimal>; sum: Decimal | null; gaps: StatedGap[] } {
  const byDay = new Map<number, Decimal>();
  const gaps: StatedGap[] = [];
  for (const { date, currency, net } of incomePayments(history, commodity, context.ledger)) {
    const day = dayOf(date, dates);
    if (day === undefined) continue;
    const rate = orNull(() => rateToBase(currency, date, context));
    if (rate === null) {
      const detail = `there is no rate of ${currency} on or before ${date}`;
      gaps.push({
        figure: 'income',
        code: 'rate_missing',
        detail,
        scope: 'row',
        needs: [`${currency}@${date}`],
      });
    } else {
      byDay.set(day, (byDay.get(day) ?? ZERO).plus(net.times(rate)));
    }
  }
  const sum = gaps.length > 0 ? null : [...byDay.values()].reduce((all, one) => all.plus(one), ZERO);
  return { byDay, sum, gaps };
}

function orNull(compute: () => Decimal): Decimal | null {
  try {
    return compute();
  } catch (error) {
    if (isDawsosError(error) && error.code === 'rate_missing') return null;
    throw error;
  }
}

/** Σ profit × wealth before the step / its base (Frongello, 2002, as in attribution.currency). */
function linkedContribution(
  parts: HoldingParts,
  span: ReturnSpan,
): { contribution: Decimal; income: Decimal } {
  let [contribution, income] = [ZERO, ZERO];
  visitParts(span, (day, part, scale) => {
    const earned = parts.earned(day, part);
    if (!earned.profit.isZero()) contribution = contribution.plus(earned.profit.times(scale));
    if (!earned.income.isZero()) income = income.plus(earned.income.times(scale));
  });
  return { contribution, income };
}
