import { Decimal, ZERO } from '@dawsos/contracts';

/** Something that can be traded, with what is held of it; values in base currency. */
export interface Tradable {
  readonly name: string;
  readonly value: Decimal;
  /** The price of one unit, in base currency; above 0. */
  readonly unitPrice: Decimal;
  /** Trades are whole multiples of it; above 0. */
  readonly lotSize: Decimal;
  /** A share of the total value; not negative. */
  readonly target: Decimal;
  /** How far the weight may be from the target without a trade. */
  readonly band: Decimal;
}

export interface RebalanceInput {
  readonly tradables: readonly Tradable[];
  /** All money, in base currency. */
  readonly cash: Decimal;
  /** The share of the total value that money is to be; buys do not take it lower than this, or than it is. */
  readonly cashTarget: Decimal;
  /** The most that `turnover` may be; null: no limit. */
  readonly maxTurnover: Decimal | null;
  /** No trade is worth less. */
  readonly minTradeValue: Decimal;
}

/** What kept a trade smaller than the way to the target. */
export type TradeLimit = 'band' | 'turnover' | 'lot' | 'minimum' | 'cash';

export interface ProposedTrade {
  readonly tradable: Tradable;
  /** Bought above 0, sold below. */
  readonly units: Decimal;
  readonly value: Decimal;
  readonly limits: readonly TradeLimit[];
}

export interface Rebalance {
  /** One for each tradable, of 0 units where nothing is to be done. */
  readonly trades: readonly ProposedTrade[];
  readonly total: Decimal;
  readonly buys: Decimal;
  readonly sells: Decimal;
  readonly cashAfter: Decimal;
  /** max(buys, sells) / total: half the sum of the changes of all weights, money's among them. */
  readonly turnover: Decimal;
}

/**
 * Trades that bring weights to their targets, where they are outside their bands. In this order: the way to the
 * target; all trades in one proportion down to the turnover limit; whole lots, towards no trade; none below the
 * minimum; and buys in one proportion down to the money there is. Each step only makes trades smaller, so every
 * limit holds at the end, and no trade goes past its target.
 *
 * Sources: bands around the targets with a return to the target, W. Masters, "Rebalancing", Journal of Portfolio
 * Management, 2003; turnover as half the sum of absolute changes of weight, as index providers state it (MSCI,
 * "Index Calculation Methodology").
 */
export function rebalance(input: RebalanceInput): Rebalance {
  const total = input.tradables.reduce((sum, { value }) => sum.plus(value), input.cash);
  let trades = input.tradables.map((tradable) => wayToTarget(tradable, total));
  trades = withinTurnover(trades, total, input.maxTurnover);
  trades = trades.map((trade) => inLots(trade, input.minTradeValue));
  trades = withinCash(trades, input, total).map((trade) => inLots(trade, input.minTradeValue));
  const { buys, sells } = sums(trades);
  const most = Decimal.max(buys, sells);
  return {
    trades: trades.map(({ tradable, units, limits }) => ({
      tradable,
      units,
      value: units.times(tradable.unitPrice),
      limits: [...new Set(limits)],
    })),
    total,
    buys,
    sells,
    cashAfter: input.cash.plus(sells).minus(buys),
    turnover: most.isZero() ? ZERO : most.div(total),
  };
}

interface Draft {
  readonly tradable: Tradable;
  readonly units: Decimal;
  readonly limits: readonly TradeLimit[];
}

function wayToTarget(tradable: Tradable, total: Decimal): Draft {
  const missing = tradable.target.times(total).minus(tradable.value);
  const drift = missing.div(total).abs();
  if (drift.lessThanOrEqualTo(tradable.band)) {
    return { tradable, units: ZERO, limits: missing.isZero() ? [] : ['band'] };
  }
  return { tradable, units: missing.div(tradable.unitPrice), limits: [] };
}

function withinTurnover(trades: readonly Draft[], total: Decimal, limit: Decimal | null): Draft[] {
  const { buys, sells } = sums(trades);
  const most = Decimal.max(buys, sells);
  if (limit === null || most.lessThanOrEqualTo(limit.times(total))) return [...trades];
  return trades.map((trade) => scaled(trade, limit.times(total).div(most), 'turnover'));
}

function withinCash(trades: readonly Draft[], { cash, cashTarget }: RebalanceInput, total: Decimal): Draft[] {
  const { buys, sells } = sums(trades);
  const floor = Decimal.min(cash, cashTarget.times(total));
  const available = Decimal.max(ZERO, cash.plus(sells).minus(floor));
  if (buys.lessThanOrEqualTo(available)) return [...trades];
  return trades.map((trade) => (isBuy(trade) ? scaled(trade, available.div(buys), 'cash') : trade));
}

function scaled(trade: Draft, factor: Decimal, limit: TradeLimit): Draft {
  if (trade.units.isZero()) return trade;
  return { ...trade, units: trade.units.times(factor), limits: [...trade.limits, limit] };
}

function inLots(trade: Draft, minimum: Decimal): Draft {
  const { tradable, units, limits } = trade;
  if (units.isZero()) return trade;
  const { lotSize, unitPrice } = tradable;
  const whole = units.div(lotSize).toDecimalPlaces(0, Decimal.ROUND_DOWN).times(lotSize);
  if (whole.isZero()) return { tradable, units: ZERO, limits: [...limits, 'lot'] };
  if (whole.abs().times(unitPrice).lessThan(minimum)) {
    return { tradable, units: ZERO, limits: [...limits, 'minimum'] };
  }
  return { tradable, units: whole, limits: whole.equals(units) ? limits : [...limits, 'lot'] };
}

const isBuy = ({ units }: Draft): boolean => units.greaterThan(ZERO);

function sums(trades: readonly Draft[]): { buys: Decimal; sells: Decimal } {
  let [buys, sells] = [ZERO, ZERO];
  for (const { tradable, units } of trades) {
    const value = units.times(tradable.unitPrice);
    if (value.isNegative()) sells = sells.minus(value);
    else buys = buys.plus(value);
  }
  return { buys, sells };
}
