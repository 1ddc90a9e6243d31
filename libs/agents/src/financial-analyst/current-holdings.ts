import { ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import {
  dailyValuation,
  observationGrid,
  type GridChoice,
  type GridName,
  type Holding,
} from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../capability';
import { withoutCounters } from './apply-pack';
import { decimal } from './decimal-fields';
import { lotRows } from './ledger-positions';
import { quotation, rateHistory } from './market-history';
import { observedHoldings } from './nav-observations';

/** What today's units would have returned at past prices. */
export interface HeldReturns {
  readonly returns: readonly Decimal[];
  readonly grid: GridName | null;
  /** What is quoted too seldom where there is no grid. */
  readonly uncovered: readonly string[];
  /** Intervals left out because something held today had no price then. */
  readonly untold: number;
}

/**
 * The returns of the units that are held on the as-of day, between the ends of a grid from one close to another.
 * @throws DawsosError `price_missing`, `rate_missing`, `prices_look_adjusted`
 */
export function currentHoldingsReturns(
  context: CapabilityContext,
  { from, to }: { readonly from: IsoDate; readonly to: IsoDate },
  asked?: GridChoice,
): HeldReturns {
  const { baseCurrency } = context.ledger.portfolio();
  const units = new Map<string, Decimal>();
  for (const { commodity, units: own } of withoutCounters(lotRows(context), context).lots) {
    units.set(commodity, (units.get(commodity) ?? ZERO).plus(decimal(own)));
  }
  const priced = [...units].map(([commodity, number]) => {
    const { currency, prices } = quotation(commodity, from, to, context);
    const holding: Holding = { commodity, currency, prices, quantities: [{ date: from, number }] };
    return { holding, quotes: (prices ?? []).map(({ date }) => date) };
  });
  const foreign = [...new Set(priced.map(({ holding }) => holding.currency))].filter(
    (currency) => currency !== baseCurrency,
  );
  const rates = new Map(
    foreign.map((currency) => [currency, rateHistory(context.pack, currency, baseCurrency, from, to)]),
  );
  const holdings = priced.map(({ holding }) => holding);
  const ends = [from, to];
  const today = dailyValuation({ days: ends, holdings, rates, baseCurrency });
  const observed = observedHoldings(priced, { valuation: today, dates: ends, rates, baseCurrency });
  const found = observationGrid({ from, to, holdings: observed, asked });
  if (!found.ok) return { returns: [], grid: null, uncovered: found.uncovered, untold: 0 };
  const { values } = dailyValuation({ days: found.grid.dates, holdings, rates, baseCurrency });
  const returns = values.slice(1).flatMap((value, index) => {
    const before = values[index];
    return value === null || before === null || before === undefined || !before.greaterThan(0)
      ? []
      : [value.div(before).minus(ONE)];
  });
  return { returns, grid: found.grid.grid, uncovered: [], untold: values.length - 1 - returns.length };
}
