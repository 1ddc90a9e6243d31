import { assertNoErrors, type Ledger, type LedgerRepository } from '@dawsos/ledger';
import { ledgerQuotes } from './ledger-source';
import type { SourceQuotes } from './merge-quotes';
import { readPriceFolder } from './price-folder';

export interface PackInputOptions {
  readonly ledger: LedgerRepository;
  /** The branch, tag or commit whose prices go into a pack. */
  readonly ledgerRef: string;
  readonly pricesDir: string;
}

export interface PackInputs {
  readonly sources: readonly SourceQuotes[];
  /** The ledger among them, which the pack is reconciled with. */
  readonly ledger: Ledger;
  readonly ledgerCommit: string;
}

/**
 * What packs are built from, read anew each time: the ledger's own prices and what it says of its commodities, and
 * the CSV files. Whoever builds a pack builds it from these.
 */
export function packInputs(options: PackInputOptions): () => Promise<PackInputs> {
  return async () => {
    const ledgerCommit = await options.ledger.resolve(options.ledgerRef);
    const { ledger } = await options.ledger.snapshot(ledgerCommit);
    assertNoErrors(ledger);
    const sources = [ledgerQuotes(ledger), ...(await readPriceFolder(options.pricesDir))];
    return { ledger, ledgerCommit, sources };
  };
}
