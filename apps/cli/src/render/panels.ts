import { formatCell, pick, type NumberFormat, type PatternDefinition } from '@dawsos/contracts';
import { renderTable } from './table';

type Panel = NonNullable<PatternDefinition['presentation']>['panels'][number];
type PanelColumn = NonNullable<Panel['columns']>[number];

/** A result as its pattern presents it: figures and tables; charts are for the page. */
export function renderPanels(panels: readonly Panel[], data: unknown): readonly string[] {
  return panels.flatMap((panel) => {
    const value = pick(data, panel.source);
    const lines = panelLines(panel, value);
    return lines.length === 0 ? [] : [panel.title, ...lines.map((line) => `  ${line}`), ''];
  });
}

function panelLines(panel: Panel, value: unknown): readonly string[] {
  switch (panel.kind) {
    case 'metrics':
      return isRecord(value) ? metricLines(panel.columns, value) : [];
    case 'table':
      return Array.isArray(value) ? tableLines(panel.columns, value) : [];
    case 'text':
      return value === null || value === undefined ? [] : [formatCell(value, 'text')];
    case 'line':
    case 'pie':
    case 'bar':
    case 'donut':
      return [];
  }
}

function metricLines(
  columns: readonly PanelColumn[] | undefined,
  value: Readonly<Record<string, unknown>>,
): readonly string[] {
  const shown =
    columns ?? scalarFields(value).map((field) => ({ field, title: titleOf(field), format: undefined }));
  const width = Math.max(...shown.map((column) => column.title.length));
  return shown.map(
    (column) => `${column.title.padEnd(width)}  ${cellOf(pick(value, column.field), column.format)}`,
  );
}

function tableLines(
  columns: readonly PanelColumn[] | undefined,
  rows: readonly unknown[],
): readonly string[] {
  const first = rows.find(isRecord);
  if (first === undefined) return ['none'];
  const shown =
    columns ?? scalarFields(first).map((field) => ({ field, title: titleOf(field), format: undefined }));
  return renderTable(
    shown.map(({ title, format }) => ({
      title,
      align: isNumeric(format) ? ('right' as const) : ('left' as const),
    })),
    rows.map((row) => shown.map((column) => cellOf(pick(row, column.field), column.format))),
  );
}

/** An amount `{number, currency}` reads as one cell. */
function cellOf(value: unknown, format: NumberFormat | undefined): string {
  if (isRecord(value) && typeof value['number'] === 'string' && typeof value['currency'] === 'string') {
    return `${formatCell(value['number'], 'money')} ${value['currency']}`;
  }
  return formatCell(value, format);
}

const isNumeric = (format: NumberFormat | undefined) =>
  format === 'decimal' || format === 'money' || format === 'percent';

const scalarFields = (value: Readonly<Record<string, unknown>>) =>
  Object.keys(value).filter((key) => typeof value[key] !== 'object');

const titleOf = (field: string) => field.replaceAll('_', ' ');

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
