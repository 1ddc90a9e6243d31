import {
  DawsosError,
  isDawsosError,
  LOCAL_PRINCIPAL,
  maySeePortfolio,
  type Principal,
} from '@dawsos/contracts';
import { keepsApart, type LedgerSnapshot } from '@dawsos/ledger';
import { createCoalescer } from './coalesce';
import type { LedgerReads } from './readers';

export interface LedgerGate {
  /**
   * The commit that `ref` names, the deployment's own where it is undefined, once its ledger is known to be free of
   * errors and to have the portfolio. A key names the refs that it may, and what its portfolio is the own ref says.
   * @throws DawsosError `invalid_ledger_ref`, `ledger_ref_not_found`, `ledger_file_not_found`,
   * `ledger_has_errors`, `portfolio_not_found`, `portfolio_forbidden`
   */
  pin(ref: string | undefined, portfolioId: string | null, principal: Principal): Promise<string>;
}

export interface LedgerGateOptions {
  readonly ownRef: string;
  /** Beside the own one; `*` stands for any. */
  readonly allowedRefs: readonly string[];
}

const ERRORS_SHOWN = 20;
const LONGEST_MESSAGE = 500;

/** Snapshots are kept by the repository: a commit never changes, so it is loaded once. */
export function createLedgerGate(
  ledger: LedgerReads,
  { ownRef, allowedRefs }: LedgerGateOptions,
): LedgerGate {
  const resolving = createCoalescer<string>();
  const resolve = (ref: string): Promise<string> => resolving(ref, () => ledger.resolve(ref));

  /** What a key may not name is as unknown to it as what is not there. */
  async function resolveAllowed(ref: string): Promise<string> {
    if (allowedRefs.includes('*')) return resolve(ref);
    const commit = await resolve(ref).catch(unlessNotFound);
    if (commit !== undefined) {
      for (const allowed of [ownRef, ...allowedRefs]) {
        const tip = await resolve(allowed).catch(unlessNotFound);
        if (tip !== undefined && (await ledger.isBehind(commit, tip))) return commit;
      }
    }
    const names = [ownRef, ...allowedRefs].join(', ');
    throw new DawsosError(
      'ledger_ref_not_found',
      `There is no "${ref}" that this key may name: it may name ${names} and the commits behind.`,
    );
  }

  async function requireSamePortfolio(snapshot: LedgerSnapshot, portfolioId: string): Promise<void> {
    const own = await resolve(ownRef);
    if (own === snapshot.commit) return;
    const now = await ledger.snapshot(own);
    if (now.portfolios().some(({ id }) => id === portfolioId) && keepsApart(snapshot, now, portfolioId))
      return;
    throw new DawsosError(
      'portfolio_forbidden',
      'At that ref the portfolio has accounts that are not its own today, or sees those of others.',
      { errors: [{ pointer: '/ledger_ref', detail: 'does not keep the portfolio as the default ref does' }] },
    );
  }

  return {
    async pin(ref, portfolioId, principal) {
      const isKeyed = principal.id !== LOCAL_PRINCIPAL.id;
      const commit = await (ref !== undefined && isKeyed ? resolveAllowed(ref) : resolve(ref ?? ownRef));
      const snapshot = await ledger.snapshot(commit);
      requireNoErrors(snapshot, maySeePortfolio(principal, null));
      requirePortfolio(snapshot, portfolioId, principal);
      const isNarrow = !maySeePortfolio(principal, null);
      if (isNarrow && portfolioId !== null) await requireSamePortfolio(snapshot, portfolioId);
      return commit;
    },
  };
}

function unlessNotFound(error: unknown): undefined {
  if (isDawsosError(error) && error.code === 'ledger_ref_not_found') return undefined;
  throw error;
}

/** The ids that there are help who may see them. */
function requirePortfolio(snapshot: LedgerSnapshot, portfolioId: string | null, principal: Principal): void {
  try {
    snapshot.portfolio(portfolioId);
  } catch (error) {
    if (!isDawsosError(error) || error.code !== 'portfolio_not_found') throw error;
    const known = snapshot.portfolios().flatMap(({ id }) => (maySeePortfolio(principal, id) ? [id] : []));
    const declared = known.length === 0 ? '' : ` It declares ${known.join(', ')}.`;
    throw new DawsosError('portfolio_not_found', `${error.message}${declared}`);
  }
}

/** An error names accounts and amounts: it is for who may see the whole ledger. */
function requireNoErrors({ commit, ledger }: LedgerSnapshot, maySeeAll: boolean): void {
  const [first] = ledger.errors;
  if (first === undefined) return;
  const count = `${String(ledger.errors.length)} ${ledger.errors.length === 1 ? 'error' : 'errors'}`;
  if (!maySeeAll) {
    throw new DawsosError(
      'ledger_has_errors',
      `The ledger at ${commit} has ${count}; who keeps it can see them.`,
      {
        extensions: { ledger_commit_hash: commit },
      },
    );
  }
  const at = `${first.location.file}:${String(first.location.line)}`;
  throw new DawsosError(
    'ledger_has_errors',
    `The ledger at ${commit} has ${count}; the first, at ${at}: ${first.message.slice(0, LONGEST_MESSAGE)}`,
    {
      extensions: {
        ledger_commit_hash: commit,
        ledger_errors: ledger.errors.slice(0, ERRORS_SHOWN).map(({ location, message }) => ({
          file: location.file,
          line: location.line,
          message: message.slice(0, LONGEST_MESSAGE),
        })),
      },
    },
  );
}
