export { allocate, weight, type Allocation, type AllocationItem } from './allocation';
export {
  attributeCurrency,
  type CurrencyAttribution,
  type CurrencyBucket,
  type Effects,
} from './currency-attribution';
export {
  carriedForward,
  dailyValuation,
  type CurrencySeries,
  type DailyValuation,
  type DailyValuationInput,
  type Holding,
  type HoldingColumn,
  type MissingQuote,
} from './daily-valuation';
export { estimateBeta, leastSquaresSlope, MINIMUM_BETA_RETURNS, type Beta } from './beta';
export type { Dated } from './dated';
export { daysHeld, holdingTerm, longTermFrom, type Term } from './holding-period';
export { maximumDrawdown, type Drawdown } from './drawdown';
export {
  linkReturns,
  visitParts,
  type BreakCode,
  type DayPart,
  type IndexBreak,
  type IndexPoint,
  type LinkedReturns,
  type ReturnSpan,
} from './linked-returns';
export { LIMITS } from './measurement-limits';
export {
  GRID_CHOICES,
  GRIDS,
  observationGrid,
  observedReturns,
  type GridChoice,
  type GridName,
  type GridOutcome,
  type ObservationGrid,
  type ObservedHolding,
  type ObservedReturn,
} from './observations';
export { FLOW_TIMINGS, returnSteps, type FlowTiming, type ReturnStep } from './return-steps';
export { annualisedReturn, DAYS_A_YEAR, type NavDay } from './returns';
export { shockHolding, type ShockedHolding, type ShockEffect } from './shocks';
export { staleStretches, type StaleStretch } from './stale-stretches';
export { staleMark, staleness, valueAtFlows, type Staleness, type ValueAtFlows } from './value-at-flows';
export {
  horizonSteps,
  scaledToHorizon,
  TAIL_RULES,
  valueAtRisk,
  type TailRisk,
  type TailRule,
} from './value-at-risk';
export {
  annualisedVolatility,
  mean,
  NOTED_BELOW_MONTHS,
  rootOfYear,
  sharpeRatio,
  standardDeviation,
  stepStatistics,
  type RiskFreeStep,
  type StepStatistics,
} from './volatility';
export { HIGHEST_YEARLY_RATE, netPresentValue, rateOfReturn, xirr, type RateOfReturn } from './xirr';
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
