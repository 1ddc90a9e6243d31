import type { Row, TableBlock } from '../model/document';
import type { Pages } from './pages';
import type { Prepared } from './prepared';
import { columnWidths, GAP, type SetTable } from './table-columns';
import { INK, TYPE, type TextStyle } from './theme';
import { typeset } from './type-setter';

/** The most lines of one row: a longer text ends in an ellipsis; the other formats hold it whole. */
const MOST_LINES = 10;
const PADDING = 2.2;
const HEAD_GAP = 2.8;
const BEFORE_GROUP = 3.4;

interface SetRow {
  readonly cells: readonly (readonly string[])[];
  readonly height: number;
  readonly row: Row | null;
}

interface LaidOut {
  readonly set: SetTable;
  readonly head: SetRow | null;
  readonly rows: readonly SetRow[];
}

/** A table for one page, such as one that stands beside another. */
export function prepareTable(pages: Pages, table: TableBlock, width: number): Prepared {
  const laid = layOut(pages, table, width);
  const rows = laid.head === null ? laid.rows : [laid.head, ...laid.rows];
  const height = rows.reduce((sum, row) => sum + row.height, 0);
  return {
    height,
    draw: (x, y) => {
      pages.tags.within('Table', () => {
        let at = y;
        rows.forEach((row, index) => {
          drawRow(pages, laid, row, x, at, index === rows.length - 1);
          at += row.height;
        });
      });
    },
  };
}

/**
 * A table over as many pages as it takes, its head on each; its last row never stands alone on one. `tail`: the height
 * of what has to stand below its last row.
 */
export function drawTable(pages: Pages, table: TableBlock, tail: number): void {
  const laid = layOut(pages, table, pages.width);
  const { head, rows } = laid;
  let onPage = 0;
  const drawHead = (continued: boolean): void => {
    if (continued) {
      const y = pages.take(TYPE.note.leading + 2);
      pages.tags.artifact(() => {
        pages.type.draw('continued', pages.left, y, TYPE.note);
      });
    }
    if (head === null) return;
    const y = pages.take(head.height);
    drawRow(pages, laid, head, pages.left, y, false);
  };
  pages.tags.within('Table', () => {
    drawHead(false);
    rows.forEach((row, index) => {
      const next = rows[index + 1];
      const isHeading = row.row?.role === 'group';
      const isBeforeLast = index === rows.length - 2;
      const after = isBeforeLast || next === undefined ? tail : 0;
      const beside = next !== undefined && (isHeading || isBeforeLast) ? next.height : 0;
      const together = row.height + beside + after;
      if (!pages.fits(together) && onPage > 0) {
        pages.newPage();
        drawHead(true);
        onPage = 0;
      }
      const y = pages.take(row.height);
      drawRow(pages, laid, row, pages.left, y, next === undefined);
      onPage += 1;
    });
  });
}

/** A table of so few rows is not broken. */
const KEPT_WHOLE = 10;

/** The height that keeps a table's head together with its first three rows, or a small table whole. */
export function leadOf(pages: Pages, table: TableBlock, width: number): number {
  const first = table.rows.slice(0, table.rows.length <= KEPT_WHOLE ? KEPT_WHOLE : 3);
  const { head, rows } = layOut(pages, { ...table, rows: first }, width);
  return [head, ...rows].reduce((sum, row) => sum + (row?.height ?? 0), 0);
}

function layOut(pages: Pages, table: TableBlock, width: number): LaidOut {
  const set = columnWidths(pages.type, table, width);
  const titles = table.columns.map(({ title }) => typeset(title));
  const head = titles.some((title) => title !== '') ? setHead(pages, titles, set) : null;
  const rows = table.rows.map((row) => setRow(pages, row, set));
  return { set, head, rows };
}

function setHead({ type }: Pages, titles: readonly string[], { columns, head }: SetTable): SetRow {
  const cells = titles.map((title, index) => type.wrap(title, head, columns[index]?.width ?? 1, 4));
  const lines = Math.max(1, ...cells.map(({ length }) => length));
  return { cells, height: lines * head.leading + HEAD_GAP + 1, row: null };
}

function setRow({ type }: Pages, row: Row, set: SetTable): SetRow {
  const style = styleOf(row, set);
  const cells = row.cells.map(({ text }, index) => {
    const column = set.columns[index];
    return type.wrap(typeset(text), style, (column?.width ?? 1) - indentOf(row, index), MOST_LINES);
  });
  const lines = Math.max(1, ...cells.map(({ length }) => length));
  const above = row.role === 'group' ? BEFORE_GROUP : 0;
  return { cells, height: lines * style.leading + 2 * PADDING + above, row };
}

const isStrong = ({ role }: Row): boolean => role === 'group' || role === 'total' || role === 'subtotal';

const styleOf = (row: Row, { cell }: SetTable): TextStyle =>
  isStrong(row) ? { ...cell, font: 'semibold' } : cell;

const indentOf = ({ role }: Row, index: number): number => (role === 'inner' && index === 0 ? GAP : 0);

function drawRow(
  pages: Pages,
  { set, head }: LaidOut,
  laid: SetRow,
  x: number,
  y: number,
  isLast: boolean,
): void {
  const { row } = laid;
  const isHead = row === null;
  const style = isHead ? set.head : styleOf(row, set);
  const longest = Math.max(...laid.cells.map(({ length }) => length));
  pages.tags.within('TR', () => {
    laid.cells.forEach((lines, index) => {
      const column = set.columns[index];
      if (column === undefined) return;
      const indent = isHead ? 0 : indentOf(row, index);
      // heads stand on the rule, cells hang from the line above
      const skipped = isHead ? longest - lines.length : 0;
      const above = isHead ? 0 : PADDING + (row.role === 'group' ? BEFORE_GROUP : 0);
      const isRight = column.align === 'right';
      pages.tags.mark(
        isHead ? 'TH' : 'TD',
        () => {
          lines.forEach((line, number) =>
            pages.type.draw(
              line,
              x + column.x + (isRight ? column.width : indent),
              y + above + (skipped + number) * style.leading,
              style,
              column.align,
            ),
          );
        },
        isHead ? { scope: 'Column' } : {},
      );
    });
  });
  const isSum = row?.role === 'total' || row?.role === 'subtotal';
  const strong = isHead || isSum || (isLast && head !== null);
  pages.rule(y + laid.height, strong ? 0.6 : 0.25, strong ? INK.text : INK.row, x, set.width);
}
