export type { PackAnswer, PricePoint, PricingPack, RatePoint } from './pricing-pack';
export { DEFAULT_POLICY, packId, parsePackId, type PackKey } from './pack-id';
export { canonicalNumber, type Place, type PriceQuote, type Quote, type RateQuote } from './quote';
export { PRICE_COLUMNS, RATE_COLUMNS, readPriceCsv, readRateCsv, type CsvFile } from './csv-source';
export { LEDGER_SOURCE, ledgerQuotes, type LedgerQuotes } from './ledger-source';
export type { SetAside, SourceQuotes, SourceStream } from './merge-quotes';
export {
  buildPack,
  newestQuoteDate,
  type BuildPackRequest,
  type BuiltPack,
  newestStreamedDate,
  type BuiltSeries,
  type PackDigest,
  type SourceReport,
  type StreamedPack,
  type PackReport,
} from './build-pack';
export type { SeriesText } from './canonical-form';
export { createPricingPack, type PackContent } from './memory-pack';
export { mayBecome, PACK_TRANSITIONS, requireTransition } from './lifecycle';
export {
  createPackStore,
  type BuildFailure,
  type NewestQuery,
  type PackListQuery,
  type PackPage,
  type PackStore,
} from './pack-store';
export type { SealOptions, Supersedes } from './seal-pack';
export { createPackCache, type PackCache } from './pack-cache';
export {
  businessDaysBetween,
  DEFAULT_FRESHNESS,
  packAge,
  type FreshnessPolicy,
  type PackAge,
} from './freshness';
export {
  createMarketCalendar,
  dueDay,
  WEEKDAYS,
  type Asked,
  type CalendarDefinition,
  type MarketCalendar,
} from './market-calendar';
export { createMarkets, MarketsSchema, parseMarkets, WEEKDAY_MARKETS, type Markets } from './markets';
export { findPack, type FindPackRequest, type FoundPack, type PackFinder } from './find-pack';
export {
  createFreshnessGate,
  type FreshnessGate,
  type FreshnessGateOptions,
  type GateAnswer,
  type GatePass,
  type GateQuestion,
  type GateRefusal,
} from './freshness-gate';
export {
  clockOf,
  openFreshnessGate,
  readFreshnessPolicy,
  type FreshnessSettings,
  type OpenedGate,
} from './freshness-settings';
export { repairOrder, type RepairNeed } from './repair-order';
export { requireFreshResult, requireStillFresh, type PassedFreshness } from './still-fresh';
export { declaredCalendars, moneyAmong, portfolioHoldings } from './portfolio-holdings';
export { packHealth, type PackHealth, type PackHealthOptions } from './pack-health';
export { buildAndStorePack, type BuildAndStoreRequest, type StoredPack } from './build-and-store';
export { openPriceFolder, readPriceFolder } from './price-folder';
export { streamPack, type SpooledPack } from './stream-pack';
export {
  reconcile,
  RECONCILIATION_LIMIT_BP,
  requireReconciled,
  type PositionDifference,
  type Reconciliation,
} from './reconcile';
export { readEcbCsv, ECB_SOURCE } from './ecb-source';
export { dailyVolatility, type Confidence, type Observation } from './daily-volatility';
export {
  lastClosedDay,
  packInputs,
  type PackInputOptions,
  type PackInputs,
  type ProviderSettings,
  type RemoteQuotes,
} from './pack-inputs';
export { gapsOf, type Gap, type GapReport } from './gaps';
export { providerQuotes, type ProviderFallback, type ProviderQuotes } from './provider-quotes';
export {
  createPackBuilds,
  type BuildAttempt,
  type BuildJob,
  type BuildProgress,
  type PackBuilds,
  type PackBuildsOptions,
} from './builds/pack-builds';
export { type NewBuild, type RequestedBuild } from './builds/request-build';
export { runBuild, type BuildOutcome, type BuildRunnerDependencies } from './builds/run-build';
export { assessWorth } from './freshness-by-worth';
export { PortfolioWorth, type WorthRequest } from './portfolio-worth';
export type { Holding, NeededQuote, WorthAssessment, WorthLink, WorthPolicy, WorthPosition } from './worth';
