import { unzipSync, zipSync } from 'fflate';
import type { CellObject, Row, Sheet } from 'write-excel-file/node';
import type { Cell } from './cell';
import { footerLines, gapNotice, type Report } from './report';
import { sectionsOf, type Section } from './sections';

const MAX_SHEET_NAME = 31;
/** Of one cell, by the format. */
const MAX_TEXT = 32_767;
/** The zip format's first day, so that equal workbooks are equal bytes. */
const FIRST_DAY = new Date(1980, 0, 1);
const COLUMN_WIDTHS = { least: 8, most: 48 };

/**
 * The report as a workbook: a sheet that says what it is, then a sheet a table. Cells are typed: text is never a
 * formula, whatever it starts with. Numbers are those of a spreadsheet, IEEE doubles: CSV and JSON hold all digits.
 */
export async function renderXlsx(report: Report): Promise<Buffer> {
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const names = new Set<string>();
  const sheets = [
    sheetOf(aboutRows(report), nameFor('About', names)),
    ...report.figures.flatMap((figure) =>
      'blocks' in figure
        ? [sheetOf([[text(gapNotice(figure.blocks))]], nameFor(figure.name, names))]
        : sectionsOf(figure.name, figure.value).map((section) =>
            sheetOf(sectionRows(report, section), nameFor(section.title, names)),
          ),
    ),
  ];
  return atFixedTime(await writeXlsxFile(sheets).toBuffer());
}

function sheetOf(data: Row[], sheet: string): Sheet<never> {
  return { sheet, data, columns: widthsOf(data) };
}

function aboutRows(report: Report): Row[] {
  return [
    [bold(report.title)],
    ...watermarkRows(report),
    ...report.pins.map(([label, value]) => [text(label), text(value)]),
    ...footerRows(report),
  ];
}

function sectionRows(report: Report, { columns, rows }: Section): Row[] {
  return [
    ...watermarkRows(report),
    columns.map(bold),
    ...rows.map((row) => row.map(typed)),
    ...footerRows(report),
  ];
}

const watermarkRows = (report: Report): Row[] =>
  report.watermarks.map((mark) => [{ ...text(mark), textColor: '#888888', fontWeight: 'bold' as const }]);

const footerRows = (report: Report): Row[] => {
  const lines = footerLines(report);
  return lines.length === 0 ? [] : [[], ...lines.map((line) => [{ ...text(line), textColor: '#888888' }])];
};

function typed(cell: Cell): CellObject | null {
  switch (cell.kind) {
    case 'none':
      return null;
    case 'number':
      return { type: Number, value: Number(cell.text) };
    case 'date':
      return { type: Date, value: new Date(`${cell.text}T00:00:00Z`), format: 'yyyy-mm-dd' };
    case 'text':
      return text(cell.text);
  }
}

/** What XML cannot hold is shown as U+FFFD. */
function text(value: string): CellObject {
  const clean = value.toWellFormed().replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd');
  return { type: String, value: clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT - 1)}…` : clean };
}

const bold = (value: string): CellObject => ({ ...text(value), fontWeight: 'bold' });

function widthsOf(rows: readonly Row[]): { width: number }[] {
  const widths: number[] = [];
  for (const row of rows.slice(0, 200)) {
    // a line of its own may run over the cells beside it
    if (row.length === 1) continue;
    row.forEach((cell, index) => {
      const value = cell !== null && typeof cell === 'object' && 'value' in cell ? cell.value : '';
      const length = value instanceof Date ? 10 : String(value).length;
      widths[index] = Math.max(
        widths[index] ?? COLUMN_WIDTHS.least,
        Math.min(length + 2, COLUMN_WIDTHS.most),
      );
    });
  }
  return widths.map((width) => ({ width }));
}

/** At most 31 characters, none of those that the format forbids, and each name once. */
function nameFor(title: string, taken: Set<string>): string {
  const base = title.replaceAll(/[[\]:*?/\\]/g, ' ').replaceAll(/^'|'$/g, ' ');
  let name = base.slice(0, MAX_SHEET_NAME);
  for (let n = 2; taken.has(name.toLowerCase()); n += 1) {
    const suffix = ` ${n}`;
    name = base.slice(0, MAX_SHEET_NAME - suffix.length) + suffix;
  }
  taken.add(name.toLowerCase());
  return name;
}

function atFixedTime(workbook: Uint8Array): Buffer {
  const files = unzipSync(workbook);
  const sorted = Object.keys(files).sort((a, b) => first(a) - first(b) || (a < b ? -1 : 1));
  return Buffer.from(
    zipSync(Object.fromEntries(sorted.flatMap((name) => (files[name] ? [[name, files[name]]] : []))), {
      mtime: FIRST_DAY,
    }),
  );
}

/** Readers that look at the first entry to tell what a zip holds expect this one. */
const first = (name: string): number => (name === '[Content_Types].xml' ? 0 : 1);
