import { balance } from './checks/balance';
import { documents } from './checks/documents';
import { pad } from './checks/pad';
import type { Context, Transformation } from './checks/transformation';
import { LOAD_LOCATION } from './faults';
import type { BookedDirective } from './incomplete';
import { sortEntries } from './order';
import { isNoPlugin, PLUGINS, WITHOUT_EFFECT } from './plugins/catalog';
import { PluginFault, type Plugin } from './plugins/plugin';
import type { PluginName } from './syntax/file-state';

const OWN_STEPS: ReadonlyMap<string, Transformation> = new Map([
  ['beancount.ops.pad', pad],
  ['beancount.ops.documents', documents],
  ['beancount.ops.balance', balance],
]);
const named = (name: string): PluginName => ({ name, config: undefined });
const BEFORE = [named('beancount.ops.pad'), named('beancount.ops.documents')];
const AFTER = [named('beancount.ops.balance')];

export interface Transformed {
  readonly entries: readonly BookedDirective[];
  /** Plugins that may change entries and were not run. */
  readonly pluginsNotRun: readonly string[];
  /** Plugins that change no figure, and were not run either. */
  readonly pluginsWithoutEffect: readonly string[];
}

/** Runs Beancount's own steps and the ledger's plugins, in its order. */
export function transform(
  entries: readonly BookedDirective[],
  plugins: readonly PluginName[],
  context: Context,
): Transformed {
  const [pluginsNotRun, pluginsWithoutEffect]: [string[], string[]] = [[], []];
  const steps = context.options.rawPlugins ? plugins : [...BEFORE, ...plugins, ...AFTER];
  let result = entries;
  for (const { name, config } of steps) {
    const step = stepOf(name);
    if (step !== undefined) {
      result = apply(name, () => step(result, context, config), result, context);
    } else if (isNoPlugin(name)) {
      context.faults.report(LOAD_LOCATION, `Error importing "${name}": Beancount has no such plugin`);
    } else {
      (WITHOUT_EFFECT.has(name) ? pluginsWithoutEffect : pluginsNotRun).push(name);
    }
  }
  return { entries: result, pluginsNotRun, pluginsWithoutEffect };
}

function stepOf(name: string): Plugin | undefined {
  const own = OWN_STEPS.get(name);
  if (own === undefined) return PLUGINS.get(name);
  return (entries, context, config) => {
    if (config !== undefined) throw new PluginFault('it takes no configuration');
    return own(entries, context);
  };
}

/** A plugin that fails leaves the entries as they were. */
function apply(
  name: string,
  run: () => readonly BookedDirective[],
  before: readonly BookedDirective[],
  { faults }: Context,
): readonly BookedDirective[] {
  try {
    const after = run();
    return after === before ? before : sortEntries(after);
  } catch (error) {
    if (!(error instanceof PluginFault)) throw error;
    faults.report(LOAD_LOCATION, `Error applying plugin "${name}": ${error.message}`);
    return before;
  }
}
