import { balance } from './checks/balance';
import { documents } from './checks/documents';
import { pad } from './checks/pad';
import type { Context, Transformation } from './checks/transformation';
import { LOAD_LOCATION } from './faults';
import type { BookedDirective } from './incomplete';
import { sortEntries } from './order';
import { autoAccounts } from './plugins/auto-accounts';
import { implicitPrices } from './plugins/implicit-prices';
import type { PluginName } from './syntax/file-state';

const KNOWN: ReadonlyMap<string, Transformation> = new Map([
  ['beancount.ops.pad', pad],
  ['beancount.ops.documents', documents],
  ['beancount.ops.balance', balance],
  ['beancount.plugins.auto_accounts', autoAccounts],
  ['beancount.plugins.implicit_prices', implicitPrices],
]);
const named = (name: string): PluginName => ({ name, config: undefined });
const BEFORE = [named('beancount.ops.pad'), named('beancount.ops.documents')];
const AFTER = [named('beancount.ops.balance')];

/** Runs Beancount's own steps and the ledger's plugins, in its order. */
export function transform(
  entries: readonly BookedDirective[],
  plugins: readonly PluginName[],
  context: Context,
): { entries: readonly BookedDirective[]; pluginsNotRun: readonly string[] } {
  const pluginsNotRun: string[] = [];
  const steps = context.options.rawPlugins ? plugins : [...BEFORE, ...plugins, ...AFTER];
  let result = entries;
  for (const { name, config } of steps) {
    const step = KNOWN.get(name);
    if (step === undefined) {
      pluginsNotRun.push(name);
    } else if (config !== undefined) {
      context.faults.report(LOAD_LOCATION, `Error applying plugin "${name}": it takes no configuration`);
    } else {
      const before = result;
      result = step(before, context);
      if (result !== before) result = sortEntries(result);
    }
  }
  return { entries: result, pluginsNotRun };
}
