import { isIsoDate, type JsonValue } from '@dawsos/contracts';

/** A scalar of a result, typed: results hold decimals and days as text. */
export interface Cell {
  readonly kind: 'text' | 'number' | 'date' | 'none';
  readonly text: string;
}

/** Plain digits, as results write decimals. No exponent and no sign but minus: nothing else can be a number here. */
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

export const EMPTY: Cell = { kind: 'none', text: '' };

export const textCell = (text: string): Cell => ({ kind: 'text', text });

export function cellOf(value: JsonValue | undefined): Cell {
  if (value === null || value === undefined) return EMPTY;
  if (typeof value === 'number') return { kind: 'number', text: String(value) };
  if (typeof value === 'boolean') return textCell(value ? 'yes' : 'no');
  if (Array.isArray(value) && value.every((member) => typeof member === 'string')) {
    return value.length === 0 ? EMPTY : textCell(value.join('; '));
  }
  if (typeof value !== 'string') return textCell(JSON.stringify(value));
  if (PLAIN_NUMBER.test(value)) return { kind: 'number', text: value };
  return { kind: isIsoDate(value) ? 'date' : 'text', text: value };
}
