import { Decimal, pick, ZERO, type Panel } from '@dawsos/contracts';
import { bridgeBlock } from './bridge-block';
import type { BarsBlock, Block, Fact, FactsBlock, HistoryBlock, LineBlock } from './document';
import { cellOf, formatOf, GAP_CELL, humanised, isRecord, numberOf } from './printed';
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
      return bridgeBlock(value, title, baseCurrency) ?? factsOf(panel, value, title, baseCurrency);
    case 'history':
      return historyOf(value, title, setting) ?? rowsOf(panel, value, title, setting);
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
  const points = (value as readonly unknown[]).map((point) => {
    const [date, number] = [pick(point, 'x'), numberOf(pick(point, 'y'))];
    return typeof date !== 'string' || number === null ? null : { date, number };
  });
  const told = points.filter((point) => point !== null);
  if (told.length < points.length) return null;
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
  value: unknown,
  title: string | null,
  { baseCurrency, period }: PanelSetting,
): HistoryBlock | null {
  if (!Array.isArray(value) || value.length < 2) return null;
  let paidIn: Decimal | null = null;
  const amount = (number: Decimal, format: 'money' | 'change' = 'money') =>
    cellOf(number.toFixed(), { format, currency: baseCurrency });
  const points: HistoryBlock['points'][number][] = [];
  for (const point of value as readonly unknown[]) {
    const [date, number] = [pick(point, 'date'), numberOf(pick(point, 'value'))];
    if (typeof date !== 'string' || number === null) return null;
    const flow = numberOf(pick(point, 'flow')) ?? ZERO;
    // the opening value stands for what was paid in before
    paidIn = paidIn === null ? number : paidIn.plus(flow);
    points.push({
      date,
      value: amount(number),
      flow: amount(flow, 'change'),
      paidIn: amount(paidIn),
      drawdown: cellOf(pick(point, 'drawdown'), { format: 'percent' }),
    });
  }
  return { kind: 'history', title, unit: baseCurrency, points, period };
}
