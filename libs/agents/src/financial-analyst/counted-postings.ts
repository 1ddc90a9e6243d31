import { ZERO, type Decimal } from '@dawsos/contracts';
import type { Transaction } from '@dawsos/ledger';
import { postingWeight } from './external-flows';
import { byText } from './holdings';
import type { Role, RoleSource } from './role';
import type { RolesOf } from './roles';

/** What was posted to an account outside the portfolio in a currency, and what it counted as. */
export interface CountedPosting {
  readonly account: string;
  readonly role: Role | null;
  readonly by: RoleSource;
  readonly counted: 'flow' | 'return';
  readonly currency: string;
  /** Into the portfolio where positive. */
  readonly amount: Decimal;
  readonly postings: number;
}

/** By account, role and currency; what nothing classifies first, then flows, then what is return. */
export function countedPostings(history: readonly Transaction[], rolesOf: RolesOf): CountedPosting[] {
  const rows = new Map<string, CountedPosting>();
  for (const transaction of history) {
    for (const { posting, role, by, isFlow } of rolesOf(transaction)) {
      const { number, currency } = postingWeight(posting);
      const counted = isFlow ? 'flow' : 'return';
      const key = [posting.account, role ?? '', by, counted, currency].join('\0');
      const row = rows.get(key);
      rows.set(key, {
        account: posting.account,
        role,
        by,
        counted,
        currency,
        amount: (row?.amount ?? ZERO).minus(number),
        postings: (row?.postings ?? 0) + 1,
      });
    }
  }
  return [...rows.values()].sort(
    (a, b) =>
      order(a) - order(b) ||
      byText(a.account, b.account) ||
      byText(a.currency, b.currency) ||
      byText(a.role ?? '', b.role ?? ''),
  );
}

const order = ({ role, counted }: CountedPosting): number =>
  role === 'unclassified' ? 0 : counted === 'flow' ? 1 : 2;
