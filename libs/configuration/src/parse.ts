import { readFileSync } from 'node:fs';
import { DawsosError, type FieldError } from '@dawsos/contracts';
import type { z } from 'zod';
import { VARIABLES, type VariableName } from './variables';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Configuration<Name extends VariableName = VariableName> = {
  readonly [N in Name]: z.output<(typeof VARIABLES)[N]['schema']>;
};

/**
 * The named variables, parsed. A secret may also come from the file that `NAME_FILE` names (its trailing line
 * end is cut). An empty variable counts as absent.
 * @throws DawsosError `invalid_configuration` naming every variable that is wrong, what is wrong, and an example.
 */
export function parseConfiguration<const Name extends VariableName>(
  environment: Environment,
  names: readonly Name[],
): Configuration<Name> {
  const errors: FieldError[] = [];
  const values: Partial<Record<VariableName, unknown>> = {};
  for (const name of names) {
    const text = readText(environment, name, errors);
    const parsed = VARIABLES[name].schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else errors.push({ pointer: `/${name}`, detail: describe(name, text, parsed.error) });
  }
  if (errors.length > 0) {
    const details = errors.map((error) => error.detail).join('\n');
    throw new DawsosError('invalid_configuration', details, { errors });
  }
  return values as Configuration<Name>;
}

function readText(environment: Environment, name: VariableName, errors: FieldError[]): string | undefined {
  const text = environment[name];
  if (text !== undefined && text !== '') return text;
  const file = environment[`${name}_FILE`];
  if (!VARIABLES[name].secret || file === undefined || file === '') return undefined;
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    errors.push({
      pointer: `/${name}_FILE`,
      detail: `${name}_FILE names a file that cannot be read: ${file}`,
    });
    return undefined;
  }
}

function describe(name: VariableName, text: string | undefined, error: z.ZodError): string {
  const variable = VARIABLES[name];
  const problem =
    text === undefined
      ? 'is not set'
      : (error.issues[0]?.message ?? 'is not valid').replace(/^Invalid input: /, '');
  const value = text === undefined || variable.secret ? '' : ` (it is "${text}")`;
  return `${name}: ${problem}${value}. ${variable.about} For example: ${name}=${variable.example}`;
}

/** What is set, for `dawsos config`: secrets masked. */
export function describeConfiguration(
  configuration: Partial<Configuration>,
): readonly { readonly name: string; readonly value: string; readonly about: string }[] {
  return Object.entries(configuration).map(([name, value]) => {
    const variable = VARIABLES[name as VariableName];
    const shown = value === undefined ? '' : variable.secret ? '********' : String(value);
    return { name, value: shown, about: variable.about };
  });
}
