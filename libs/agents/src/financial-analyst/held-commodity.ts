import { DawsosError } from '@dawsos/contracts';
import type { Portfolio, Transaction } from '@dawsos/ledger';
import { z } from 'zod';
import { byText, isOwn } from './holdings';

export const CommodityField = z.string().min(1).max(64).describe('As the ledger writes it.');

/** @throws DawsosError `capability_args_invalid`, naming what the portfolio holds or held. */
export function requireHeld(commodity: string, history: readonly Transaction[], portfolio: Portfolio): void {
  const known = new Set(
    history.flatMap(({ postings }) =>
      postings.filter(({ account }) => isOwn(portfolio, account)).map(({ units }) => units.currency),
    ),
  );
  if (known.has(commodity)) return;
  throw new DawsosError(
    'capability_args_invalid',
    `the portfolio never held "${commodity}"; it holds or held ${[...known].sort(byText).join(', ') || 'nothing'}`,
  );
}
