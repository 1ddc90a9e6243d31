import { formatCell, isIsoDate, pick, type NumberFormat } from '@dawsos/contracts';
import type { PdfColumn, PdfTable } from './pdf-table';
import type { Panel } from './report';
import type { Section } from './sections';

type PanelColumn = NonNullable<Panel['columns']>[number];

/** A document is for people: past this, they take another format. */
const MAX_PANEL_ROWS = 500;
/** Of a figure that the pattern does not present: enough to see what it is. */
const MAX_SECTION_ROWS = 20;

/** A panel as a table: single values one below the other, a list as rows. */
export function panelTable(panel: Panel, value: unknown): PdfTable {
  if (panel.kind === 'text')
    return facts(value === null || value === undefined ? [] : [['', formatCell(value, 'text')]]);
  if (!Array.isArray(value)) {
    const record = isRecord(value) ? value : {};
    return facts(
      shownColumns(panel.columns, record).map(({ title, field, format }) => [
        title,
        cellText(pick(record, field), format),
      ]),
    );
  }
  const rows = value as readonly unknown[];
  const first = rows.find(isRecord) ?? {};
  const columns = shownColumns(panel.columns, first);
  return {
    columns: columns.map(({ title, format }): PdfColumn => ({
      title,
      align: isNumeric(format) ? 'right' : 'left',
    })),
    rows: rows
      .slice(0, MAX_PANEL_ROWS)
      .map((row) => columns.map(({ field, format }) => cellText(pick(row, field), format))),
    rowsLeftOut: Math.max(0, rows.length - MAX_PANEL_ROWS),
  };
}

/** A figure's table as it is, where the pattern says nothing of how to show it. */
export function sectionTable({ columns, rows }: Section): PdfTable {
  const numeric = columns.map((_, index) => rows.some((row) => row[index]?.kind === 'number'));
  return {
    columns: columns.map((title, index) => ({ title, align: numeric[index] === true ? 'right' : 'left' })),
    rows: rows.slice(0, MAX_SECTION_ROWS).map((row) => row.map(({ text }) => text)),
    rowsLeftOut: Math.max(0, rows.length - MAX_SECTION_ROWS),
  };
}

function facts(rows: PdfTable['rows']): PdfTable {
  return {
    columns: [
      { title: '', align: 'left' },
      { title: '', align: 'right' },
    ],
    rows,
    rowsLeftOut: 0,
  };
}

/** Without columns, a panel shows the single values that it finds. */
function shownColumns(
  columns: readonly PanelColumn[] | undefined,
  record: Readonly<Record<string, unknown>>,
): readonly PanelColumn[] {
  if (columns !== undefined) return columns;
  return Object.entries(record)
    .filter(([, value]) => typeof value !== 'object')
    .map(([field, value]) => ({ field, title: field.replaceAll('_', ' '), ...formatOf(value) }));
}

function formatOf(value: unknown): { readonly format?: NumberFormat } {
  if (typeof value === 'number') return { format: 'decimal' };
  if (typeof value !== 'string' || isIsoDate(value)) return {};
  return /^-?\d+(\.\d+)?$/.test(value) ? { format: 'decimal' } : {};
}

/** An amount `{number, currency}` reads as one cell. */
function cellText(value: unknown, format: NumberFormat | undefined): string {
  if (isRecord(value) && typeof value['number'] === 'string' && typeof value['currency'] === 'string') {
    return `${formatCell(value['number'], 'money')} ${value['currency']}`;
  }
  return formatCell(value, format);
}

const isNumeric = (format: NumberFormat | undefined): boolean =>
  format === 'decimal' || format === 'money' || format === 'percent';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
