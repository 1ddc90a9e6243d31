import type { LedgerSnapshot } from '@dawsos/ledger';
import type { PackHealth, PackStore } from '@dawsos/pricing';

/** The ledger repository, as far as the API reads it. */
export interface LedgerReads {
  /** The full commit hash. @throws DawsosError `invalid_ledger_ref`, `ledger_ref_not_found` */
  resolve(ref: string): Promise<string>;
  /** Whether `commit` is `tip` or one of the commits behind it. */
  isBehind(commit: string, tip: string): Promise<boolean>;
  /** @throws DawsosError `ledger_file_not_found` */
  snapshot(commit: string): Promise<LedgerSnapshot>;
}

/** Pricing packs, as far as the API reads them. */
export interface PackReads extends Pick<PackStore, 'find' | 'list'> {
  /** The health of the pack that the gate would take, or of the one named. */
  health(packId?: string): Promise<PackHealth>;
}
