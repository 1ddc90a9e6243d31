import { DawsosError } from '@dawsos/contracts';
import type { LedgerSnapshot } from '@dawsos/ledger';
import { createCoalescer } from '../http/coalesce';
import type { LedgerReads } from './readers';

export interface LedgerGate {
  /**
   * The commit that `ref` names, once its ledger is known to be free of errors and to have the portfolio.
   * @throws DawsosError `invalid_ledger_ref`, `ledger_ref_not_found`, `ledger_file_not_found`,
   * `ledger_has_errors`, `portfolio_not_found`
   */
  pin(ref: string, portfolioId: string | null): Promise<string>;
}

const COMMITS_REMEMBERED = 32;
const ERRORS_SHOWN = 20;

/** A commit never changes, so what is wrong with its ledger is found out once. */
export function createLedgerGate(ledger: LedgerReads): LedgerGate {
  const resolve = createCoalescer<string>();
  const snapshots = new Map<string, Promise<LedgerSnapshot>>();

  function snapshotOf(commit: string): Promise<LedgerSnapshot> {
    const known = snapshots.get(commit);
    if (known !== undefined) return known;
    const loading = ledger.snapshot(commit);
    snapshots.set(commit, loading);
    loading.catch(() => snapshots.delete(commit));
    const oldest = snapshots.keys().next();
    if (snapshots.size > COMMITS_REMEMBERED && oldest.done !== true) snapshots.delete(oldest.value);
    return loading;
  }

  return {
    async pin(ref, portfolioId) {
      const commit = await resolve(ref, () => ledger.resolve(ref));
      const snapshot = await snapshotOf(commit);
      requireNoErrors(snapshot);
      snapshot.portfolio(portfolioId);
      return commit;
    },
  };
}

function requireNoErrors({ commit, ledger }: LedgerSnapshot): void {
  if (ledger.errors.length === 0) return;
  const count = ledger.errors.length;
  throw new DawsosError(
    'ledger_has_errors',
    `The ledger at ${commit} has ${String(count)} ${count === 1 ? 'error' : 'errors'}; run "dawsos ledger check".`,
    {
      extensions: {
        ledger_commit_hash: commit,
        ledger_errors: ledger.errors.slice(0, ERRORS_SHOWN).map(({ location, message }) => ({
          file: location.file,
          line: location.line,
          message,
        })),
      },
    },
  );
}
