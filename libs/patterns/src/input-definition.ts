import type { PatternInput } from '@dawsos/contracts';
import { checkValue } from './input-value';
import type { PatternFault } from './fault';
import type { PatternSource } from './source-text';

/** Faults in how inputs are declared: a default or a choice that does not fit, bounds that cannot be met. */
export function inputFaults(
  source: PatternSource,
  inputs: Readonly<Record<string, PatternInput>>,
): PatternFault[] {
  return Object.entries(inputs).flatMap(([name, input]) => declarationFaults(source, name, input));
}

function declarationFaults(source: PatternSource, name: string, input: PatternInput): PatternFault[] {
  const faults: PatternFault[] = [];
  const at = ['inputs', name];
  if (input.default !== undefined) {
    const problem = checkValue(input, input.default);
    if (problem !== undefined) faults.push(source.fault([...at, 'default'], `the default ${problem}`));
    if (input.required === true) {
      faults.push(
        source.fault([...at, 'required'], 'a required input needs no default; leave one of the two out'),
      );
    }
  }
  const { enum: choices, ...type } = input;
  choices?.forEach((choice, index) => {
    const problem = checkValue(type, choice);
    if (problem !== undefined) faults.push(source.fault([...at, 'enum', index], `the choice ${problem}`));
  });
  if (input.minimum !== undefined && input.maximum !== undefined && input.minimum > input.maximum) {
    faults.push(source.fault([...at, 'maximum'], 'the maximum is less than the minimum'));
  }
  return faults;
}
