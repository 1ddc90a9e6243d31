import type { JsonValue } from '@dawsos/contracts';

/** Freezes a JSON value in depth: results are shared between steps and runs. */
export function deepFreeze<T extends JsonValue>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}
