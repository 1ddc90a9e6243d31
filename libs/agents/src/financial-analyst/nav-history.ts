import { addDays, daysBetween, ZERO, type DawsosError, type Decimal, type IsoDate } from '@dawsos/contracts';
import { unitSizes, type Portfolio, type Transaction } from '@dawsos/ledger';
import {
  dailyValuation,
  observationGrid,
  staleMark,
  staleness,
  valueAtFlows,
  type CurrencyBucket,
  type DailyValuation,
  type Dated,
  type GridChoice,
  type GridOutcome,
  type Holding,
  type MissingQuote,
  type NavDay,
} from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../capability';
import { countedPostings, type CountedPosting } from './counted-postings';
import { dayPrices, tradedDays, tradesOf } from './day-prices';
import { quantitiesOverTime, transactions } from './holdings';
import { rateHistory } from './market-history';
import { lotBook } from './lot-book/lot-book';
import { measuredPeriod, type AskedPeriod } from './measured-period';
import { dayFlows, passingRates, type DayFlows } from './nav-flows';
import { observedHoldings } from './nav-observations';
import { createRoles } from './roles';

export interface NavHistory {
  readonly baseCurrency: string;
  readonly requestedStart: IsoDate;
  /** The valuation at the close of the first is the opening value; flows count from the next on. None before the first entry. */
  readonly days: readonly NavDay[];
  readonly buckets: readonly CurrencyBucket[];
  readonly valuation: DailyValuation | null;
  readonly missing: readonly MissingQuote[];
  /** Why the quotes of a commodity cannot be used. */
  readonly faults: ReadonlyMap<string, DawsosError>;
  readonly grid: GridOutcome | null;
  /** The day of the oldest price or rate that valued the portfolio at a flow. */
  readonly oldestAtFlow: IsoDate | null;
  readonly counted: readonly CountedPosting[];
}

/**
 * A portfolio's value, external flows and currencies over a period, day by day. The days are the first and the last of
 * the period and every calendar day between on which the pack has a price or rate of anything held or the ledger an
 * entry, weekends too: nothing is moved to another day. A portfolio that is younger starts, empty, on the eve of its
 * first entry. What cannot be valued on a day is named in `missing`, and the day has no value.
 * @throws DawsosError `capability_args_invalid`
 */
export function navHistory(given: CapabilityContext, asked: AskedPeriod, gridAsked?: GridChoice): NavHistory {
  const context = askingOnce(given);
  const { ledger, asofDate } = context;
  const portfolio = ledger.portfolio();
  const all = transactions(ledger.entries({ to: asofDate }));
  const { from: requestedStart, to: end } = measuredPeriod(asked, asofDate, all[0]?.date);
  const history = all.filter(({ date }) => date <= end);
  const { baseCurrency } = portfolio;
  const [first] = history;
  if (first === undefined) {
    const nothing = { days: [], buckets: [], valuation: null, missing: [], faults: new Map() };
    return { baseCurrency, requestedStart, ...nothing, grid: null, oldestAtFlow: null, counted: [] };
  }
  const start = first.date > requestedStart ? addDays(first.date, -1) : requestedStart;
  const rolesOf = createRoles(ledger, history);
  // Prices are of the as-of day's units, so quantities are too, whenever the period ends.
  const sizes = unitSizes(all, (commodity) => ledger.facts(commodity), asofDate);
  const traded = tradedDays(history, portfolio, () =>
    tradesOf(history, { portfolio, book: lotBook(context), sizes }),
  );
  const priced = heldFrom(start, quantitiesOverTime(history, portfolio, sizes))
    .filter(([commodity]) => !ledger.facts(commodity).isCounter)
    .map(([commodity, quantities]) => {
      const prices = dayPrices(commodity, traded, { from: start, to: end }, context);
      const holding: Holding = { commodity, quantities, currency: prices.currency, prices: prices.prices };
      return { holding, quotes: prices.quotes, fault: prices.fault };
    });
  const holdings = priced.map(({ holding }) => holding);
  const rates = ratesOf(holdings, context, { start, end }, baseCurrency);
  const dates = valuationDays(
    start,
    end,
    [...holdings.map((holding) => holding.prices ?? []), ...rates.values()],
    history,
  );
  const valuation = dailyValuation({ days: dates, holdings, rates, baseCurrency });
  const flows = dayFlows(history, { context, portfolio, dates, valuation, rolesOf, sizes });
  const { days, before, oldestAtFlow } = navDays(dates, valuation, flows, portfolio);
  const observed = observedHoldings(priced, { valuation, dates, rates, baseCurrency });
  return {
    baseCurrency,
    requestedStart,
    days,
    buckets: bucketsOf(valuation, flows, before, (currency) =>
      passingRates(
        currency,
        baseCurrency,
        dates,
        rateHistory(context.pack, currency, baseCurrency, start, end),
      ),
    ),
    valuation,
    missing: valuation.missing,
    faults: new Map(
      priced.flatMap(({ holding, fault }) => (fault === null ? [] : [[holding.commodity, fault]])),
    ),
    grid: observationGrid({ from: start, to: end, holdings: observed, asked: gridAsked }),
    oldestAtFlow,
    counted: countedPostings(
      history.filter(({ date }) => date > start),
      rolesOf,
    ),
  };
}

/** Every posting of thousands asks what its account is: the first to ask of one reads it, and that read is recorded. */
function askingOnce(context: CapabilityContext): CapabilityContext {
  const { ledger } = context;
  const accounts = new Map<string, ReturnType<typeof ledger.account>>();
  const account: typeof ledger.account = (name) => {
    const known = accounts.get(name) ?? ledger.account(name);
    accounts.set(name, known);
    return known;
  };
  return { ...context, ledger: { ...ledger, account } };
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
  { pack }: CapabilityContext,
  { start, end }: { readonly start: IsoDate; readonly end: IsoDate },
  baseCurrency: string,
): Map<string, readonly Dated[]> {
  const foreign = new Set(
    holdings.map((holding) => holding.currency).filter((currency) => currency !== baseCurrency),
  );
  return new Map(
    [...foreign].sort().map((currency) => [currency, rateHistory(pack, currency, baseCurrency, start, end)]),
  );
}

function valuationDays(
  start: IsoDate,
  end: IsoDate,
  series: readonly (readonly Dated[])[],
  history: readonly Transaction[],
): IsoDate[] {
  const days = new Set<IsoDate>([start, end]);
  for (const points of series) for (const { date } of points) days.add(date);
  for (const { date } of history) days.add(date);
  return [...days].filter((day) => day >= start && day <= end).sort();
}

interface ValuedDays {
  readonly days: readonly NavDay[];
  /** By day with a flow, then by currency: what was held the eve at the day's prices, with the day's income. */
  readonly before: ReadonlyMap<number, ReadonlyMap<string, Decimal>>;
  readonly oldestAtFlow: IsoDate | null;
}

function navDays(
  dates: readonly IsoDate[],
  valuation: DailyValuation,
  flows: DayFlows,
  { baseCurrency }: Portfolio,
): ValuedDays {
  const before = new Map<number, ReadonlyMap<string, Decimal>>();
  const base = new Map<number, Decimal | null>();
  let oldestAtFlow: IsoDate | null = null;
  let someStale = false;
  for (const day of flows.external.keys()) {
    const { localValues, value } = withEarned(valuation, flows, day);
    before.set(day, localValues);
    base.set(day, value);
    const stale = staleness(valuation, dates, day, baseCurrency);
    if (stale.oldest !== null && (oldestAtFlow === null || stale.oldest < oldestAtFlow))
      oldestAtFlow = stale.oldest;
    const mark = staleMark(stale);
    someStale ||= mark === 'before' || mark === 'both';
  }
  const days = dates.map((date, day): NavDay => {
    const flow = flows.external.get(day);
    const gross = flows.gross.get(day);
    const mark = someStale ? staleMark(staleness(valuation, dates, day, baseCurrency)) : undefined;
    return {
      date,
      value: valuation.values[day] ?? null,
      flow: flow === undefined ? ZERO : flow,
      ...(base.has(day) ? { before: base.get(day) ?? null } : {}),
      ...(gross === undefined ? {} : { gross }),
      ...(mark === undefined ? {} : { stale: mark }),
    };
  });
  return { days, before, oldestAtFlow };
}

/** Old units at the day's prices and rates, with the day's income, interest and fees net of tax withheld. */
function withEarned(
  valuation: DailyValuation,
  flows: DayFlows,
  day: number,
): { localValues: Map<string, Decimal>; value: Decimal | null } {
  const held = valueAtFlows(valuation, day);
  const localValues = new Map(
    valuation.currencies.map(({ currency }, index) => [currency, held.localValues[index] ?? ZERO]),
  );
  for (const [currency, amount] of flows.earned.get(day) ?? []) {
    localValues.set(currency, (localValues.get(currency) ?? ZERO).plus(amount));
  }
  const earned = flows.earnedBase(day);
  return { localValues, value: held.value === null || earned === null ? null : held.value.plus(earned) };
}

/** Joins flows to the currencies that are valued; one that only passed through gets a bucket of zeros. */
function bucketsOf(
  { currencies, values }: DailyValuation,
  { byCurrency }: DayFlows,
  before: ValuedDays['before'],
  ratesThrough: (currency: string) => Decimal[],
): CurrencyBucket[] {
  const moved = new Set([
    ...byCurrency.keys(),
    ...[...before.values()].flatMap((local) => [...local.keys()]),
  ]);
  const passing = [...moved].filter((currency) => !currencies.some((series) => series.currency === currency));
  const zeros = values.map(() => ZERO);
  const series = [
    ...currencies,
    ...passing.map((currency) => ({ currency, localValues: zeros, rates: ratesThrough(currency) })),
  ];
  return series
    .map((one): CurrencyBucket => ({
      ...one,
      flows: byCurrency.get(one.currency) ?? new Map(),
      before: new Map(
        [...before].flatMap(([day, local]): [number, Decimal][] => {
          const value = local.get(one.currency);
          return value === undefined ? [] : [[day, value]];
        }),
      ),
    }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

/** Calendar days from the first day to the last. */
export function periodDays(days: readonly { readonly date: IsoDate }[]): number {
  const [first, last] = [days[0], days.at(-1)];
  return first === undefined || last === undefined ? 0 : daysBetween(first.date, last.date);
}
