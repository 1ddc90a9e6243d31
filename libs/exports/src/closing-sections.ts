import { isComplete, type JsonObject } from '@dawsos/contracts';
import { inWords } from './conventions';
import type { Block, Row, Section, TableBlock } from './model/document';
import { textCell } from './model/printed';
import { notShown } from './model/result-sections';
import { figureOf, gapsOf, methodsOf, notesOf, titlesOf, type StatedMethod } from './model/stated';
import { footerLines, type Report } from './report';

/** On a page that has room for nothing else: by which conventions, and what is not told. */
export function closingNote(report: Report, data: Readonly<Record<string, unknown>>): Section {
  const titles = titlesOf(report.presentation?.panels ?? []);
  const stated = methodsOf(data, titles).filter(({ isShared }) => !isShared);
  const methods = [...new Set(stated.map(({ figure, method }) => `${figure}: ${method}`))];
  const gaps = gapsOf(data, titles).map(({ figure, reason }) => `${figure} (${reason})`);
  const lines = [
    'Returns are net of fees and of taxes withheld. Returns of the past do not tell those to come.',
    ...(methods.length === 0 ? [] : [`${methods.join('. ')}.`]),
    ...(gaps.length === 0 ? [] : [`Not told: ${gaps.join('; ')}.`]),
  ];
  return section('notes', '', null, [note(lines.join(' '))]);
}

/** How the figures are made, what is not told, whose data it is, and what it rests on: in every report. */
export function closingSections(
  report: Report,
  data: Readonly<Record<string, unknown>>,
  body: readonly Section[],
): readonly Section[] {
  const titles = titlesOf(report.presentation?.panels ?? []);
  const gaps = gapsOf(data, titles);
  const methods = methodsOf(data, titles);
  const incomplete = !isComplete(data as JsonObject);
  return [
    ...(methods.length === 0 && notesOf(data).length === 0
      ? []
      : [
          section('methods', 'How each figure is made', null, [
            methodTable(methods),
            ...notesOf(data).map(note),
          ]),
        ]),
    ...(gaps.length === 0 && !incomplete
      ? []
      : [
          section('gaps', 'Gaps', 'figures that are not told, and why', [
            table(
              ['Figure', 'Reason', 'What would tell it'],
              gaps.map(({ figure, reason, remedy }) => [figure, reason, remedy]),
            ),
            ...(incomplete
              ? [note('The result is not complete: figures are missing or rest on a part.')]
              : []),
          ]),
        ]),
    section('sources', 'Sources and rights', null, sourceBlocks(report)),
    section('pins', 'What this report rests on', null, pinBlocks(report, body)),
  ];
}

const section = (id: string, title: string, aside: string | null, blocks: readonly Block[]): Section => ({
  id,
  title,
  aside,
  blocks,
});

const note = (text: string): Block => ({ kind: 'text', role: 'note', text });

function table(titles: readonly string[], rows: readonly (readonly string[])[]): TableBlock {
  return {
    kind: 'table',
    title: null,
    columns: titles.map((title) => ({ title, align: 'left' })),
    rows: rows.map((row): Row => ({ role: 'plain', cells: row.map(textCell) })),
    rowsLeftOut: 0,
  };
}

function sourceBlocks(report: Report): readonly Block[] {
  const figuresOf = new Map<string, string[]>();
  for (const { name, sources } of report.figures) {
    for (const source of sources) figuresOf.set(source, [...(figuresOf.get(source) ?? []), name]);
  }
  const all = report.figures.length;
  const rows = [...figuresOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, figures]) => [source, figures.length === all ? 'every figure' : namesOf(report, figures)]);
  const lines = footerLines(report);
  const passing =
    report.notForRedistribution.length === 0 ? ['No source of this report forbids passing it on.'] : [];
  return [
    ...(rows.length === 0 ? [] : [table(['Source', 'Figures that rest on it'], rows)]),
    ...[...lines, ...passing].map(note),
  ];
}

function methodTable(methods: readonly StatedMethod[]): TableBlock {
  const rows = methods.map(({ figure, method }) => [figure, method, inWords(method)]);
  const hasWords = rows.some(([, , words]) => words !== '');
  return hasWords
    ? table(['Figure', 'As stated with it', 'In words'], rows)
    : table(
        ['Figure', 'As stated with it'],
        rows.map((row) => row.slice(0, 2)),
      );
}

/** By the panels that show them; a figure without one by its own name. */
function namesOf({ presentation }: Report, figures: readonly string[]): string {
  const names = figures.flatMap((figure) => {
    const panels = (presentation?.panels ?? []).filter(({ source }) => figureOf(source) === figure);
    return panels.length === 0 ? [figure] : panels.map(({ section, title }) => section ?? title);
  });
  return [...new Set(names)].join(', ');
}

function pinBlocks(report: Report, body: readonly Section[]): readonly Block[] {
  const others =
    report.presentation === null
      ? []
      : notShown(
          report.presentation,
          report.figures.flatMap((figure) =>
            'blocks' in figure || figure.value === null ? [] : [figure.name],
          ),
        );
  return [
    table(
      ['Pin', 'Value'],
      report.pins.map((pin) => [...pin]),
    ),
    note(
      'The same ledger commit, pack, pattern and inputs give this file byte for byte, on any machine and at any time; it ' +
        'holds no time of day and no number of its run.',
    ),
    ...(others.length === 0 || body.length === 0
      ? []
      : [note(`Also in this result, in its CSV, XLSX and JSON: ${others.join(', ')}.`)]),
  ];
}
