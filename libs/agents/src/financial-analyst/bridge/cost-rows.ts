import { ZERO } from '@dawsos/contracts';
import { z } from 'zod';
import { DecimalField, figureOrNull } from '../decimal-fields';
import { byText } from '../holdings';
import { isPaidInterest, type BridgePosting } from './bridge-postings';
import { accountName, sumBase } from './income-rows';

export const CostRowSchema = z.object({
  account: z.string(),
  what: z.string(),
  kind: z.enum(['fee', 'trading_cost', 'interest']),
  payments: z.int(),
  amount_base: DecimalField.nullable().describe('Negative where it was paid.'),
});
type CostRow = z.infer<typeof CostRowSchema>;

const NAMES: Readonly<Record<CostRow['kind'], string>> = {
  fee: 'Fees',
  trading_cost: 'Costs of trading',
  interest: 'Interest paid',
};

/** Fees, commissions, and interest that was paid. */
export const isCost = (posting: BridgePosting): boolean =>
  posting.kind === 'fee' || posting.kind === 'trading_cost' || isPaidInterest(posting);

/** By account, the largest first. */
export function costRows(postings: readonly BridgePosting[]): CostRow[] {
  const groups = Map.groupBy(postings.filter(isCost), ({ posting, kind }) => `${posting.account} ${kind}`);
  return [...groups.values()]
    .map((group): CostRow => {
      const [first] = group;
      const account = first?.posting.account ?? '';
      const kind = first?.kind === 'fee' || first?.kind === 'trading_cost' ? first.kind : 'interest';
      const entries = new Set(group.map(({ posting }) => posting));
      return {
        account,
        what: `${NAMES[kind]}: ${accountName(account)}`,
        kind,
        payments: entries.size,
        amount_base: figureOrNull(sumBase(group)),
      };
    })
    .sort(
      (a, b) => ZERO.plus(a.amount_base ?? 0).comparedTo(b.amount_base ?? 0) || byText(a.account, b.account),
    );
}
