import type { LedgerSnapshot } from '@dawsos/ledger';
import type { PackHealth, PackStore, ResolvedPack, ResolvePackRequest } from '@dawsos/pricing';

/** The ledger repository, as far as the API reads it. */
export interface LedgerReads {
  /** The full commit hash. @throws DawsosError `invalid_ledger_ref`, `ledger_ref_not_found` */
  resolve(ref: string): Promise<string>;
  /** @throws DawsosError `ledger_file_not_found` */
  snapshot(commit: string): Promise<LedgerSnapshot>;
}

/** Pricing packs, as far as the API reads them. */
export interface PackReads extends Pick<PackStore, 'find' | 'list'> {
  /** The freshness gate. @throws DawsosError `pack_not_found`, `pack_not_fresh`, `invalid_request` */
  resolve(request: ResolvePackRequest): Promise<ResolvedPack>;
  health(): Promise<PackHealth>;
}
