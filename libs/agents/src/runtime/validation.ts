import {
  DawsosError,
  LONGEST_POINTER_PART,
  type FieldError,
  type JsonValue,
  type StepInvocation,
} from '@dawsos/contracts';
import type { z } from 'zod';
import { noteMembers, splitArgs } from './passed-members';
import type { Route } from './registry';

/** @throws DawsosError `capability_args_invalid`, a JSON pointer (`/args/lookback_days`) for each field. */
export function parseArgs({ capability }: Route, invocation: StepInvocation): unknown {
  const split = splitArgs(capability.args, invocation.args);
  const parsed =
    split === undefined ? capability.args.safeParse(invocation.args) : split.schema.safeParse(split.others);
  if (parsed.success)
    return split === undefined ? parsed.data : { ...(parsed.data as object), ...split.known };
  const errors = fieldErrors(parsed.error, '/args');
  const list = errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
  throw new DawsosError(
    'capability_args_invalid',
    `step "${invocation.stepId}" (${capability.name}): ${list}`,
    {
      errors,
      extensions: { step_id: invocation.stepId, capability: capability.name },
    },
  );
}

/** @throws DawsosError `capability_result_invalid` */
export function parseResult({ agent, capability }: Route, stepId: string, result: unknown): JsonValue {
  const parsed = capability.result.safeParse(result);
  if (parsed.success) {
    noteMembers(capability.result, parsed.data);
    return parsed.data;
  }
  const errors = fieldErrors(parsed.error, '/result');
  const list = errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
  throw new DawsosError(
    'capability_result_invalid',
    `step "${stepId}": ${agent.name} gave a result that ${capability.name} does not allow: ${list}`,
    { extensions: { step_id: stepId, capability: capability.name } },
  );
}

const MAX_FIELDS = 20;

/** Keys and rules only: the refused value itself is not repeated. */
function fieldErrors(error: z.ZodError, root: string): FieldError[] {
  return error.issues.slice(0, MAX_FIELDS).flatMap((issue) => {
    const paths =
      issue.code === 'unrecognized_keys'
        ? issue.keys.slice(0, MAX_FIELDS).map((key) => [...issue.path, key])
        : [issue.path];
    const detail = issue.code === 'unrecognized_keys' ? 'is unknown' : issue.message;
    return paths.map((path) => ({ pointer: root + path.map(pointerToken).join(''), detail }));
  });
}

function pointerToken(part: PropertyKey): string {
  return `/${String(part).slice(0, LONGEST_POINTER_PART).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
