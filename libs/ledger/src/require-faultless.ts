import { DawsosError } from '@dawsos/contracts';
import type { LedgerSnapshot } from './snapshot';

/**
 * What was wrong is not said: errors name accounts and amounts of every portfolio.
 * @throws DawsosError `ledger_has_errors`
 */
export function requireFaultless({ commit, ledger }: LedgerSnapshot): void {
  const count = ledger.errors.length;
  if (count === 0) return;
  const errors = count === 1 ? 'error' : 'errors';
  throw new DawsosError(
    'ledger_has_errors',
    `The ledger at ${commit} has ${String(count)} ${errors}; who keeps it sees them with "dawsos ledger check".`,
  );
}
