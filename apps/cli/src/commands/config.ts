import {
  describeConfiguration,
  parseConfiguration,
  VARIABLES,
  type VariableName,
} from '@dawsos/configuration';
import { DawsosError, isDawsosError, type FieldError } from '@dawsos/contracts';
import type { Command } from 'commander';
import { instanceOf, optionsOf, type CliContext, type Environment } from '../context';
import type { Instance } from '../instance';
import { renderTable } from '../render/table';

/** What `dawsos up` brings itself where the environment names nothing. */
const EMBEDDED: readonly VariableName[] = ['DATABASE_URL', 'LEDGER_REPO', 'PATTERNS_DIR', 'RIGHTS_REGISTRY'];

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly from: 'environment' | 'default' | 'embedded' | 'instance';
}

export function addConfig(program: Command, context: CliContext): void {
  program
    .command('config')
    .description(
      'print the effective configuration, secrets masked: that of the instance that runs here, if any',
    )
    .action((_options: unknown, command: Command) => {
      const instance = instanceOf(context, optionsOf(command));
      const settings =
        instance === undefined ? readSettings(context.environment) : settingsOfInstance(instance);
      if (instance !== undefined) {
        context.terminal.note(`of the instance at ${instance.api_url}, which serves ${instance.ledger}`);
      }
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

/** What the services of a running instance use. */
function settingsOfInstance({ settings, secrets }: Instance): readonly Setting[] {
  const defaults = readSettings({ ...settings });
  return defaults.map((setting): Setting => {
    const { name } = setting;
    if (secrets.includes(name)) return { name, value: '********', from: 'instance' };
    return settings[name] === undefined ? setting : { ...setting, from: 'instance' };
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
