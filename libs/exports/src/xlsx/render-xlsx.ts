import { unzipSync, zipSync } from 'fflate';
import type { Row, Sheet } from 'write-excel-file/node';
import { documentOf } from '../document';
import type { Block, ReportDocument, Section } from '../model/document';
import { textCell } from '../model/printed';
import { figureOf } from '../model/stated';
import { footerLines, type Report } from '../report';
import { sectionsOf } from '../sections';
import { blockRows } from './block-rows';
import { bold, figureCell, head, mark, quiet, sheetCell, text } from './sheet-cells';

const MAX_SHEET_NAME = 31;
/** The zip format's first day, so that equal workbooks are equal bytes. */
const FIRST_DAY = new Date(1980, 0, 1);
const COLUMN_WIDTHS = { least: 10, most: 60 };

interface Page {
  readonly title: string;
  readonly head: Row;
  readonly rows: readonly Row[];
}

/**
 * The report as a workbook: a summary, a sheet for each table and chart of the document, one for each figure that the
 * pattern does not show, then what it rests on. Numbers are those of a spreadsheet, IEEE doubles: CSV and JSON hold
 * all digits.
 */
export async function renderXlsx(report: Report): Promise<Buffer> {
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const document = documentOf(report, { full: true });
  const pages = [
    summaryPage(report, document),
    ...document.sections.flatMap(sectionPages),
    ...barePages(report),
  ];
  const names = new Set<string>();
  const sheets = pages.map((page) => sheetOf(report, page, nameFor(page.title, names)));
  return atFixedTime(await writeXlsxFile(sheets).toBuffer());
}

/** Watermarks before all else, the column heads frozen below them, attributions last. */
function sheetOf(report: Report, { head: heads, rows }: Page, sheet: string): Sheet<never> {
  const marks = report.watermarks.map((line): Row => [mark(line)]);
  const lines = footerLines(report);
  const feet: Row[] = lines.length === 0 ? [] : [[], ...lines.map((line): Row => [quiet(line)])];
  const data = [...marks, heads, ...rows, ...feet];
  return {
    sheet,
    data,
    columns: widthsOf([heads, ...rows]),
    stickyRowsCount: marks.length + 1,
    showGridLines: false,
  };
}

/** What it is about, and every single figure under its section's name. */
function summaryPage(report: Report, document: ReportDocument): Page {
  const line = (section: string, name: string, cell: Row[number]): Row => [text(section), text(name), cell];
  return {
    title: 'Summary',
    head: [head('Section', 'left'), head('Figure', 'left'), head('Value', 'right')],
    rows: [
      line('', 'Report', bold(report.title)),
      line('', 'Name', bold(document.name)),
      ...(document.owner === null ? [] : [line('', 'Owner', text(document.owner))]),
      ...document.about.map(([label, value]) => line('', label, sheetCell(textCell(value)))),
      ...document.keyFigures.map(({ title, cell }) => line('Key figures', title, sheetCell(cell))),
      ...document.sections.flatMap(({ title, blocks }) =>
        blocks.flatMap((block): Row[] =>
          block.kind === 'facts'
            ? block.facts.map((fact) => line(block.title ?? title, fact.title, sheetCell(fact.cell)))
            : block.kind === 'text' && block.role === 'withheld'
              ? [line(title, block.text, null)]
              : [],
        ),
      ),
    ],
  };
}

function sectionPages({ title, blocks }: Section): readonly Page[] {
  const tables = blocks.filter(isTable);
  const notes = blocks.flatMap((block) =>
    block.kind === 'text' && block.role === 'note' ? [block.text] : [],
  );
  return tables.map((block, index) => {
    const { head: heads, rows } = blockRows(block);
    const own = block.title === null || tables.length === 1 ? title : `${title}, ${block.title}`;
    const feet = index < tables.length - 1 ? [] : notes;
    return {
      title: own,
      head: heads,
      rows: [...rows, ...(feet.length === 0 ? [] : [[], ...feet.map((note): Row => [quiet(note)])])],
    };
  });
}

const isTable = (block: Block): block is Exclude<Block, { kind: 'facts' } | { kind: 'text' }> =>
  block.kind !== 'facts' && block.kind !== 'text';

/** Figures that no panel shows, whole. */
function barePages({ figures, presentation }: Report): readonly Page[] {
  const shown = new Set(presentation?.panels.map(({ source }) => figureOf(source)));
  return figures.flatMap((figure) =>
    'blocks' in figure || figure.value === null || shown.has(figure.name)
      ? []
      : sectionsOf(figure.name, figure.value).map(({ title, columns, rows }) => ({
          title,
          head: columns.map((name) => head(name, 'left')),
          rows: rows.map((row) => row.map(figureCell)),
        })),
  );
}

function widthsOf(rows: readonly Row[]): { width: number }[] {
  const widths: number[] = [];
  for (const row of rows.slice(0, 200)) {
    // a line of its own may run over the cells beside it
    if (row.length === 1) continue;
    row.forEach((cell, index) => {
      const value = cell !== null && typeof cell === 'object' && 'value' in cell ? cell.value : '';
      const length = value instanceof Date ? 10 : typeof value === 'number' ? 14 : String(value).length;
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
  const base =
    title
      .replaceAll(/[[\]:*?/\\]/g, ' ')
      .replaceAll(/^'|'$/g, ' ')
      .trim() || 'Figures';
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
