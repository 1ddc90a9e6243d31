export type { LedgerNumber } from './number';
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
