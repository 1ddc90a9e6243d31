import { Decimal, ONE, ZERO, type IsoDate } from '@dawsos/contracts';
import { unitSizes, type Transaction, type UnitSizes } from '@dawsos/ledger';
import { dailyReturns, dailyValuation, linkedReturn, weight } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { DecimalField, figure, figureOrNull } from './decimal-fields';
import { CommodityField, requireHeld } from './held-commodity';
import { incomePayments } from './holding-income';
import { isOwn, quantitiesOverTime, transactions } from './holdings';
import { lotMovements, type LotMovement } from './lot-movements';
import { quotation, rateHistory, rateToBase, requireUnitPrice } from './market-history';
import { PeriodSchema } from './nav-fields';
import { navHistory, periodDays, type NavHistory } from './nav-history';

export const holdingContribution = defineCapability({
  name: 'holding.contribution',
  description:
    "What one holding added to the portfolio's time-weighted return in base currency: its daily profit (change of value, " +
    "less what was put in, more what was taken out and paid) over the portfolio's value at the start of the day, linked at the " +
    'wealth of the day before, so that the contributions of all holdings and of cash add up to the return. Trading costs ' +
    'count with cash.',
  args: z.strictObject({ commodity: CommodityField, lookback_days: z.int().positive().max(36_600) }),
  result: z.object({
    base_currency: z.string(),
    period: PeriodSchema,
    profit: DecimalField.describe('In base currency, income in it.'),
    income: DecimalField.describe('Of the profit, payments after what was withheld.'),
    contribution: DecimalField.describe('A part of portfolio_return.'),
    income_contribution: DecimalField.describe('Of the contribution, by income.'),
    portfolio_return: DecimalField.nullable(),
    rest: DecimalField.nullable().describe('portfolio_return − contribution: all that is not this holding.'),
    share_of_return: DecimalField.nullable().describe('contribution / portfolio_return.'),
  }),
  run: ({ commodity, lookback_days }, context) => {
    const { ledger, asofDate } = context;
    const history = transactions(ledger.entries({ to: asofDate }));
    requireHeld(commodity, history, ledger.portfolio());
    const nav = navHistory(context, lookback_days);
    const profits = dailyProfits(commodity, history, nav, context);
    const returns = dailyReturns(nav.days);
    const total = returns.length === 0 ? null : linkedReturn(returns);
    const { contribution, income } = linkedContribution(profits, nav);
    const start = nav.days[0]?.date ?? asofDate;
    return {
      base_currency: nav.baseCurrency,
      period: { start, end: asofDate, days: periodDays(nav.days) },
      profit: figure(sum(profits.map(({ profit }) => profit))),
      income: figure(sum(profits.map((day) => day.income))),
      contribution: figure(contribution),
      income_contribution: figure(income),
      portfolio_return: figureOrNull(total),
      rest: figureOrNull(total && total.minus(contribution)),
      share_of_return: figureOrNull(total && weight(contribution, total)),
    };
  },
});

interface DayProfit {
  readonly profit: Decimal;
  readonly income: Decimal;
}

/** For each day of `nav` after the first: change of value − paid in + income. */
function dailyProfits(
  commodity: string,
  history: readonly Transaction[],
  nav: NavHistory,
  context: CapabilityContext,
): DayProfit[] {
  const { pack, ledger, asofDate } = context;
  const portfolio = ledger.portfolio();
  const { baseCurrency } = portfolio;
  const dates = nav.days.map(({ date }) => date);
  const [start] = dates;
  if (start === undefined) return [];
  const quoted = quotation(commodity, start, asofDate, context);
  const sizes = unitSizes(history, (name) => ledger.facts(name), asofDate);
  const rates = new Map(
    quoted.currency === baseCurrency
      ? []
      : [[quoted.currency, rateHistory(pack, quoted.currency, baseCurrency, start, asofDate)]],
  );
  const quantities = quantitiesOverTime(history, portfolio, sizes).get(commodity) ?? [];
  const { values } = dailyValuation({
    days: dates,
    holdings: [{ commodity, quantities, ...quoted }],
    rates,
    baseCurrency,
  });
  const paid = addedByDay(commodity, history, { dates, sizes, context });
  const income = incomeByDay(commodity, history, dates, context);
  return dates.slice(1).map((_, index) => {
    const day = index + 1;
    const received = income.get(day) ?? ZERO;
    const change = (values[day] ?? ZERO).minus(values[index] ?? ZERO);
    return { profit: change.minus(paid.get(day) ?? ZERO).plus(received), income: received };
  });
}

/** The first valuation day on or after a date; none for what happened up to the first day. */
function dayOf(date: IsoDate, dates: readonly IsoDate[]): number | undefined {
  const [start] = dates;
  if (start === undefined || date <= start) return undefined;
  return dates.findIndex((day) => day >= date);
}

interface DaySetting {
  readonly dates: readonly IsoDate[];
  readonly sizes: UnitSizes;
  readonly context: CapabilityContext;
}

/** What was put into the holding in base currency: trades at what they cost, anything else at the market. */
function addedByDay(
  commodity: string,
  history: readonly Transaction[],
  { dates, sizes, context }: DaySetting,
): Map<number, Decimal> {
  const portfolio = context.ledger.portfolio();
  const movements = new Map<unknown, LotMovement>(
    lotMovements(history, portfolio, sizes).map((movement) => [movement.posting, movement]),
  );
  const byDay = new Map<number, Decimal>();
  for (const transaction of history) {
    const day = dayOf(transaction.date, dates);
    const date = day === undefined ? undefined : dates[day];
    if (day === undefined || date === undefined) continue;
    for (const posting of transaction.postings) {
      if (posting.units.currency !== commodity || !isOwn(portfolio, posting.account)) continue;
      const kind = movements.get(posting)?.kind;
      if (kind === 'moved') continue;
      const units = posting.units.number.toDecimal();
      const traded = kind === 'bought' ? posting.cost : posting.price;
      const value =
        traded === null || kind === 'received' || kind === 'given'
          ? sizes.unitsOf(posting).times(marketPrice(commodity, date, context))
          : units.times(traded.number.toDecimal()).times(rateToBase(traded.currency, date, context));
      byDay.set(day, (byDay.get(day) ?? ZERO).plus(value));
    }
  }
  return byDay;
}

function incomeByDay(
  commodity: string,
  history: readonly Transaction[],
  dates: readonly IsoDate[],
  context: CapabilityContext,
): Map<number, Decimal> {
  const byDay = new Map<number, Decimal>();
  for (const { date, currency, gross, withheld } of incomePayments(history, commodity, context.ledger)) {
    const day = dayOf(date, dates);
    const valued = day === undefined ? undefined : dates[day];
    if (day === undefined || valued === undefined) continue;
    const net = gross.minus(withheld).times(rateToBase(currency, valued, context));
    byDay.set(day, (byDay.get(day) ?? ZERO).plus(net));
  }
  return byDay;
}

function marketPrice(commodity: string, date: IsoDate, context: CapabilityContext): Decimal {
  const { number, currency } = requireUnitPrice(commodity, date, context);
  return number.times(rateToBase(currency, date, context));
}

/** Σ profit / start of day × wealth of the day before (Frongello, 2002, as in attribution.currency). */
function linkedContribution(
  profits: readonly DayProfit[],
  { days }: NavHistory,
): { contribution: Decimal; income: Decimal } {
  let [wealth, contribution, income] = [ONE, ZERO, ZERO];
  for (const [index, { profit, income: received }] of profits.entries()) {
    const [before, day] = [days[index], days[index + 1]];
    if (before === undefined || day === undefined) continue;
    const basis = before.value.plus(Decimal.max(day.flow, ZERO));
    if (basis.isZero()) continue;
    contribution = contribution.plus(profit.div(basis).times(wealth));
    income = income.plus(received.div(basis).times(wealth));
    wealth = wealth.times(day.value.minus(Decimal.min(day.flow, ZERO)).div(basis));
  }
  return { contribution, income };
}

const sum = (values: readonly Decimal[]): Decimal => values.reduce((total, value) => total.plus(value), ZERO);
