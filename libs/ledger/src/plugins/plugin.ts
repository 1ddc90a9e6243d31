import type { Context } from '../checks/transformation';
import type { BookedDirective } from '../incomplete';

/** A plugin as Beancount 2.3.5 has it, with the text behind its name in the ledger. */
export type Plugin = (
  entries: readonly BookedDirective[],
  context: Context,
  config: string | undefined,
) => readonly BookedDirective[];

/** Stops a plugin, as an exception stops Beancount's: the fault is reported and the entries stay as they were. */
export class PluginFault extends Error {}

/** @throws PluginFault where there is none */
export function requireConfig(config: string | undefined, example: string): string {
  if (config === undefined) throw new PluginFault(`it takes a configuration, such as ${example}`);
  return config;
}

/** @throws PluginFault where there is one */
export function refuseConfig(config: string | undefined): void {
  if (config !== undefined) throw new PluginFault('it takes no configuration');
}

const ACCOUNT = /^[\p{Lu}\p{Nd}][\p{L}\p{Nd}-]*(?::[\p{Lu}\p{Nd}][\p{L}\p{Nd}-]*)+$/u;

export const isAccountName = (name: string): boolean => ACCOUNT.test(name);
