import { types } from 'node:util';

export type Fields = Record<string, unknown>;

export const UNREADABLE = '[UNREADABLE]';

/** What a JSON text holds; undefined when it is not JSON, or null. */
export const parseJson = (value: string): unknown => {
  try {
    const parsed: unknown = JSON.parse(value);
    return parsed === null ? undefined : parsed;
  } catch {
    return undefined;
  }
};

/** A property, read without ever throwing: a getter may. */
export const readOf = (value: object, key: string): unknown => {
  try {
    return (value as Fields)[key];
  } catch {
    return UNREADABLE;
  }
};

/** Own enumerable properties; none of a proxy, whose traps are somebody's code. */
export const entriesOf = (value: object): [string, unknown][] => {
  if (types.isProxy(value)) return [];
  return Object.keys(value).map((key) => [key, readOf(value, key)]);
};

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether OpenTelemetry takes it as the value of an attribute. */
export const isAttribute = (value: unknown): boolean =>
  typeof value !== 'object' ||
  (Array.isArray(value) &&
    value.every((item) => typeof item === typeof value[0] && typeof item !== 'object'));

/**
 * Decimals are money here; their digits lie in an array that no rule would recognise. Found by class, or by the three
 * fields of a copy that has lost its class (decimal.js: s, e, d; bignumber.js and big.js: s, e, c; a coefficient and its
 * scale).
 */
export const isDecimal = (value: object): boolean => {
  const name: unknown = readOf((readOf(value, 'constructor') as object) ?? {}, 'name');
  return name === 'Decimal' || name === 'BigNumber' || name === 'Big' || hasDecimalFields(value);
};

export const hasDecimalFields = (value: object): boolean => hasDigits(value) || hasCoefficient(value);

const hasCoefficient = (value: object): boolean =>
  typeof readOf(value, 'scale') === 'number' &&
  ['number', 'bigint'].includes(typeof readOf(value, 'coefficient'));

const hasDigits = (value: object): boolean =>
  typeof readOf(value, 's') === 'number' &&
  typeof readOf(value, 'e') === 'number' &&
  (Array.isArray(readOf(value, 'd')) || Array.isArray(readOf(value, 'c')));
