import {
  describeConfiguration,
  parseConfiguration,
  VARIABLES,
  type VariableName,
} from '@dawsos/configuration';
import { DawsosError, isDawsosError, type FieldError } from '@dawsos/contracts';
import type { Command } from 'commander';
import { optionsOf, type CliContext, type Environment } from '../context';
import { renderTable } from '../render/table';

/** What `dawsos up` brings itself where the environment names nothing. */
const EMBEDDED: readonly VariableName[] = [
  'DATABASE_URL',
  'LEDGER_REPO',
  'PATTERNS_DIR',
  'PRICES_DIR',
  'RIGHTS_REGISTRY',
  'SOURCES_DIR',
];

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly from: 'environment' | 'default' | 'embedded';
}

export function addConfig(program: Command, context: CliContext): void {
  program
    .command('config')
    .description('print the effective configuration, secrets masked')
    .action((_options: unknown, command: Command) => {
      const settings = readSettings(context.environment);
      if (optionsOf(command).json === true) {
        context.terminal.json({ settings });
        return;
      }
      const lines = renderTable(
        ['variable', 'value', 'from'].map((title) => ({ title, align: 'left' })),
        settings.map(({ name, value, from }) => [name, value, from]),
      );
      for (const line of lines) context.terminal.print(line);
    });
}

/** @throws DawsosError `invalid_configuration` naming every variable that is wrong */
export function readSettings(environment: Environment): readonly Setting[] {
  const faults: FieldError[] = [];
  const names = Object.keys(VARIABLES).filter((name): name is VariableName => name in VARIABLES);
  const settings = names.flatMap((name): Setting[] => {
    const isSet = Boolean(environment[name]) || Boolean(environment[`${name}_FILE`]);
    if (!isSet && EMBEDDED.includes(name)) return [{ name, value: 'brought by dawsos up', from: 'embedded' }];
    try {
      const [shown] = describeConfiguration(parseConfiguration(environment, [name]));
      return [{ name, value: shown?.value ?? '', from: isSet ? 'environment' : 'default' }];
    } catch (error) {
      if (!isDawsosError(error)) throw error;
      faults.push(...error.errors);
      return [];
    }
  });
  if (faults.length > 0) {
    throw new DawsosError('invalid_configuration', faults.map((fault) => fault.detail).join('\n'));
  }
  return settings;
}
