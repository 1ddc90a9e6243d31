import type { Panel, Presentation } from '@dawsos/contracts';
import {
  answerOf,
  gapsOf,
  methodsOf,
  notesOf,
  resultSections,
  surroundingsOf,
  titlesOf,
  type Answer,
  type BarsBlock,
  type Block,
  type BridgeBlock,
  type FactsBlock,
  type TableBlock,
} from '@dawsos/exports/model';
import { renderTable } from './table';

/**
 * A result as its pattern presents it: the answer, figures, tables and what charts show of parts; lines over time are
 * for the page. Then what is not told, and by which conventions the rest is made.
 */
export function renderResult(presentation: Presentation | undefined, data: unknown): readonly string[] {
  const panels = presentation?.panels ?? [];
  const figures = isRecord(data) ? data : {};
  const around = surroundingsOf(Object.values(figures));
  const drawn = panels.filter(({ kind }) => kind !== 'line' && kind !== 'history');
  const sections = resultSections({ panels: drawn }, figures, { around, full: false, withheld: new Map() });
  const shown = sections.flatMap(({ title, blocks }) => {
    const lines = blocks.flatMap(blockLines);
    return lines.length === 0 ? [] : under(title, lines);
  });
  return [
    ...answerLines(answerOf(presentation ?? {}, figures, around)),
    ...shown,
    ...closingLines(panels, figures),
  ];
}

function answerLines({ keyFigures, summary }: Answer): readonly string[] {
  const width = keyFigures.reduce((widest, { title }) => Math.max(widest, title.length), 0);
  const lines = keyFigures.map(
    ({ title, cell, note }) => `${title.padEnd(width)}  ${cell.text}${note === null ? '' : `  ${note}`}`,
  );
  return [...(lines.length === 0 ? [] : [...lines, '']), ...(summary === '' ? [] : [summary, ''])];
}

const under = (title: string, lines: readonly string[]): readonly string[] => [
  title,
  ...lines.map((line) => (line === '' ? '' : `  ${line}`)),
  '',
];

function closingLines(
  panels: readonly Panel[],
  figures: Readonly<Record<string, unknown>>,
): readonly string[] {
  const titles = titlesOf(panels);
  const gaps = gapsOf(figures, titles).map(({ figure, reason, remedy }) =>
    [figure, reason, remedy].filter((text) => text !== '').join('  '),
  );
  const notes = notesOf(figures);
  const methods = methodsOf(figures, titles).map(({ figure, method }) => `${figure}: ${method}`);
  return [
    ...(gaps.length === 0 ? [] : under('Gaps', gaps)),
    ...(methods.length === 0 ? [] : under('Conventions', methods)),
    ...(notes.length === 0 ? [] : under('Notes', notes)),
  ];
}

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'facts':
      return titled(block.title, factLines(block));
    case 'table':
      return titled(block.title, tableLines(block));
    case 'bars':
      return titled(block.title, barLines(block));
    case 'bridge':
      return titled(block.title, bridgeLines(block));
    case 'text':
      return block.role === 'note' ? [] : [block.text];
    case 'line':
    case 'history':
      return [];
  }
}

const titled = (title: string | null, lines: readonly string[]): readonly string[] =>
  title === null || lines.length === 0 ? lines : [title, ...lines.map((line) => `  ${line}`)];

function factLines({ facts }: FactsBlock): readonly string[] {
  const width = facts.reduce((widest, { title }) => Math.max(widest, title.length), 0);
  return facts.map(({ title, cell }) => `${title.padEnd(width)}  ${cell.text}`);
}

function tableLines({ columns, rows, rowsLeftOut }: TableBlock): readonly string[] {
  if (rows.length === 0) return ['none'];
  const lines = renderTable(
    columns,
    rows.map(({ cells, role }) =>
      cells.map(({ text }, index) => (role === 'inner' && index === 0 ? `  ${text}` : text)),
    ),
  );
  return rowsLeftOut === 0
    ? lines
    : [...lines, `${String(rowsLeftOut)} more rows: dawsos export RUN has them`];
}

function barLines({ bars }: BarsBlock): readonly string[] {
  return renderTable(
    [
      { title: '', align: 'left' },
      { title: '', align: 'right' },
    ],
    bars.map(({ label, cell, share }) => [label, share.value.kind === 'none' ? cell.text : share.text]),
  ).slice(2);
}

function bridgeLines({ parts, unit }: BridgeBlock): readonly string[] {
  return renderTable(
    [
      { title: '', align: 'left' },
      { title: unit ?? '', align: 'right' },
      { title: '', align: 'left' },
    ],
    parts.map(({ label, cell, note }) => [label, cell.text, note]),
  ).slice(2);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
