import { INK, type PdfPage } from './pdf-page';

export interface PdfColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export interface PdfTable {
  readonly columns: readonly PdfColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Rows beyond those that a document for people shows. */
  readonly rowsLeftOut: number;
}

const SIZE = 7;
const PADDING = 3;
const LEAST_WIDTH = 24;
/** Of one row: a longer text ends in an ellipsis; the other formats hold it whole. */
const MAX_ROW_HEIGHT = 120;

/** Draws a table over as many pages as it takes, its header on each. */
export function drawTable(page: PdfPage, table: PdfTable): void {
  const widths = columnWidths(page, table);
  const titles = table.columns.map(({ title }) => title);
  const drawHeader = (): void => {
    if (titles.some((title) => title !== '')) drawRow(page, table, titles, widths, 'bold');
  };
  drawHeader();
  for (const row of table.rows) {
    if (!page.fits(rowHeight(page, row, widths))) {
      page.newPage();
      drawHeader();
    }
    drawRow(page, table, row, widths, 'regular');
  }
  if (table.rowsLeftOut > 0) {
    page.line(`${table.rowsLeftOut} more rows: export as CSV, XLSX or JSON for all of them.`);
  }
}

/** As wide as the widest text where there is room; else the wide columns give way, and their text is wrapped. */
function columnWidths({ document, width }: PdfPage, { columns, rows }: PdfTable): readonly number[] {
  const wished = columns.map(({ title }, index) => {
    document.font('bold').fontSize(SIZE);
    let widest = document.widthOfString(title);
    document.font('regular');
    for (const row of rows) widest = Math.max(widest, document.widthOfString(row[index] ?? ''));
    return widest + 2 * PADDING + 1;
  });
  let cap = Math.max(...wished);
  const total = (): number => wished.reduce((sum, wish) => sum + Math.min(wish, cap), 0);
  while (total() > width && cap > LEAST_WIDTH) cap -= 1;
  const scale = Math.min(1, width / total());
  return wished.map((wish) => Math.min(wish, cap) * scale);
}

function rowHeight({ document }: PdfPage, row: readonly string[], widths: readonly number[]): number {
  document.font('regular').fontSize(SIZE);
  const heights = row.map((text, index) =>
    document.heightOfString(text || ' ', { width: inner(widths[index]) }),
  );
  return Math.min(MAX_ROW_HEIGHT, Math.max(...heights)) + 2 * PADDING;
}

const inner = (width = LEAST_WIDTH): number => Math.max(4, width - 2 * PADDING);

function drawRow(
  page: PdfPage,
  { columns }: PdfTable,
  row: readonly string[],
  widths: readonly number[],
  font: 'bold' | 'regular',
): void {
  const { document, left } = page;
  const height = rowHeight(page, row, widths);
  const y = page.take(height);
  document.font(font).fontSize(SIZE).fillColor(INK.text);
  let x = left;
  row.forEach((text, index) => {
    const column = widths[index] ?? LEAST_WIDTH;
    document.text(text, x + PADDING, y + PADDING, {
      width: inner(column),
      height: height - 2 * PADDING + 1,
      align: columns[index]?.align ?? 'left',
      ellipsis: true,
    });
    x += column;
  });
  document
    .moveTo(left, y + height)
    .lineTo(x, y + height)
    .lineWidth(font === 'bold' ? 0.8 : 0.25)
    .strokeColor(INK.rule)
    .stroke();
}
