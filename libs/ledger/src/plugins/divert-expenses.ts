import { isWithin } from '../checks/accounts';
import type { BookedDirective, BookedPosting } from '../incomplete';
import { PluginFault, requireConfig, type Plugin } from './plugin';

/**
 * `beancount.plugins.divert_expenses` "{'tag': TAG, 'account': ACCOUNT}": expenses of transactions with the tag go to the
 * account, but for postings with metadata `divert: FALSE`; others do with `divert: TRUE`.
 */
export const divertExpenses: Plugin = (entries, { options }, config) => {
  const { tag, account } = readConfig(requireConfig(config, `"{'tag': 'kid', 'account': 'Expenses:Child'}"`));
  const root = options.strings.get('name_expenses') ?? '';
  const isDiverted = ({ account: own, meta }: BookedPosting): boolean => {
    const divert = meta.get('divert');
    if (divert?.kind === 'boolean') return divert.value;
    return (divert === undefined || divert.kind === 'none') && isWithin(own, root);
  };
  return entries.map((entry): BookedDirective => {
    if (entry.type !== 'transaction' || !entry.tags.includes(tag)) return entry;
    const postings = entry.postings.map((posting): BookedPosting => {
      if (!isDiverted(posting)) return posting;
      const meta = new Map([['diverted_account', { kind: 'string' as const, value: posting.account }]]);
      // its metadata are gone, that it was computed among them
      return { ...posting, account, meta, interpolated: false };
    });
    return { ...entry, postings };
  });
};

/** A Python dictionary of texts: the two that count. */
function readConfig(text: string): { readonly tag: string; readonly account: string } {
  const pairs = new Map(
    [...text.matchAll(/(['"])(\w+)\1\s*:\s*(['"])([^'"\\]*)\3/g)].map(([, , key, , value]) => [key, value]),
  );
  const [tag, account] = [pairs.get('tag'), pairs.get('account')];
  if (!/^\s*\{.*\}\s*$/s.test(text) || tag === undefined || account === undefined) {
    throw new PluginFault(`"${text}" is not a dictionary with 'tag' and 'account'`);
  }
  return { tag, account };
}
