import type { Decimal } from '@dawsos/contracts';
import type { Meta, Transaction } from '@dawsos/ledger';
import type { EntryAmounts } from './entry-amounts';
import type { EntryLegs } from './legs';

/** What an entry's legs are explained by. */
export interface Explaining {
  readonly transaction: Transaction;
  readonly legs: EntryLegs;
  readonly amountsIn: (currency: string) => EntryAmounts;
  readonly commodity: (name: string) => Meta;
  /** What one unit is worth on the entry's day, in a currency; null where nothing tells. */
  readonly worth: (commodity: string, currency: string) => Decimal | null;
}
