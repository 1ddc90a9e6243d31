import { isBelow } from './portfolio-boundary';
import type { LedgerSnapshot } from './snapshot';

/**
 * Whether the ledger at another commit keeps a portfolio apart from the others as `now` does: what it gives the
 * portfolio is the portfolio's now, and what is another's now it hides from it. A branch or a commit of before may
 * name other accounts by the same id, and who may see the id may see those of now.
 */
export function keepsApart(then: LedgerSnapshot, now: LedgerSnapshot, portfolioId: string): boolean {
  const prefixesOf = (snapshot: LedgerSnapshot) => ({
    own: snapshot.portfolio(portfolioId).accountPrefixes,
    others: snapshot
      .portfolios()
      .filter(({ id }) => id !== portfolioId)
      .flatMap(({ accountPrefixes }) => accountPrefixes),
  });
  const [before, today] = [prefixesOf(then), prefixesOf(now)];
  return accountsOf(then).every((account) => {
    const wasOwn = isBelow(account, before.own);
    const isOwn = isBelow(account, today.own);
    if (wasOwn) return isOwn;
    return isOwn || !isBelow(account, today.others) || isBelow(account, before.others);
  });
}

function accountsOf({ ledger }: LedgerSnapshot): readonly string[] {
  const accounts = ledger.entries.flatMap((entry) => {
    if (entry.type === 'transaction') return entry.postings.map(({ account }) => account);
    return entry.type === 'open' ? [entry.account] : [];
  });
  return [...new Set(accounts)];
}
