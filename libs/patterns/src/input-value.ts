import {
  canonicalJson,
  Decimal,
  DecimalTextSchema,
  isIsoDate,
  type JsonValue,
  type PatternInput,
} from '@dawsos/contracts';

const TYPE_WORDS: Readonly<Record<PatternInput['type'], string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  decimal: 'a decimal number in quotes, such as "1204.10"',
  boolean: 'true or false',
  date: 'a calendar day written YYYY-MM-DD',
  array: 'a list',
  object: 'an object',
};

/** What is wrong with `value` for an input so declared (`must be …`), or undefined. */
export function checkValue(input: PatternInput, value: JsonValue): string | undefined {
  if (!hasType(input.type, value)) return `must be ${TYPE_WORDS[input.type]}`;
  if (input.enum !== undefined && !input.enum.some((choice) => sameJson(choice, value))) {
    return `must be one of ${input.enum.map((choice) => canonicalJson(choice as JsonValue)).join(', ')}`;
  }
  return boundsProblem(input, value) ?? fractionProblem(input, value) ?? lengthProblem(input, value);
}

function hasType(type: PatternInput['type'], value: JsonValue): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'decimal':
      return DecimalTextSchema.safeParse(value).success;
    case 'boolean':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && isIsoDate(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}

function boundsProblem({ type, minimum, maximum }: PatternInput, value: JsonValue): string | undefined {
  if (type !== 'integer' && type !== 'number' && type !== 'decimal') return undefined;
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const number = new Decimal(value);
  if (minimum !== undefined && number.lessThan(minimum)) return `must be at least ${minimum}`;
  if (maximum !== undefined && number.greaterThan(maximum)) return `must be at most ${maximum}`;
  return undefined;
}

/** Who writes 3 for 3 % would be answered for 300 %. */
function fractionProblem({ unit, maximum }: PatternInput, value: JsonValue): string | undefined {
  if (unit !== 'fraction' || maximum !== undefined) return undefined;
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const number = new Decimal(value);
  if (number.abs().lessThanOrEqualTo(1)) return undefined;
  const percent = number.times(100).toFixed();
  return `must be a fraction: ${number.toFixed()} is ${percent} %; write ${number.div(100).toFixed()} for ${number.toFixed()} %`;
}

function lengthProblem({ max_length: limit }: PatternInput, value: JsonValue): string | undefined {
  if (limit === undefined) return undefined;
  if (typeof value === 'string' && value.length > limit) return `must have at most ${limit} characters`;
  if (Array.isArray(value) && value.length > limit) return `must have at most ${limit} items`;
  return undefined;
}

function sameJson(a: JsonValue, b: JsonValue): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
