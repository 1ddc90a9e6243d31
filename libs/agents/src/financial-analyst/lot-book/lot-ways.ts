import type { Transaction } from '@dawsos/ledger';

/**
 * The entries that a portfolio's lots can have come through: its own, and those of accounts that lots went between, as
 * far as these ways go. What others hold apart from it is not replayed, so that its figures rest on no rate of theirs.
 */
export function entriesOnTheWays(
  history: readonly Transaction[],
  isOwn: (account: string) => boolean,
): readonly Transaction[] {
  const ways = waysBetween(history);
  const reached = new Set<string>();
  const next = [...ways.keys()].filter(isOwn);
  for (let account = next.pop(); account !== undefined; account = next.pop()) {
    if (reached.has(account)) continue;
    reached.add(account);
    next.push(...(ways.get(account) ?? []));
  }
  return history.filter(({ postings }) =>
    postings.some(({ account }) => isOwn(account) || reached.has(account)),
  );
}

/** For each account with lots, those with which it shares an entry that moves lots of both. */
function waysBetween(history: readonly Transaction[]): Map<string, Set<string>> {
  const ways = new Map<string, Set<string>>();
  for (const { postings } of history) {
    const accounts = new Set(postings.filter(({ cost }) => cost !== null).map(({ account }) => account));
    for (const account of accounts) {
      const others = ways.get(account) ?? new Set<string>();
      ways.set(account, others);
      for (const other of accounts) if (other !== account) others.add(other);
    }
  }
  return ways;
}
