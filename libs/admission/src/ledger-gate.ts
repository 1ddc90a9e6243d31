import { DawsosError } from '@dawsos/contracts';
import type { LedgerSnapshot } from '@dawsos/ledger';
import { createCoalescer } from './coalesce';
import type { LedgerReads } from './readers';

export interface LedgerGate {
  /**
   * The commit that `ref` names, once its ledger is known to be free of errors and to have the portfolio.
   * @throws DawsosError `invalid_ledger_ref`, `ledger_ref_not_found`, `ledger_file_not_found`,
   * `ledger_has_errors`, `portfolio_not_found`
   */
  pin(ref: string, portfolioId: string | null): Promise<string>;
}

const ERRORS_SHOWN = 20;

/** Snapshots are kept by the repository: a commit never changes, so it is loaded once. */
export function createLedgerGate(ledger: LedgerReads): LedgerGate {
  const resolve = createCoalescer<string>();
  return {
    async pin(ref, portfolioId) {
      const commit = await resolve(ref, () => ledger.resolve(ref));
      const snapshot = await ledger.snapshot(commit);
      requireNoErrors(snapshot);
      snapshot.portfolio(portfolioId);
      return commit;
    },
  };
}

function requireNoErrors({ commit, ledger }: LedgerSnapshot): void {
  const [first] = ledger.errors;
  if (first === undefined) return;
  const count = ledger.errors.length;
  const at = `${first.location.file}:${String(first.location.line)}`;
  throw new DawsosError(
    'ledger_has_errors',
    `The ledger at ${commit} has ${String(count)} ${count === 1 ? 'error' : 'errors'}; the first, at ${at}: ${first.message}`,
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
