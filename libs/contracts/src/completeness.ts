import type { JsonObject, JsonValue } from './json';

/** Gaps that are an answer: an input that was not given, a return that is not annualised before its time. */
const ANSWERED: ReadonlySet<string> = new Set(['input_missing', 'under_a_year']);

/**
 * Whether every figure of a run's result could be told: no result states a gap, but for what was not asked for. Rows
 * are not walked: what they lack stands in the gaps of the result that holds them.
 */
export function isComplete(data: JsonObject): boolean {
  return Object.values(data).every((value) => isWhole(value, 0));
}

const DEEPEST = 3;

function isWhole(value: JsonValue | undefined, depth: number): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || depth > DEEPEST) return true;
  return Object.entries(value).every(([key, member]) =>
    key === 'gaps' && Array.isArray(member)
      ? member.every((gap: JsonValue) => isAnswered(gap))
      : isWhole(member, depth + 1),
  );
}

function isAnswered(gap: JsonValue): boolean {
  if (gap === null || typeof gap !== 'object' || Array.isArray(gap)) return false;
  const { code } = gap as JsonObject;
  return typeof code === 'string' && ANSWERED.has(code);
}
