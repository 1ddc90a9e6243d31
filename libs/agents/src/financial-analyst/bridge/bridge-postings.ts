import { ONE, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Posting, Transaction } from '@dawsos/ledger';
import type { CapabilityContext } from '../../capability';
import { postingWeight } from '../external-flows';
import { transactions } from '../holdings';
import { incomeParts } from '../income-attribution';
import { createRoles } from '../roles';

/** What a posting to income or expenses, or a share of one, brought or took as a part of the return. */
export interface BridgePosting {
  readonly transaction: Transaction;
  readonly posting: Posting;
  readonly kind: 'gross' | 'withheld' | 'fee' | 'trading_cost';
  /** What it was paid on; null where nothing tells. */
  readonly commodity: string | null;
  readonly isExpense: boolean;
  readonly currency: string;
  /** Into the portfolio where positive, in its own currency. */
  readonly amount: Decimal;
  /** In base currency at the rate of its day; null where there is none. */
  readonly amountBase: Decimal | null;
}

/** Interest that the portfolio paid, as on a margin loan: a cost. */
export const isPaidInterest = ({ kind, isExpense }: BridgePosting): boolean => kind === 'gross' && isExpense;

/** Those of the entries after the close of `start` up to that of `end`, in ledger order. */
export function bridgePostings(
  context: CapabilityContext,
  { start, end }: { readonly start: IsoDate; readonly end: IsoDate },
): readonly BridgePosting[] {
  const { ledger } = context;
  const history = transactions(ledger.entries({ to: end }));
  const rolesOf = createRoles(ledger, history);
  const during = history.filter(({ date }) => date > start);
  const parts = incomeParts(history, ledger)
    .filter(({ transaction }) => transaction.date > start)
    .map((part) => ({ ...part, amount: part.kind === 'gross' ? part.amount : part.amount.negated() }));
  const costs = during.flatMap((transaction) =>
    rolesOf(transaction).flatMap(({ posting, role, isFlow }) => {
      if (isFlow || role !== 'trading_cost') return [];
      const { number, currency } = postingWeight(posting);
      const kind = 'trading_cost' as const;
      return [{ transaction, posting, kind, commodity: null, currency, amount: number.negated() }];
    }),
  );
  return [...parts, ...costs].map((part): BridgePosting => {
    const { transaction, posting, kind, commodity, currency, amount } = part;
    const rate = rateOrNull(currency, transaction.date, context);
    return {
      transaction,
      posting,
      kind,
      commodity,
      isExpense: ledger.account(posting.account).kind === 'expenses',
      currency,
      amount,
      amountBase: rate && amount.times(rate),
    };
  });
}

function rateOrNull(currency: string, date: IsoDate, { pack, ledger }: CapabilityContext): Decimal | null {
  const { baseCurrency } = ledger.portfolio();
  return currency === baseCurrency ? ONE : (pack.rate(currency, baseCurrency, date)?.number ?? null);
}
