import { assertNoErrors, type Ledger, type LedgerRepository } from '@dawsos/ledger';
import { ledgerQuotes, readPriceFolder, type SourceQuotes } from '@dawsos/pricing';

export interface PackSourceOptions {
  readonly ledger: LedgerRepository;
  /** The branch, tag or commit whose prices go into a pack. */
  readonly ledgerRef: string;
  readonly pricesDir: string;
}

export interface PackInputs {
  readonly sources: readonly SourceQuotes[];
  /** The ledger among them, which the pack is reconciled with. */
  readonly ledger: Ledger;
}

/**
 * What packs are built from, read anew each time: the ledger's own prices and what it says of its commodities, and
 * the CSV files.
 */
export function packSources(options: PackSourceOptions): () => Promise<PackInputs> {
  return async () => {
    const { ledger } = await options.ledger.snapshot(await options.ledger.resolve(options.ledgerRef));
    assertNoErrors(ledger);
    return { ledger, sources: [ledgerQuotes(ledger), ...(await readPriceFolder(options.pricesDir))] };
  };
}
