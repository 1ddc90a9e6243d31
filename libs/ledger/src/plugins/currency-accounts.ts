import { weightOf } from '../booking/weight';
import type { BookedDirective, BookedPosting, BookedTransaction } from '../incomplete';
import { LedgerDecimal } from '../number';
import { isAccountName, PluginFault, requireConfig, type Plugin } from './plugin';
import { opensFor } from './split-expenses';

const DEFAULT_ACCOUNT = 'Equity:CurrencyAccounts';

/**
 * `beancount.plugins.currency_accounts` "ACCOUNT": a transaction with a price whose postings are of several currencies is
 * balanced in each by a posting to the currency's account, and loses its prices (P. Selinger, Tutorial on multiple
 * currency accounting).
 */
export const currencyAccounts: Plugin = (entries, _context, config) => {
  const named = requireConfig(config, `"${DEFAULT_ACCOUNT}"`).trim();
  const base = isAccountName(named) ? named : DEFAULT_ACCOUNT;
  const accounts = new Set<string>();
  const traded = entries.map((entry): BookedDirective => {
    if (entry.type !== 'transaction') return entry;
    const groups = byCurrency(entry);
    if (groups.size < 2 || !entry.postings.some(({ price }) => price !== null)) return entry;
    const postings = [...groups].flatMap(([currency, own]) => neutralised(currency, own, base, accounts));
    const meta = new Map([
      ...entry.meta,
      ['currency_accounts_processed', { kind: 'boolean' as const, value: true }],
    ]);
    return { ...entry, postings, meta };
  });
  return [...opensFor(accounts, entries, '<currency_accounts>'), ...traded];
};

/** By the currency of the cost, else of the units. */
function byCurrency({ postings }: BookedTransaction): ReadonlyMap<string, readonly BookedPosting[]> {
  const groups = new Map<string, BookedPosting[]>();
  for (const posting of postings) {
    const { units, cost, price } = posting;
    const currency = cost?.currency ?? units.currency;
    if (cost !== null && price !== null && price.currency !== cost.currency) {
      throw new PluginFault(`a lot with a cost in ${cost.currency} has a price in ${price.currency}`);
    }
    groups.set(currency, [...(groups.get(currency) ?? []), posting]);
  }
  return groups;
}

function neutralised(
  currency: string,
  postings: readonly BookedPosting[],
  base: string,
  accounts: Set<string>,
): readonly BookedPosting[] {
  const sum = postings.reduce(
    (total, posting) => total.add(weightOf({ ...posting, price: null }).number),
    LedgerDecimal.ZERO,
  );
  if (sum.isZero) return postings;
  const account = `${base}:${currency}`;
  accounts.add(account);
  return [
    ...postings.map((posting) => ({ ...posting, price: null })),
    {
      account,
      units: { number: sum.negate(), currency },
      cost: null,
      price: null,
      flag: null,
      meta: new Map(),
      interpolated: false,
    },
  ];
}
