import type { LedgerDecimal } from './number';
import type { Balance, Directive, Meta, MetaValue, SourceLocation, Transaction } from './model';
import type { IsoDate } from '@dawsos/contracts';

/** Left out in the source, to be computed. `undefined` beside it means: not there at all. */
export const MISSING = null;
export type Missing = typeof MISSING;

export interface IncompleteAmount {
  readonly number: LedgerDecimal | Missing;
  readonly currency: string | Missing;
}

/** What stands between braces: a description of a lot, to be matched or completed. */
export interface CostSpec {
  readonly kind: 'spec';
  readonly numberPer: LedgerDecimal | Missing;
  readonly numberTotal: LedgerDecimal | Missing | undefined;
  readonly currency: string | Missing;
  readonly date: IsoDate | undefined;
  readonly label: string | undefined;
}

/** A cost as an inventory holds it. */
export interface LotCost {
  readonly kind: 'cost';
  readonly number: LedgerDecimal;
  readonly currency: string;
  /** Null only where the number of units was computed: Beancount dates no such lot. */
  readonly date: IsoDate | null;
  readonly label: string | null;
}

export interface Units {
  readonly number: LedgerDecimal;
  readonly currency: string;
}

/** A posting as parsed; booking replaces `units`, `cost` and `price` step by step. */
export interface IncompletePosting {
  readonly account: string;
  readonly units: IncompleteAmount | Missing;
  readonly cost: CostSpec | LotCost | undefined;
  readonly price: IncompleteAmount | undefined;
  readonly flag: string | null;
  readonly meta: Meta;
  readonly location: SourceLocation;
}

/** A posting with nothing missing. */
export interface BookedPosting {
  readonly account: string;
  readonly units: Units;
  readonly cost: LotCost | null;
  readonly price: Units | null;
  readonly flag: string | null;
  readonly meta: Meta;
  /** A number of it was computed: it says nothing of the precision meant. */
  readonly interpolated: boolean;
}

export interface IncompleteTransaction extends Omit<Transaction, 'postings'> {
  readonly postings: readonly IncompletePosting[];
}
export interface BookedTransaction extends Omit<Transaction, 'postings'> {
  readonly postings: readonly BookedPosting[];
}
export interface CheckedBalance extends Balance {
  readonly amount: Units;
  readonly tolerance: LedgerDecimal | null;
}
type Untouched = Exclude<Directive, Transaction | Balance>;
export type ParsedDirective = IncompleteTransaction | CheckedBalance | Untouched;
export type BookedDirective = BookedTransaction | CheckedBalance | Untouched;

export type KeyValue = readonly [key: string, value: MetaValue];
