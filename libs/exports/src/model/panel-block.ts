import { Decimal, pick, ZERO, type Panel } from '@dawsos/contracts';
import { bridgeBlock } from './bridge-block';
import type { BarsBlock, Block, Fact, FactsBlock, HistoryBlock, LineBlock } from './document';
import { cellOf, formatOf, GAP_CELL, humanised, isRecord, NO_CELL, numberOf } from './printed';
import { sentence } from './sentence';
import { tableOf } from './table';

export interface PanelSetting {
  readonly baseCurrency: string | null;
  readonly period: { readonly start: string; readonly end: string } | null;
  readonly full: boolean;
  /** Whether the panel's title stands over it already, as its section's. */
  readonly titled: boolean;
}

/** A panel with its figures in place; none where the result has nothing of it. */
export function panelBlock(panel: Panel, data: unknown, setting: PanelSetting): Block | null {
  const value = pick(data, panel.source);
  const block = value === null || value === undefined ? null : blockOf(panel, value, data, setting);
  return block === null ? null : { ...block, width: panel.width ?? 'full' };
}

function blockOf(panel: Panel, value: unknown, data: unknown, setting: PanelSetting): Block | null {
  const { baseCurrency } = setting;
  const found = panel.finding === undefined ? null : sentence(panel.finding, data, baseCurrency);
  const title = found ?? (setting.titled ? null : panel.title);
  switch (panel.kind) {
    case 'text':
      return { kind: 'text', role: 'body', text: cellOf(value, { format: 'text' }).text };
    case 'bridge':
      return bridgeBlock(value, title, baseCurrency) ?? brokenBridge(value, title, setting);
    case 'history':
      return historyOf(panel, value, title, setting) ?? rowsOf(panel, value, title, setting);
    case 'line':
      return lineOf(panel, value, title) ?? rowsOf(panel, value, title, setting);
    case 'bar':
    case 'pie':
    case 'donut':
      return barsOf(panel, value, title, baseCurrency) ?? rowsOf(panel, value, title, setting);
    case 'metrics':
    case 'table':
      return rowsOf(panel, value, title, setting);
  }
}

/** A bridge of which a part is a gap: its parts as a table, with a dash for each that is not told. */
function brokenBridge(value: unknown, title: string | null, setting: PanelSetting): Block | null {
  const [opening, closing, parts] = ['opening', 'closing', 'parts'].map((name) => pick(value, name));
  if (!Array.isArray(parts)) return null;
  const rows = [
    { label: 'Opening value', note: pick(value, 'period.start'), amount: opening },
    ...(parts as readonly unknown[]),
    { label: 'Closing value', note: pick(value, 'period.end'), amount: closing },
  ];
  const columns: Panel['columns'] = [
    { field: 'label', title: 'Part', format: 'text' },
    { field: 'note', title: '', format: 'text' },
    { field: 'amount', title: 'Amount', format: 'money' },
  ];
  return { ...tableOf(columns, rows, {}, setting), title };
}

/** Single values as facts, a list as a table. */
function rowsOf(panel: Panel, value: unknown, title: string | null, setting: PanelSetting): Block | null {
  if (!Array.isArray(value)) return factsOf(panel, value, title, setting.baseCurrency);
  return { ...tableOf(panel.columns, value as readonly unknown[], panel, setting), title };
}

function factsOf(
  { columns, title: panelTitle }: Panel,
  value: unknown,
  title: string | null,
  baseCurrency: string | null,
): FactsBlock {
  if (!isRecord(value)) {
    const fact = {
      title: panelTitle,
      cell: cellOf(value, { format: formatOf(value) }),
      note: null,
    };
    return { kind: 'facts', title, facts: [fact] };
  }
  const shown =
    columns ??
    Object.entries(value)
      .filter(([, member]) => typeof member !== 'object')
      .map(([field, member]) => ({ field, title: humanised(field), format: formatOf(member) }));
  const facts = shown.map(({ field, title: name, format = 'text', ...column }): Fact => {
    const isAmount = format === 'money' || format === 'change';
    const own = 'currency' in column && column.currency !== undefined ? pick(value, column.currency) : null;
    const code = typeof own === 'string' ? own : isAmount ? baseCurrency : null;
    return { title: name, cell: cellOf(pick(value, field), { format, code }), note: null };
  });
  return { kind: 'facts', title, facts };
}

/** `{x, y}` with y in plain digits; null where the value is something else, or too short for a line. */
function lineOf({ columns }: Panel, value: unknown, title: string | null): LineBlock | null {
  if (!Array.isArray(value) || value.length < 2) return null;
  const format = columns?.[0]?.format ?? 'decimal';
  const points = (value as readonly unknown[]).map((point) => ({
    date: pick(point, 'x'),
    number: numberOf(pick(point, 'y')),
  }));
  // a day whose value is a gap is left out of the line
  const told = points.flatMap(({ date, number }) =>
    typeof date === 'string' && number !== null ? [{ date, number }] : [],
  );
  if (told.length < 2 || points.some(({ date }) => typeof date !== 'string')) return null;
  return {
    kind: 'line',
    title,
    format,
    unit: null,
    points: told.map(({ date, number }) => ({ date, cell: cellOf(number.toFixed(), { format }) })),
  };
}

/** Labels of a chart's parts, by the names that capabilities give them. */
const LABELS = ['label', 'key', 'name'] as const;

function barsOf(
  { columns, title: panelTitle, limit }: Panel,
  value: unknown,
  title: string | null,
  unit: string | null,
): BarsBlock | null {
  if (!Array.isArray(value)) return null;
  const field = columns?.[0]?.field ?? 'value';
  const format = columns?.[0]?.format ?? 'money';
  const parts = (value as readonly unknown[]).map((part) => ({
    label: LABELS.map((name) => pick(part, name)).find((label) => typeof label === 'string'),
    number: numberOf(pick(part, field)),
  }));
  const told = parts.flatMap(({ label, number }) => (number === null ? [] : [{ label, number }]));
  if (told.length < parts.length) return null;
  const sorted = told.sort((a, b) => b.number.comparedTo(a.number));
  const most = limit ?? 12;
  const shown = sorted.slice(0, sorted.length <= most + 1 ? sorted.length : most);
  const rest = sorted.slice(shown.length);
  const bars = [
    ...shown,
    ...(rest.length === 0
      ? []
      : [
          {
            label: `${String(rest.length)} others`,
            number: rest.reduce<Decimal>((sum, { number }) => sum.plus(number), ZERO),
          },
        ]),
  ];
  const total = bars.reduce<Decimal>((sum, { number }) => sum.plus(number), ZERO);
  const longest = bars.reduce<Decimal>((most, { number }) => Decimal.max(most, number.abs()), ZERO);
  const isAmount = format === 'money';
  return {
    kind: 'bars',
    title: title ?? panelTitle,
    unit: isAmount ? unit : null,
    bars: bars.map(({ label, number }) => ({
      label: label === undefined ? 'Not classified' : humanised(label),
      cell: cellOf(number.toFixed(), { format, currency: unit }),
      share:
        !isAmount || total.isZero() ? GAP_CELL : cellOf(number.div(total).toFixed(), { format: 'percent' }),
      length: longest.isZero() ? 0 : number.div(longest).toNumber(),
    })),
  };
}

function historyOf(
  { columns }: Panel,
  value: unknown,
  title: string | null,
  { baseCurrency, period }: PanelSetting,
): HistoryBlock | null {
  if (!Array.isArray(value) || value.length < 2) return null;
  const hasFall = columns === undefined || columns.some(({ field }) => field === 'drawdown');
  let paidIn: Decimal | null | undefined;
  const amount = (number: Decimal, format: 'money' | 'change' = 'money') =>
    cellOf(number.toFixed(), { format, currency: baseCurrency });
  const points: HistoryBlock['points'][number][] = [];
  for (const point of value as readonly unknown[]) {
    const [date, number] = [pick(point, 'date'), numberOf(pick(point, 'value'))];
    if (typeof date !== 'string') return null;
    // a day whose value is a gap is left out of the line
    if (number === null) continue;
    const flow = pick(point, 'flow') === undefined ? ZERO : numberOf(pick(point, 'flow'));
    // the opening value stands for what was paid in before; after a flow that is not known, the sum is a gap
    paidIn = paidIn === undefined ? number : paidIn && flow && paidIn.plus(flow);
    // the eve of the first payment, when nothing was there yet
    if (points.length === 0 && number.isZero()) continue;
    points.push({
      date,
      value: amount(number),
      flow: flow === null ? GAP_CELL : amount(flow, 'change'),
      paidIn: paidIn === null ? GAP_CELL : amount(paidIn),
      drawdown: hasFall ? cellOf(pick(point, 'drawdown'), { format: 'percent' }) : NO_CELL,
    });
  }
  if (points.length < 2) return null;
  return { kind: 'history', title, unit: baseCurrency, points, period };
}
