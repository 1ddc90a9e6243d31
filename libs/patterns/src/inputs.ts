import {
  DawsosError,
  type FieldError,
  type JsonObject,
  type JsonValue,
  type PatternDefinition,
  LONGEST_POINTER_PART,
  MOST_FIELD_ERRORS,
} from '@dawsos/contracts';
import { checkValue } from './input-value';
import { suggestion } from './suggestion';

/**
 * The inputs of a run: checked, defaults applied, and null for what is optional and was not given.
 * @throws DawsosError `invalid_inputs` with a JSON pointer (`/inputs/lookback_days`) for each fault.
 */
export function parseInputs(
  pattern: Pick<PatternDefinition, 'id' | 'inputs'>,
  inputs: JsonObject,
): JsonObject {
  const errors: FieldError[] = [];
  const declared = Object.keys(pattern.inputs);
  for (const name of Object.keys(inputs)) {
    if (errors.length >= MOST_FIELD_ERRORS) break;
    if (!Object.hasOwn(pattern.inputs, name)) {
      errors.push({
        pointer: pointerTo(name),
        detail: `the pattern "${pattern.id}" has no such input${suggestion(name.slice(0, 64), declared)}`,
      });
    }
  }
  const values: [string, JsonValue][] = [];
  for (const [name, input] of Object.entries(pattern.inputs)) {
    const given = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    const isAbsent = given === undefined || (given === null && input.required !== true);
    const value = isAbsent ? (input.default as JsonValue | undefined) : given;
    if (value === undefined) {
      if (input.required === true) errors.push({ pointer: pointerTo(name), detail: 'is required' });
      values.push([name, null]);
      continue;
    }
    const problem = checkValue(input, value);
    if (problem !== undefined) errors.push({ pointer: pointerTo(name), detail: problem });
    values.push([name, value]);
  }
  if (errors.length > 0) {
    const list = errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
    throw new DawsosError('invalid_inputs', list, { errors });
  }
  return Object.fromEntries(values);
}

function pointerTo(name: string): string {
  const part = name.slice(0, LONGEST_POINTER_PART);
  return `/inputs/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
