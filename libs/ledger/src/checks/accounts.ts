import type { BookedDirective } from '../incomplete';

/** The accounts that a directive refers to, in order, not repeated. */
export function accountsOf(entry: BookedDirective): readonly string[] {
  switch (entry.type) {
    case 'transaction':
      return [...new Set(entry.postings.map((posting) => posting.account))];
    case 'pad':
      return entry.account === entry.sourceAccount ? [entry.account] : [entry.account, entry.sourceAccount];
    case 'open':
    case 'close':
    case 'balance':
    case 'note':
    case 'document':
      return [entry.account];
    default:
      return [];
  }
}

/** Whether `account` is `parent` or stands below it. */
export function isWithin(account: string, parent: string): boolean {
  return account.startsWith(parent) && (account.length === parent.length || account[parent.length] === ':');
}
