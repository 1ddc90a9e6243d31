import type { Row } from 'write-excel-file/node';
import type { Block } from '../model/document';
import { head, sheetCell, text } from './sheet-cells';

/** The head of a sheet and the rows below it. */
export interface SheetTable {
  readonly head: Row;
  readonly rows: readonly Row[];
}

type Sheetable = Exclude<Block, { kind: 'facts' } | { kind: 'text' }>;

/** A block as a table of a spreadsheet; a chart as the figures that it is drawn from. */
export function blockRows(block: Sheetable): SheetTable {
  switch (block.kind) {
    case 'table':
      return {
        head: block.columns.map(({ title, align }) => head(title, align)),
        rows: block.rows.map(({ cells }) => cells.map(sheetCell)),
      };
    case 'bars':
      return {
        head: [head('Name', 'left'), head(withUnit('Value', block.unit), 'right'), head('Share', 'right')],
        rows: block.bars.map(({ label, cell, share }) => [text(label), sheetCell(cell), sheetCell(share)]),
      };
    case 'line':
      return {
        head: [head('Day', 'left'), head(withUnit('Value', block.unit), 'right')],
        rows: block.points.map(({ date, cell }) => [sheetCell(dateCell(date)), sheetCell(cell)]),
      };
    case 'history':
      return {
        head: [
          head('Day', 'left'),
          ...['Value', 'Flow', 'Paid in, net'].map((title) => head(withUnit(title, block.unit), 'right')),
          head('Drawdown', 'right'),
        ],
        rows: block.points.map(({ date, value, flow, paidIn, drawdown }) => [
          sheetCell(dateCell(date)),
          ...[value, flow, paidIn, drawdown].map(sheetCell),
        ]),
      };
    case 'bridge':
      return {
        head: [head('Part', 'left'), head(withUnit('Amount', block.unit), 'right'), head('Note', 'left')],
        rows: block.parts.map(({ label, cell, note }) => [text(label), sheetCell(cell), text(note)]),
      };
  }
}

const dateCell = (date: string) => ({ text: date, value: { kind: 'date', date } }) as const;

const withUnit = (title: string, unit: string | null): string =>
  unit === null ? title : `${title}, ${unit}`;
