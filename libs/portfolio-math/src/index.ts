export { allocate, weight, type Allocation, type AllocationItem } from './allocation';
export {
  attributeCurrency,
  type CurrencyAttribution,
  type CurrencyBucket,
  type Effects,
} from './currency-attribution';
export {
  dailyValuation,
  type CurrencySeries,
  type DailyValuation,
  type DailyValuationInput,
  type Holding,
} from './daily-valuation';
export { estimateBeta, MINIMUM_BETA_RETURNS, type Beta, type Split } from './beta';
export type { Dated } from './dated';
export { daysHeld, holdingTerm, longTermFrom, type Term } from './holding-period';
export { maximumDrawdown, type Drawdown } from './drawdown';
export {
  annualisedReturn,
  dailyReturns,
  DAYS_A_YEAR,
  linkedReturn,
  periodReturn,
  wealthIndex,
  type DailyReturn,
  type NavDay,
} from './returns';
export { shockHolding, type ShockedHolding, type ShockEffect } from './shocks';
export { historicalValueAtRisk, scaledToHorizon, type TailRisk } from './value-at-risk';
export {
  annualisedVolatility,
  dailyStatistics,
  mean,
  MINIMUM_RETURNS,
  sharpeRatio,
  standardDeviation,
  TRADING_DAYS_A_YEAR,
  type DailyStatistics,
} from './volatility';
export { netPresentValue, xirr } from './xirr';
export { createLotPools, divided, type Lack, type LotPools, type OpenParcel } from './lot-pools';
export {
  createWashSales,
  WASH_SALE_DAYS,
  type LossSale,
  type Replacement,
  type WashSales,
} from './wash-sales';
export {
  rebalance,
  type ProposedTrade,
  type Rebalance,
  type RebalanceInput,
  type Tradable,
  type TradeLimit,
} from './rebalance';
