import { isDawsosError, ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Portfolio, Transaction, UnitSizes } from '@dawsos/ledger';
import type { UnitPrice } from '@dawsos/pricing';
import { carriedForward, type DailyValuation, type NavDay } from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../capability';
import { earnedBy, movement, type DayValuer } from './external-flows';
import { isMoney, unitPricesOf } from './market-history';
import type { RolesOf } from './roles';

/** Flows and income of the valuation days, by index of the day. */
export interface DayFlows {
  /** Net external flow in base currency; null where it cannot be valued. */
  readonly external: ReadonlyMap<number, Decimal | null>;
  /** What came and what went, on days with both. */
  readonly gross: ReadonlyMap<number, NonNullable<NavDay['gross']>>;
  /** Into each currency, in the currency itself. */
  readonly byCurrency: ReadonlyMap<string, ReadonlyMap<number, Decimal>>;
  /** Income, interest and fees net of tax withheld, by currency. */
  readonly earned: ReadonlyMap<number, ReadonlyMap<string, Decimal>>;
  /** The same in base currency; null where a rate is missing. */
  earnedBase(day: number): Decimal | null;
}

export interface FlowSetting {
  readonly context: CapabilityContext;
  readonly portfolio: Portfolio;
  readonly dates: readonly IsoDate[];
  readonly valuation: DailyValuation;
  readonly rolesOf: RolesOf;
  readonly sizes: UnitSizes;
}

/** Every entry of the period on its own day: each is a valuation day. */
export function dayFlows(history: readonly Transaction[], setting: FlowSetting): DayFlows {
  const { context, portfolio, dates, rolesOf } = setting;
  const { ledger } = context;
  const external = new Map<number, Decimal | null>();
  const sums = new Map<number, { in: Decimal; out: Decimal }>();
  const byCurrency = new Map<string, Map<number, Decimal>>();
  const earned = new Map<number, Map<string, Decimal>>();
  const valuers = createValuers(setting);
  const [start] = dates;
  const end = dates.at(-1);
  let day = 0;
  for (const transaction of history) {
    if (start === undefined || end === undefined || transaction.date <= start) continue;
    if (transaction.date > end) break;
    while ((dates[day] ?? end) < transaction.date) day++;
    const outside = rolesOf(transaction);
    for (const [currency, amount] of earnedBy(outside)) {
      const ofDay = earned.get(day) ?? new Map<string, Decimal>();
      earned.set(day, ofDay);
      ofDay.set(currency, (ofDay.get(currency) ?? ZERO).plus(amount));
    }
    const moved = movement(transaction, outside, { portfolio, ledger, valuer: valuers(day) });
    if (moved === undefined) continue;
    noteExternal(day, moved.external, external, sums);
    for (const [currency, value] of moved.byCurrency) {
      if (value.isZero()) continue;
      const flows = byCurrency.get(currency) ?? new Map<number, Decimal>();
      byCurrency.set(currency, flows);
      flows.set(day, (flows.get(day) ?? ZERO).plus(value));
    }
  }
  const gross = new Map([...sums].filter(([, both]) => !both.in.isZero() && !both.out.isZero()));
  const earnedBase = (index: number): Decimal | null => {
    let sum: Decimal | null = ZERO;
    for (const [currency, amount] of earned.get(index) ?? []) {
      const rate = amount.isZero() ? ZERO : valuers(index).rate(currency, portfolio.baseCurrency);
      sum = sum === null || rate === null ? null : sum.plus(amount.times(rate));
    }
    return sum;
  };
  return { external, gross, byCurrency, earned, earnedBase };
}

function noteExternal(
  day: number,
  flow: Decimal | null,
  external: Map<number, Decimal | null>,
  sums: Map<number, { in: Decimal; out: Decimal }>,
): void {
  if (flow?.isZero() === true) return;
  const before = external.get(day);
  external.set(day, flow === null || before === null ? null : (before ?? ZERO).plus(flow));
  if (flow === null) return;
  const sum = sums.get(day) ?? { in: ZERO, out: ZERO };
  sums.set(day, flow.isPositive() ? { ...sum, in: sum.in.plus(flow) } : { ...sum, out: sum.out.plus(flow) });
}

/** Rates and prices are those of the valuation, so that a flow and the value it becomes are counted at one rate. */
function createValuers({
  context,
  portfolio,
  dates,
  valuation,
  sizes,
}: FlowSetting): (day: number) => DayValuer {
  const { pack } = context;
  const { baseCurrency } = portfolio;
  const columns = new Map(valuation.holdings.map((column) => [column.holding.commodity, column]));
  const series = new Map(valuation.currencies.map((currency) => [currency.currency, currency]));
  const quotedOn = (commodity: string, date: IsoDate | undefined): UnitPrice | undefined =>
    date === undefined || isMoney(commodity, context) ? undefined : unitPriceOrNone(commodity, date, context);
  const valuers = new Map<number, DayValuer>();
  const isCounter = (commodity: string): boolean => context.ledger.facts(commodity).isCounter;
  const create = (day: number): DayValuer => {
    const date = dates[day];
    const currencyOf = (commodity: string): string =>
      (isCounter(commodity) ? baseCurrency : undefined) ??
      columns.get(commodity)?.holding.currency ??
      quotedOn(commodity, date)?.currency ??
      commodity;
    const toBase = (currency: string): Decimal | null => {
      if (currency === baseCurrency) return ONE;
      const valued = valuation.rateDates.get(currency)?.[day];
      if (valued !== undefined) return series.get(currency)?.rates[day] ?? null;
      return (date === undefined ? undefined : pack.rate(currency, baseCurrency, date)?.number) ?? null;
    };
    const rate = (from: string, to: string): Decimal | null => {
      if (from === to) return ONE;
      const [one, other] = [toBase(from), toBase(to)];
      if (one === null || other === null) return null;
      return to === baseCurrency ? one : one.div(other);
    };
    return {
      currencyOf,
      rate,
      unitsOf: (posting) => sizes.unitsOf(posting),
      localValue: (commodity, units) => {
        if (isCounter(commodity)) return ZERO;
        const column = columns.get(commodity);
        if (column !== undefined) {
          if (column.holding.prices === null) return units;
          const price = column.prices[day];
          return price === undefined ? null : units.times(price.number);
        }
        const quoted = quotedOn(commodity, date);
        return quoted === undefined ? units : units.times(quoted.number);
      },
    };
  };
  return (day) => {
    const known = valuers.get(day) ?? create(day);
    valuers.set(day, known);
    return known;
  };
}

/** Values what is not held itself: the other side of an entry. */
function unitPriceOrNone(
  commodity: string,
  date: IsoDate,
  context: CapabilityContext,
): UnitPrice | undefined {
  try {
    return unitPricesOf(context).at(commodity, date);
  } catch (error) {
    if (isDawsosError(error) && error.code === 'prices_look_adjusted') return undefined;
    throw error;
  }
}

/** Base currency per unit on each day for a currency that money only passed through; 0 where there is none. */
export function passingRates(
  currency: string,
  baseCurrency: string,
  dates: readonly IsoDate[],
  rates: Parameters<typeof carriedForward>[0],
): Decimal[] {
  if (currency === baseCurrency) return dates.map(() => ONE);
  const carried = carriedForward(rates, dates);
  const first = carried.find((point) => point !== undefined);
  return carried.map((point) => (point ?? first)?.number ?? ZERO);
}
