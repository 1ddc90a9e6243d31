import type { CellObject } from 'write-excel-file/node';
import type { Cell as FigureCell } from '../cell';
import type { Cell } from '../model/document';
import { numberFormat, sheetNumber } from './number-format';

/** The most characters of one cell, by the format. */
const MAX_TEXT = 32_767;
const QUIET = '#505968';

/** Cells are typed: text is never a formula, whatever it starts with. */
export function sheetCell({ text: printed, value }: Cell): CellObject | null {
  switch (value.kind) {
    case 'none':
      return printed === '' ? null : { ...text(printed), align: 'right' };
    case 'number':
      return { type: Number, value: sheetNumber(value), format: numberFormat(value) };
    case 'date':
      return date(value.date);
    case 'text':
      return text(printed);
  }
}

/** A cell of a figure of which the pattern does not say how to show it: a number in a number's own digits. */
export function figureCell({ kind, text: value }: FigureCell): CellObject | null {
  switch (kind) {
    case 'none':
      return null;
    case 'number':
      return { type: Number, value: Number(value) };
    case 'date':
      return date(value);
    case 'text':
      return text(value);
  }
}

const date = (day: string): CellObject => ({
  type: Date,
  value: new Date(`${day}T00:00:00Z`),
  format: 'yyyy-mm-dd',
});

/** What XML cannot hold is shown as U+FFFD. */
export function text(value: string): CellObject {
  const clean = value.toWellFormed().replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd');
  return { type: String, value: clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT - 1)}…` : clean };
}

export const bold = (value: string): CellObject => ({ ...text(value), fontWeight: 'bold' });

/** The head of a column, over numbers to the right as they are. */
export const head = (value: string, align: 'left' | 'right'): CellObject => ({
  ...bold(value),
  align,
  bottomBorderStyle: 'thin',
});

export const quiet = (value: string): CellObject => ({ ...text(value), textColor: QUIET });

export const mark = (value: string): CellObject => ({ ...bold(value), textColor: '#808080' });
