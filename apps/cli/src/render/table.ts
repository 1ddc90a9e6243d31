import { escapeControls } from '../terminal/escape-controls';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Lines of a table with a rule below its head; cells are plain text. */
export function renderTable(
  columns: readonly Column[],
  given: readonly (readonly string[])[],
): readonly string[] {
  const rows = given.map((row) => row.map((cell) => escapeControls(cell).replaceAll('\n', '\\n')));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map((column, index) => {
        const cell = cells[index] ?? '';
        const width = widths[index] ?? 0;
        return column.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [
    line(columns.map((column) => column.title)),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...rows.map(line),
  ];
}
