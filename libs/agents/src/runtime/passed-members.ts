import { z } from 'zod';

/**
 * Which frozen members of results passed which schema object. A step whose argument is such a member, by the same
 * schema object, takes it as it is: a value history is handed to five steps and would be checked five times.
 */
const passed = new WeakMap<object, z.core.$ZodType>();
const remainders = new WeakMap<z.ZodObject, Map<string, z.ZodObject>>();

/** Notes the members of a result that its schema gave. */
export function noteMembers(schema: z.ZodType, result: unknown): void {
  if (!(schema instanceof z.ZodObject) || !isFields(result)) return;
  for (const [key, member] of Object.entries(result)) {
    const own = schema.shape[key] as z.core.$ZodType | undefined;
    if (own !== undefined && typeof member === 'object' && member !== null) passed.set(member, own);
  }
}

/**
 * The arguments that need no second check, and the schema of the others; undefined where there are none, or where the
 * schema says something of all of them together.
 */
export function splitArgs(
  schema: z.ZodType,
  args: unknown,
):
  | {
      readonly known: Record<string, unknown>;
      readonly others: Record<string, unknown>;
      readonly schema: z.ZodObject;
    }
  | undefined {
  if (!(schema instanceof z.ZodObject) || !isFields(args) || hasChecks(schema)) return undefined;
  const entries = Object.entries(args);
  const isKnown = ([key, value]: [string, unknown]): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.isFrozen(value) &&
    passed.get(value) === schema.shape[key];
  const known = entries.filter(isKnown);
  if (known.length === 0) return undefined;
  return {
    known: Object.fromEntries(known),
    others: Object.fromEntries(entries.filter((entry) => !isKnown(entry))),
    schema: without(
      schema,
      known.map(([key]) => key),
    ),
  };
}

function without(schema: z.ZodObject, keys: readonly string[]): z.ZodObject {
  const made = remainders.get(schema) ?? new Map<string, z.ZodObject>();
  remainders.set(schema, made);
  const name = [...keys].sort().join();
  const mask = Object.fromEntries(keys.map((key) => [key, true])) as Parameters<typeof schema.omit>[0];
  const rest = made.get(name) ?? schema.omit(mask);
  made.set(name, rest);
  return rest;
}

const hasChecks = (schema: z.ZodObject): boolean => (schema.def.checks ?? []).length > 0;

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
