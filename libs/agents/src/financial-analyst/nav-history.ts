import {
  addDays,
  DawsosError,
  daysBetween,
  ONE,
  weekday,
  ZERO,
  type Decimal,
  type IsoDate,
} from '@dawsos/contracts';
import { unitSizes, type Portfolio, type Transaction, type UnitSizes } from '@dawsos/ledger';
import {
  dailyValuation,
  type CurrencyBucket,
  type DailyValuation,
  type Dated,
  type Holding,
  type NavDay,
} from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../capability';
import { movement, type DayValuer } from './external-flows';
import { quantitiesOverTime, transactions } from './holdings';
import { isMoney, quotation, rateHistory, requireUnitPrice, unitPricesOf } from './market-history';

export interface NavHistory {
  readonly baseCurrency: string;
  readonly requestedStart: IsoDate;
  /** The valuation at the close of the first is the opening value; flows count from the next on. */
  readonly days: readonly NavDay[];
  readonly buckets: readonly CurrencyBucket[];
}

/**
 * A portfolio's value, external flows and currencies from `lookbackDays` calendar days before the as-of date,
 * day by day. The days are the first and the last of the period and the weekdays between on which the pack
 * has a price or rate of anything held or the ledger moves something; what happens on a weekend counts on the
 * next of them. A portfolio that is younger starts, empty, on the day before its first transaction.
 *
 * @throws DawsosError `insufficient_history` where there is no transaction yet; `price_missing`, `rate_missing`.
 */
export function navHistory(context: CapabilityContext, lookbackDays: number): NavHistory {
  const { pack, ledger, asofDate: end } = context;
  const portfolio = ledger.portfolio();
  const history = transactions(ledger.entries({ to: end }));
  const requestedStart = addDays(end, -lookbackDays);
  const start = periodStart(history, requestedStart, end);
  const sizes = unitSizes(history, (commodity) => ledger.facts(commodity), end);
  const holdings = heldFrom(start, quantitiesOverTime(history, portfolio, sizes)).map(
    ([commodity, quantities]): Holding => ({
      commodity,
      quantities,
      ...quotation(commodity, start, end, context),
    }),
  );
  const rates = ratesOf(holdings, context, start, portfolio.baseCurrency);
  const series = [...holdings.map((holding) => holding.prices ?? []), ...rates.values()];
  const dates = valuationDays(start, end, series, history);
  const input = { days: dates, holdings, rates, baseCurrency: portfolio.baseCurrency };
  const valuation = dailyValuation(input);
  const currencies = new Map(holdings.map(({ commodity, currency }) => [commodity, currency]));
  const flows = flowsByDay(history, { context, portfolio, dates, currencies, valuation, sizes });
  return {
    baseCurrency: portfolio.baseCurrency,
    requestedStart,
    days: dates.map((date, day) => ({
      date,
      value: valuation.values[day] ?? ZERO,
      flow: flows.external.get(day) ?? ZERO,
    })),
    buckets: withFlows(valuation.currencies, flows.byCurrency, dates.length, (currency, day) =>
      pack.requireRate(currency, portfolio.baseCurrency, dates[day] ?? end),
    ),
  };
}

function periodStart(history: readonly Transaction[], requested: IsoDate, end: IsoDate): IsoDate {
  const [first] = history;
  if (first === undefined) {
    throw new DawsosError('insufficient_history', `the portfolio has no transaction on or before ${end}`);
  }
  return first.date > requested ? addDays(first.date, -1) : requested;
}

/** The commodities that are held at the start or move after it. */
function heldFrom(start: IsoDate, quantities: ReadonlyMap<string, Dated[]>): [string, Dated[]][] {
  return [...quantities].filter(([, points]) => {
    const opening = points.findLast((point) => point.date <= start);
    return points.some((point) => point.date > start) || opening?.number.isZero() === false;
  });
}

function ratesOf(
  holdings: readonly Holding[],
  { pack, asofDate }: CapabilityContext,
  start: IsoDate,
  baseCurrency: string,
): Map<string, readonly Dated[]> {
  const foreign = new Set(
    holdings.map((holding) => holding.currency).filter((currency) => currency !== baseCurrency),
  );
  return new Map(
    [...foreign]
      .sort()
      .map((currency) => [currency, rateHistory(pack, currency, baseCurrency, start, asofDate)]),
  );
}

function valuationDays(
  start: IsoDate,
  end: IsoDate,
  series: readonly (readonly Dated[])[],
  history: readonly Transaction[],
): IsoDate[] {
  const days = new Set<IsoDate>([start, end]);
  for (const points of series) {
    for (const { date } of points) if (isWeekday(date)) days.add(date);
  }
  for (const { date } of history) {
    if (date > start) days.add(weekdayFrom(date));
  }
  return [...days].filter((day) => day >= start && day <= end).sort();
}

function weekdayFrom(date: IsoDate): IsoDate {
  return isWeekday(date) ? date : weekdayFrom(addDays(date, 1));
}

function isWeekday(date: IsoDate): boolean {
  const day = weekday(date);
  return day >= 1 && day <= 5;
}

interface Flows {
  readonly external: Map<number, Decimal>;
  readonly byCurrency: Map<string, Map<number, Decimal>>;
}

interface FlowSetting {
  readonly context: CapabilityContext;
  readonly portfolio: Portfolio;
  readonly dates: readonly IsoDate[];
  /** The currency that each commodity counts in. */
  readonly currencies: ReadonlyMap<string, string>;
  readonly valuation: DailyValuation;
  readonly sizes: UnitSizes;
}

function flowsByDay(history: readonly Transaction[], setting: FlowSetting): Flows {
  const { context, portfolio, dates } = setting;
  const external = new Map<number, Decimal>();
  const byCurrency = new Map<string, Map<number, Decimal>>();
  const [start] = dates;
  let day = 0;
  for (const transaction of history) {
    if (start === undefined || transaction.date <= start) continue;
    while ((dates[day] ?? transaction.date) < transaction.date) day++;
    const valuer = dayValuer(setting, day, dates[day] ?? context.asofDate);
    const moved = movement(transaction, portfolio, context.ledger, valuer);
    if (moved === undefined) continue;
    addTo(external, day, moved.external);
    for (const [currency, value] of moved.byCurrency) {
      const flows = byCurrency.get(currency) ?? new Map<number, Decimal>();
      byCurrency.set(currency, flows);
      addTo(flows, day, value);
    }
  }
  return { external, byCurrency };
}

function addTo(flows: Map<number, Decimal>, day: number, value: Decimal): void {
  if (!value.isZero()) flows.set(day, (flows.get(day) ?? ZERO).plus(value));
}

/** Rates are those of the valuation, so that a flow and the value it becomes are counted at one rate. */
function dayValuer(
  { context, portfolio, currencies, valuation, sizes }: FlowSetting,
  day: number,
  date: IsoDate,
): DayValuer {
  const { pack } = context;
  const { baseCurrency } = portfolio;
  const currencyOf = (commodity: string): string =>
    currencies.get(commodity) ??
    (isMoney(commodity, context) ? undefined : unitPricesOf(context).at(commodity, date)?.currency) ??
    commodity;
  const toBase = (currency: string): Decimal =>
    currency === baseCurrency
      ? ONE
      : (valuation.currencies.find((series) => series.currency === currency)?.rates[day] ??
        pack.requireRate(currency, baseCurrency, date));
  const rate = (from: string, to: string): Decimal => {
    if (from === to) return ONE;
    return to === baseCurrency ? toBase(from) : toBase(from).div(toBase(to));
  };
  return {
    currencyOf,
    rate,
    unitsOf: (posting) => sizes.unitsOf(posting),
    localValue: (commodity, units) => {
      const currency = currencyOf(commodity);
      if (currency === commodity) return units;
      const price = requireUnitPrice(commodity, date, context);
      return units.times(price.number).times(rate(price.currency, currency));
    },
  };
}

/** Joins flows to the currencies that are valued; one that only passed through gets a bucket of zeros. */
function withFlows(
  valued: readonly Omit<CurrencyBucket, 'flows'>[],
  flows: ReadonlyMap<string, ReadonlyMap<number, Decimal>>,
  length: number,
  rateOn: (currency: string, day: number) => Decimal,
): CurrencyBucket[] {
  const buckets = valued.map((series) => ({ ...series, flows: flows.get(series.currency) ?? new Map() }));
  const known = new Set(valued.map(({ currency }) => currency));
  for (const [currency, byDay] of flows) {
    if (known.has(currency)) continue;
    const rates = ratesOnDays([...byDay.keys()], length, (day) => rateOn(currency, day));
    buckets.push({ currency, localValues: rates.map(() => ZERO), rates, flows: byDay });
  }
  return buckets.sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

/** The rates of the days that have a flow; the day before takes the same where it has none of its own. */
function ratesOnDays(days: readonly number[], length: number, rateOn: (day: number) => Decimal): Decimal[] {
  const rates = Array.from({ length }, () => ZERO);
  for (const day of [...days].sort((a, b) => a - b)) {
    rates[day] = rateOn(day);
    if (rates[day - 1]?.isZero()) rates[day - 1] = rates[day];
  }
  return rates;
}

/** Calendar days from the first day to the last. */
export function periodDays(days: readonly { readonly date: IsoDate }[]): number {
  const [first, last] = [days[0], days.at(-1)];
  return first === undefined || last === undefined ? 0 : daysBetween(first.date, last.date);
}
