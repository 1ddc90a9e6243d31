import type { IsoDate } from '@dawsos/contracts';
import type { LedgerNumber } from './number';

/** Where a directive stands: `file` as the path from the ledger's root, `line` from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
}

export interface Amount {
  readonly number: LedgerNumber;
  readonly currency: string;
}

/** A resolved cost of one unit. */
export interface Cost {
  readonly number: LedgerNumber;
  readonly currency: string;
  /** Null only where Beancount leaves a lot undated: its number of units was left out and computed. */
  readonly date: IsoDate | null;
  readonly label: string | null;
}

export interface Position {
  readonly units: Amount;
  readonly cost: Cost | null;
}

export type MetaValue =
  | { readonly kind: 'string' | 'account' | 'currency' | 'tag' | 'date'; readonly value: string }
  | { readonly kind: 'number'; readonly value: LedgerNumber }
  | { readonly kind: 'amount'; readonly value: Amount }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'none' };
export type Meta = ReadonlyMap<string, MetaValue>;

/** A posting after booking and interpolation: nothing is missing. */
export interface Posting extends Position {
  readonly account: string;
  readonly price: Amount | null;
  readonly flag: string | null;
  readonly meta: Meta;
  /** A number of it was left out in the source and computed. */
  readonly interpolated?: boolean;
}

interface DirectiveBase {
  readonly date: IsoDate;
  readonly meta: Meta;
  readonly location: SourceLocation;
}
export interface Transaction extends DirectiveBase {
  readonly type: 'transaction';
  readonly flag: string;
  readonly payee: string | null;
  readonly narration: string;
  readonly tags: readonly string[];
  readonly links: readonly string[];
  readonly postings: readonly Posting[];
}
export const BOOKING_METHODS = [
  'STRICT',
  'STRICT_WITH_SIZE',
  'NONE',
  'AVERAGE',
  'FIFO',
  'LIFO',
  'HIFO',
] as const;
export type BookingMethod = (typeof BOOKING_METHODS)[number];
export interface Open extends DirectiveBase {
  readonly type: 'open';
  readonly account: string;
  readonly currencies: readonly string[];
  readonly booking: BookingMethod | null;
}
export interface Close extends DirectiveBase {
  readonly type: 'close';
  readonly account: string;
}
export interface Balance extends DirectiveBase {
  readonly type: 'balance';
  readonly account: string;
  readonly amount: Amount;
  readonly tolerance: LedgerNumber | null;
}
export interface Pad extends DirectiveBase {
  readonly type: 'pad';
  readonly account: string;
  readonly sourceAccount: string;
}
export interface Commodity extends DirectiveBase {
  readonly type: 'commodity';
  readonly currency: string;
}
export interface Price extends DirectiveBase {
  readonly type: 'price';
  readonly currency: string;
  readonly amount: Amount;
}
export interface Note extends DirectiveBase {
  readonly type: 'note';
  readonly account: string;
  readonly comment: string;
  readonly tags: readonly string[];
  readonly links: readonly string[];
}
export interface Event extends DirectiveBase {
  readonly type: 'event';
  readonly name: string;
  readonly description: string;
}
export interface Query extends DirectiveBase {
  readonly type: 'query';
  readonly name: string;
  readonly query: string;
}
export interface Custom extends DirectiveBase {
  readonly type: 'custom';
  readonly name: string;
  readonly values: readonly MetaValue[];
}
export interface Document extends DirectiveBase {
  readonly type: 'document';
  readonly account: string;
  readonly filename: string;
  readonly tags: readonly string[];
  readonly links: readonly string[];
}
export type Directive =
  Transaction | Open | Close | Balance | Pad | Commodity | Price | Note | Event | Query | Custom | Document;

/** A fault in a ledger: a value, never thrown; all are reported. */
export interface LedgerError {
  readonly location: SourceLocation;
  readonly message: string;
}

/** A loaded ledger: booked, interpolated, sorted as Beancount sorts. */
export interface Ledger {
  readonly entries: readonly Directive[];
  readonly errors: readonly LedgerError[];
  readonly options: LedgerOptions;
  /** Plugins that the ledger names, that may change its entries, and that were not run. */
  readonly pluginsNotRun: readonly string[];
  /** Plugins that need not be run: they change no figure, or included files name them, which Beancount does not heed. */
  readonly pluginsWithoutEffect: readonly string[];
  /** The files read, as paths from the root. */
  readonly files: readonly string[];
}

export interface LedgerOptions {
  readonly title: string;
  readonly operatingCurrencies: readonly string[];
  readonly nameAssets: string;
  readonly nameLiabilities: string;
  readonly nameEquity: string;
  readonly nameIncome: string;
  readonly nameExpenses: string;
}
