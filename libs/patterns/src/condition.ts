import { DawsosError, Decimal, type JsonValue, parseDecimal } from '@dawsos/contracts';
import type { Comparison, Condition, Operand } from './condition-syntax';
import { lookUp, requireValue, type Scope } from './reference';

/** A side of a comparison: a JSON value, or a decimal literal; `quoted` compares as text, whatever it looks like. */
interface Side {
  readonly value: JsonValue | Decimal;
  readonly quoted: boolean;
  readonly text: string;
}

const DECIMAL_TEXT = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/**
 * Whether the condition holds. Numbers and decimal strings compare by value (`"0.70" == 0.7`), other text by
 * code point; null stands for false, and is neither less nor greater than anything. A value that is not there
 * is null in a test for null, else a fault.
 * @throws DawsosError `reference_missing`, `condition_invalid`
 */
export function holds(condition: Condition, scope: Scope, stepId: string): boolean {
  switch (condition.kind) {
    case 'or':
      return condition.terms.some((term) => holds(term, scope, stepId));
    case 'and':
      return condition.terms.every((term) => holds(term, scope, stepId));
    case 'not':
      return !holds(condition.term, scope, stepId);
    case 'truth':
      return truth(sideOf(condition.operand, scope, stepId), stepId);
    case 'compare':
      return compare(condition.operator, condition.left, condition.right, scope, stepId);
  }
}

function truth(side: Side, stepId: string): boolean {
  if (typeof side.value === 'boolean') return side.value;
  if (side.value === null) return false;
  throw invalid(stepId, `${side.text} is ${kindOf(side)}, not true or false; compare it with something`);
}

function compare(operator: Comparison, left: Operand, right: Operand, scope: Scope, stepId: string): boolean {
  const equality = operator === '==' || operator === '!=';
  const lenient = equality && (isNull(left) || isNull(right));
  const a = sideOf(left, scope, stepId, lenient);
  const b = sideOf(right, scope, stepId, lenient);
  if (equality) return equal(a, b, stepId) === (operator === '==');
  const order = ordered(a, b, stepId);
  switch (operator) {
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
  }
}

function isNull(operand: Operand): boolean {
  return operand.kind === 'literal' && operand.value === null;
}

function sideOf(operand: Operand, scope: Scope, stepId: string, lenient = false): Side {
  if (operand.kind === 'literal') {
    const quoted = typeof operand.value === 'string';
    return { value: operand.value, quoted, text: String(operand.value) };
  }
  const { reference } = operand;
  const value = lenient ? (lookUp(reference, scope) ?? null) : requireValue(reference, scope, stepId);
  return { value, quoted: false, text: reference.text };
}

function equal(a: Side, b: Side, stepId: string): boolean {
  if (a.value === null || b.value === null) return a.value === b.value;
  const numbers = bothNumeric(a, b);
  if (numbers !== undefined) return numbers[0].equals(numbers[1]);
  for (const side of [a, b]) {
    if (isComposite(side))
      throw invalid(stepId, `${side.text} is ${kindOf(side)}; compare one of its fields`);
  }
  return a.value === b.value;
}

/** Negative, zero or positive; NaN, which no operator accepts, when a side is null. */
function ordered(a: Side, b: Side, stepId: string): number {
  if (a.value === null || b.value === null) return Number.NaN;
  const numbers = bothNumeric(a, b);
  if (numbers !== undefined) return numbers[0].comparedTo(numbers[1]);
  if (typeof a.value === 'string' && typeof b.value === 'string') {
    return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  }
  throw invalid(stepId, `${a.text} (${kindOf(a)}) and ${b.text} (${kindOf(b)}) have no order`);
}

function bothNumeric(a: Side, b: Side): readonly [Decimal, Decimal] | undefined {
  const left = numeric(a);
  const right = numeric(b);
  return left === undefined || right === undefined ? undefined : [left, right];
}

function numeric({ value, quoted }: Side): Decimal | undefined {
  if (value instanceof Decimal) return value;
  if (typeof value === 'number') return new Decimal(value);
  if (typeof value === 'string' && !quoted && DECIMAL_TEXT.test(value)) return parseDecimal(value);
  return undefined;
}

function isComposite({ value }: Side): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Decimal);
}

function kindOf(side: Side): string {
  if (side.value === null) return 'null';
  if (Array.isArray(side.value)) return 'a list';
  if (isComposite(side)) return 'an object';
  if (side.value instanceof Decimal || typeof side.value === 'number') return 'a number';
  return typeof side.value === 'string' ? 'text' : 'true or false';
}

function invalid(stepId: string, message: string): DawsosError {
  return new DawsosError('condition_invalid', `the condition of step "${stepId}": ${message}`, {
    extensions: { step_id: stepId },
  });
}
