import type { BookedDirective, BookedPosting } from '../incomplete';
import type { Open } from '../model';
import { LedgerDecimal } from '../number';
import { isWithin } from '../checks/accounts';
import { requireConfig, type Plugin } from './plugin';

/**
 * `beancount.plugins.split_expenses` "NAME NAME …": each posting to expenses that names nobody is shared equally, in
 * accounts of their names below. What it computes says nothing of the precision meant.
 */
export const splitExpenses: Plugin = (entries, { options }, config) => {
  const members = requireConfig(config, '"Martin Caroline"')
    .split(/\s+/)
    .filter((name) => name !== '');
  const root = options.strings.get('name_expenses') ?? '';
  const shares = LedgerDecimal.parse(String(members.length));
  const isShared = ({ account }: BookedPosting): boolean =>
    isWithin(account, root) && members.length > 0 && !members.some((name) => account.includes(name));
  const accounts = new Set<string>();
  const split = entries.map((entry): BookedDirective => {
    if (entry.type !== 'transaction' || !entry.postings.some(isShared)) return entry;
    const postings = entry.postings.flatMap((posting): BookedPosting[] => {
      if (!isShared(posting)) return [posting];
      const units = { ...posting.units, number: posting.units.number.divide(shares) };
      return members.map((name) => {
        const account = `${posting.account}:${name}`;
        accounts.add(account);
        return { ...posting, account, units, interpolated: true };
      });
    });
    return { ...entry, postings };
  });
  return [...opensFor(accounts, entries, '<split_expenses>'), ...split];
};

/** Opens accounts that nothing opens or closes, on the day of the first entry. */
export function opensFor(
  accounts: Iterable<string>,
  entries: readonly BookedDirective[],
  file: string,
): Open[] {
  const date = entries[0]?.date;
  if (date === undefined) return [];
  const known = new Set(
    entries.flatMap((entry) => (entry.type === 'open' || entry.type === 'close' ? [entry.account] : [])),
  );
  return [...accounts]
    .filter((account) => !known.has(account))
    .sort()
    .map((account, line) => ({
      type: 'open',
      date,
      account,
      currencies: [],
      booking: null,
      meta: new Map(),
      location: { file, line },
    }));
}
