import { DawsosError, type JsonObject, type JsonValue } from '@dawsos/contracts';

/** What a template or a condition may name: an input, a fact of the context, or a step's result. */
export interface Reference {
  readonly root: 'inputs' | 'ctx' | 'step';
  /** The input, the fact, or the step's `as`. */
  readonly name: string;
  readonly path: readonly (string | number)[];
  /** As it was written: `positions.rows[0].value`. */
  readonly text: string;
}

/** The facts of a run that templates may use; all of them pinned, so that equal pins give equal results. */
export const CONTEXT_FACTS = ['pricing_pack_id', 'ledger_commit_hash', 'portfolio_id', 'asof_date'] as const;
export type PatternContext = Readonly<Record<(typeof CONTEXT_FACTS)[number], string | null>>;

/** Names that a step's `as` cannot take, since they mean something else in a template or a condition. */
export const RESERVED_NAMES: readonly string[] = [
  'inputs',
  'ctx',
  'true',
  'false',
  'null',
  'and',
  'or',
  'not',
];

export interface Scope {
  readonly inputs: JsonObject;
  readonly ctx: PatternContext;
  /** By `as`; `null` for a skipped step. */
  readonly results: ReadonlyMap<string, JsonValue>;
  /** The `as` of the steps that were skipped: any path into them is null. */
  readonly skipped: ReadonlySet<string>;
}

export type Scanned<T> =
  | { readonly ok: true; readonly value: T; readonly end: number }
  | { readonly ok: false; readonly message: string; readonly offset: number };

const HEAD = /[A-Za-z_][A-Za-z0-9_]*/y;
const SEGMENT = /\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d{1,9})\]/y;

/** Reads `name(.field | [index])*` at `start`. */
export function scanReference(text: string, start: number): Scanned<Reference> {
  HEAD.lastIndex = start;
  const head = HEAD.exec(text)?.[0];
  if (head === undefined) {
    return {
      ok: false,
      offset: start,
      message: 'expected a name such as inputs.x, ctx.asof_date or positions',
    };
  }
  let end = start + head.length;
  const path: (string | number)[] = [];
  for (;;) {
    SEGMENT.lastIndex = end;
    const match = SEGMENT.exec(text);
    if (match === null) break;
    path.push(match[1] ?? Number(match[2]));
    end += match[0].length;
  }
  const written = text.slice(start, end);
  if (head !== 'inputs' && head !== 'ctx') {
    return { ok: true, end, value: { root: 'step', name: head, path, text: written } };
  }
  const [name, ...rest] = path;
  if (typeof name !== 'string') {
    return {
      ok: false,
      offset: end,
      message: `expected a name after "${head}", such as ${head}.${head === 'ctx' ? 'asof_date' : 'x'}`,
    };
  }
  return { ok: true, end, value: { root: head, name, path: rest, text: written } };
}

/** Own properties and elements only, so `constructor` and `__proto__` lead nowhere. */
function descend(value: JsonValue, segment: string | number): JsonValue | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return typeof segment === 'number' ? (value[segment] as JsonValue) : undefined;
  const object = value as JsonObject;
  return typeof segment === 'string' && Object.hasOwn(object, segment) ? object[segment] : undefined;
}

/** The value that `reference` names, or `undefined` when there is none. A path into a skipped step is null. */
export function lookUp(reference: Reference, scope: Scope): JsonValue | undefined {
  if (reference.root === 'step' && scope.skipped.has(reference.name)) return null;
  let value = rootValue(reference, scope);
  for (const segment of reference.path) {
    if (value === undefined) return undefined;
    value = descend(value, segment);
  }
  return value;
}

function rootValue({ root, name }: Reference, scope: Scope): JsonValue | undefined {
  switch (root) {
    case 'inputs':
      return descend(scope.inputs, name);
    case 'ctx':
      return descend(scope.ctx, name);
    case 'step':
      return scope.results.get(name);
  }
}

/** @throws DawsosError `reference_missing`, naming the step and the path. */
export function requireValue(reference: Reference, scope: Scope, stepId: string): JsonValue {
  const value = lookUp(reference, scope);
  if (value !== undefined) return value;
  throw new DawsosError(
    'reference_missing',
    `step "${stepId}": {{${reference.text}}} is not there; the result of "${reference.name}" has no such field`,
    { extensions: { step_id: stepId, reference: reference.text } },
  );
}
