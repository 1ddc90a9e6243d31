import type { Transformation } from '../checks/transformation';
import { autoAccounts } from './auto-accounts';
import { currencyAccounts } from './currency-accounts';
import { divertExpenses } from './divert-expenses';
import { excludeTag } from './exclude-tag';
import { fillAccount } from './fill-account';
import { forecast } from './forecast';
import { implicitPrices } from './implicit-prices';
import { refuseConfig, type Plugin } from './plugin';
import { splitExpenses } from './split-expenses';
import { unrealized } from './unrealized';

const plain =
  (...steps: readonly Transformation[]): Plugin =>
  (entries, context, config) => {
    refuseConfig(config);
    return steps.reduce((result, step) => step(result, context), entries);
  };

/** Plugins of Beancount 2.3.5 that are run here as it runs them. */
export const PLUGINS: ReadonlyMap<string, Plugin> = new Map([
  ['beancount.plugins.auto', plain(autoAccounts, implicitPrices)],
  ['beancount.plugins.auto_accounts', plain(autoAccounts)],
  ['beancount.plugins.currency_accounts', currencyAccounts],
  ['beancount.plugins.divert_expenses', divertExpenses],
  ['beancount.plugins.exclude_tag', excludeTag],
  ['beancount.plugins.fill_account', fillAccount],
  ['beancount.plugins.forecast', forecast],
  ['beancount.plugins.implicit_prices', plain(implicitPrices)],
  ['beancount.plugins.split_expenses', splitExpenses],
  ['beancount.plugins.unrealized', unrealized],
]);

/** Plugins that check, or note something beside amounts: no position and no figure changes without them. */
export const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'beancount.plugins.check_average_cost',
  'beancount.plugins.check_closing',
  'beancount.plugins.check_commodity',
  'beancount.plugins.coherent_cost',
  'beancount.plugins.commodity_attr',
  'beancount.plugins.fix_payees',
  'beancount.plugins.leafonly',
  'beancount.plugins.mark_unverified',
  'beancount.plugins.noduplicates',
  'beancount.plugins.nounused',
  'beancount.plugins.onecommodity',
  'beancount.plugins.pedantic',
  'beancount.plugins.sellgains',
  'beancount.plugins.tag_pending',
  'beancount.plugins.unique_prices',
  'beancount.ops.validation',
  'fava.plugins.link_documents',
  'fava.plugins.tag_discovered_documents',
]);

/** The others of Beancount 2.3.5: they change entries and are not run here. */
const NOT_RUN: ReadonlySet<string> = new Set([
  'beancount.plugins.book_conversions',
  'beancount.plugins.ira_contribs',
  'beancount.plugins.merge_meta',
]);

/** A name below `beancount.` that Beancount 2.3.5 does not have: loading it fails there too. */
export function isNoPlugin(name: string): boolean {
  return (
    name.startsWith('beancount.') && !PLUGINS.has(name) && !WITHOUT_EFFECT.has(name) && !NOT_RUN.has(name)
  );
}
