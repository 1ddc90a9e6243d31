import { weightOf } from '../booking/weight';
import type { BookedDirective } from '../incomplete';
import { isAccountName, requireConfig, type Plugin } from './plugin';

/** `beancount.plugins.fill_account` "ACCOUNT": the other side of each transaction of one posting, at cost. */
export const fillAccount: Plugin = (entries, { faults }, config) => {
  const account = requireConfig(config, '"Equity:Fill"');
  if (!isAccountName(account)) {
    faults.report({ file: '<fill_account>', line: 0 }, `Invalid account name: '${account}'`);
    return entries;
  }
  return entries.map((entry): BookedDirective => {
    const [posting, ...others] = entry.type === 'transaction' ? entry.postings : [];
    if (entry.type !== 'transaction' || posting === undefined || others.length > 0) return entry;
    const { number, currency } = weightOf({ ...posting, price: null });
    if (number.isZero) return entry;
    const other = {
      account,
      units: { number: number.negate(), currency },
      cost: null,
      price: null,
      flag: null,
      meta: new Map(),
      interpolated: false,
    };
    return { ...entry, postings: [posting, other] };
  });
};
