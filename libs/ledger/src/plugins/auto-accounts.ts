import type { IsoDate } from '@dawsos/contracts';
import { accountsOf } from '../checks/accounts';
import type { Transformation } from '../checks/transformation';
import type { Open } from '../model';

/** `beancount.plugins.auto_accounts`: opens accounts that nothing opens, on the day of their first use. */
export const autoAccounts: Transformation = (entries) => {
  const opened = new Set(entries.flatMap((entry) => (entry.type === 'open' ? [entry.account] : [])));
  const firstUse = new Map<string, IsoDate>();
  for (const entry of entries) {
    for (const account of accountsOf(entry)) if (!firstUse.has(account)) firstUse.set(account, entry.date);
  }
  const names = [...firstUse.keys()].sort();
  const opens = names.flatMap((account, line): Open[] => {
    const date = firstUse.get(account);
    if (date === undefined || opened.has(account)) return [];
    const location = { file: '<auto_accounts>', line };
    return [{ type: 'open', date, account, currencies: [], booking: null, meta: new Map(), location }];
  });
  return [...opens, ...entries];
};
