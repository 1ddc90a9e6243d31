export type { PackAnswer, PricePoint, PricingPack, RatePoint } from './pack/pricing-pack';
export { DEFAULT_POLICY, packId, parsePackId, type PackKey } from './pack/pack-id';
export { canonicalNumber, type Place, type PriceQuote, type Quote, type RateQuote } from './sources/quote';
export { PRICE_COLUMNS, RATE_COLUMNS, readPriceCsv, readRateCsv, type CsvFile } from './sources/csv-source';
export { LEDGER_SOURCE, ledgerQuotes, type LedgerQuotes } from './sources/ledger-source';
export type { SourceQuotes, SourceStream } from './sources/merge-quotes';
export {
  buildPack,
  newestQuoteDate,
  newestStreamedDate,
  type BuildPackRequest,
  type BuiltPack,
} from './builds/build-pack';
export type {
  BuiltSeries,
  PackDigest,
  PackReport,
  SetAside,
  SourceReport,
  StreamedPack,
} from './pack/pack-digest';
export type { SeriesText } from './pack/pack-hash';
export { createPricingPack, type PackContent } from './pack/price-lookup';
export { mayBecome, PACK_TRANSITIONS, requireTransition } from './store/lifecycle';
export {
  createPackStore,
  type BuildFailure,
  type NewestQuery,
  type PackListQuery,
  type PackPage,
  type PackStore,
} from './store/pack-store';
export type { SealOptions, Supersedes } from './store/seal-pack';
export { createPackCache, type PackCache } from './store/pack-cache';
export {
  businessDaysBetween,
  DEFAULT_FRESHNESS,
  packAge,
  type FreshnessPolicy,
  type PackAge,
} from './freshness/pack-age';
export {
  createMarketCalendar,
  dueDay,
  WEEKDAYS,
  type Asked,
  type CalendarDefinition,
  type MarketCalendar,
} from './calendar/market-calendar';
export {
  createMarkets,
  MarketsSchema,
  parseMarkets,
  WEEKDAY_MARKETS,
  type Markets,
} from './calendar/markets';
export { findPack, type FindPackRequest, type FoundPack, type PackFinder } from './freshness/find-pack';
export {
  createFreshnessGate,
  type FreshnessGate,
  type FreshnessGateOptions,
  type GateAnswer,
  type GatePass,
  type GateQuestion,
  type GateRefusal,
} from './freshness/gate';
export {
  clockOf,
  openFreshnessGate,
  readFreshnessPolicy,
  type FreshnessSettings,
  type OpenedGate,
} from './freshness/settings';
export { repairOrder, type RepairNeed } from './freshness/repair-order';
export { requireFreshResult, requireStillFresh, type PassedFreshness } from './freshness/still-fresh';
export { declaredCalendars, portfolioHoldings } from './freshness/portfolio-holdings';
export { packHealth, type PackHealth, type PackHealthOptions } from './freshness/pack-health';
export { buildAndStorePack, type BuildAndStoreRequest, type StoredPack } from './builds/build-and-store';
export { DIRECTIVE_SOURCE } from './sources/directive-source';
export { openPriceFolder, readPriceFolder } from './sources/price-folder';
export { streamPack, type SpooledPack } from './builds/stream-pack';
export {
  reconcile,
  RECONCILIATION_LIMIT_BP,
  requireReconciled,
  type PositionDifference,
  type Reconciliation,
} from './builds/reconcile';
export { readEcbCsv, ECB_SOURCE } from './sources/ecb-source';
export { dailyVolatility, type Confidence, type Observation } from './freshness/daily-volatility';
export {
  lastClosedDay,
  packInputs,
  type PackInputOptions,
  type PackInputs,
  type ReadPackInputs,
  type ProviderSettings,
  type RemoteQuotes,
} from './sources/pack-inputs';
export { gapsCsv, priceGaps, type GapsRequest } from './builds/price-gaps';
export { gapsOf, type Gap, type GapReport } from './builds/gaps';
export { providerQuotes, type ProviderFallback, type ProviderQuotes } from './sources/provider-quotes';
export {
  createPackBuilds,
  type BuildAttempt,
  type BuildJob,
  type BuildProgress,
  type PackBuilds,
  type PackBuildsOptions,
} from './builds/pack-builds';
export { pinsOf, sourcesId, type BuildPins, type SourceSettings } from './builds/build-pins';
export { type NewBuild, type RequestedBuild } from './builds/request-build';
export { runBuild, type BuildOutcome, type BuildRunnerDependencies } from './builds/run-build';
export { assessWorth, PortfolioWorth, type WorthRequest } from './freshness/portfolio-worth';
export type {
  Holding,
  NeededQuote,
  WorthAssessment,
  WorthLink,
  WorthPolicy,
  WorthPosition,
} from './freshness/worth';
export { effectiveSplits, type EffectiveSplit } from './valuation/ex-date';
export type { FactsOf, QuoteReader, UnitPrice } from './valuation/quote-reader';
export { createUnitPrices, type UnitPrices } from './valuation/unit-prices';
