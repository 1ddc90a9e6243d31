export { LedgerDecimal, type LedgerNumber } from './number';
export { BOOKING_METHODS } from './model';
export type {
  Amount,
  Balance,
  BookingMethod,
  Close,
  Commodity,
  Cost,
  Custom,
  Directive,
  Document,
  Event,
  Ledger,
  LedgerError,
  LedgerOptions,
  Meta,
  MetaValue,
  Note,
  Open,
  Pad,
  Position,
  Posting,
  Price,
  Query,
  SourceLocation,
  Transaction,
} from './model';
export type { AccountInfo, AccountKind, EntriesQuery, LedgerSnapshot, Portfolio } from './snapshot';
export { withoutUnrealizedGains } from './plugins/unrealized';
export { NO_TRADE } from './plugins/implicit-prices';
export { addPosting, inventoriesAt } from './inventories-at';
export { Inventory, type Change, type Lot } from './inventory';
export { assertNoErrors, loadLedger, loadLedgerFrom } from './load';
export {
  openLedgerRepository,
  type LedgerBranches,
  type LedgerRepository,
  type LedgerRepositoryOptions,
} from './repository';
export { changedFiles, type ChangedFile } from './changed-files';
export { pinLedgerFiles, type PinnedLedger } from './pin-files';
export { createSnapshot, WHOLE_LEDGER } from './create-snapshot';
export { keepsApart } from './keeps-apart';
export { requireFaultless } from './require-faultless';
export { directorySource } from './source/directory-source';
export type { DirectoryEntry, LedgerSource } from './source/ledger-source';
export { commodityBook, type CommodityBook } from './commodities/commodity-book';
export {
  undeclaredFacts,
  type CommodityFacts,
  type CommodityFault,
  type CommoditySplit,
  type SplitBooking,
} from './commodities/commodity-facts';
export { BOOKING_DAYS } from './commodities/splits';
export { unitSizes, type UnitSizes } from './commodities/unit-sizes';
