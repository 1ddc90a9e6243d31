import type { CellValue } from '../model/document';

type NumberValue = Extract<CellValue, { kind: 'number' }>;

/** A spreadsheet's format for a number: all its digits stay in the cell, the format rounds what is seen. */
export function numberFormat({ format, places, code }: NumberValue): string {
  const digits = places === 0 ? '0' : `0.${'0'.repeat(places)}`;
  const grouped = `#,##${digits}`;
  const unit = code === null ? '' : ` "${code.replaceAll('"', '')}"`;
  switch (format) {
    case 'percent':
      return signed('', `${digits}%`);
    case 'percent_change':
      return signed('+', `${digits}%`);
    case 'points':
      return signed('+', `${digits}" pp"`);
    case 'change':
      return signed('+', `${grouped}${unit}`);
    case 'money':
    case 'decimal':
    case 'quantity':
    case 'price':
    case 'text':
    case 'date':
      return signed('', `${grouped}${unit}`);
  }
}

/** For numbers above, below and at zero. */
const signed = (plus: string, format: string): string => `${plus}${format};−${format};${format}`;

/** What the cell holds: a difference of shares is given in percentage points, which no format multiplies. */
export function sheetNumber({ exact, format }: NumberValue): number {
  const number = Number(exact);
  return format === 'points' ? number * 100 : number;
}
