import type { Fact, FactsBlock, TableBlock } from '../model/document';
import { textCell } from '../model/printed';
import type { Pages } from './pages';
import type { Prepared } from './prepared';
import { INK, mm, TYPE, type TextStyle } from './theme';
import { typeset } from './type-setter';

const INSET = mm(3);
const PADDING = 5;

/** Four figures abreast at most, each below its title; null where a text is too long to stand so. */
export function prepareFacts(pages: Pages, { facts }: FactsBlock, width: number): Prepared | null {
  const [four, two] = [4, 2].map((most) =>
    gridOf(pages, facts, width, Math.min(most, facts.length), TYPE.fact),
  );
  return (width > pages.half ? four : null) ?? two ?? null;
}

/** Facts whose texts are long: a table of two columns. */
export function factsTable({ title, facts }: FactsBlock): TableBlock {
  return {
    kind: 'table',
    title,
    columns: [
      { title: '', align: 'left' },
      { title: '', align: 'left' },
    ],
    rows: facts.map(({ title: name, cell }) => ({ role: 'plain', cells: [textCell(name), cell] })),
    rowsLeftOut: 0,
  };
}

/** The answer, before all else: as large as it fits. */
export function prepareKeyFigures(pages: Pages, facts: readonly Fact[]): Prepared | null {
  for (const size of [15, 13, 11.5, 10, 8.5]) {
    const grid = gridOf(pages, facts, pages.width, facts.length, { ...TYPE.keyFigure, size });
    if (grid !== null) return grid;
  }
  return null;
}

function gridOf(
  pages: Pages,
  facts: readonly Fact[],
  width: number,
  abreast: number,
  style: TextStyle,
): Prepared | null {
  if (abreast === 0) return null;
  const { type } = pages;
  const column = width / abreast;
  const room = column - INSET - 3;
  const fits = facts.every(({ title, cell, note }) =>
    [
      [typeset(cell.text), style] as const,
      [title, TYPE.keyTitle] as const,
      [typeset(note ?? ''), TYPE.keyTitle] as const,
    ].every(([text, own]) => type.width(text, own) <= room),
  );
  if (!fits) return null;
  const noted = facts.some(({ note }) => note !== null);
  const height = 2 * PADDING + TYPE.keyTitle.leading + style.leading + (noted ? 10.5 : 0);
  const lines = Math.ceil(facts.length / abreast);
  return {
    height: lines * height,
    draw: (x, y) => {
      facts.forEach((fact, index) => {
        const [line, place] = [Math.floor(index / abreast), index % abreast];
        const [left, top] = [x + place * column, y + line * height];
        if (place > 0) drawDivider(pages, left, top, height);
        drawFact(pages, fact, left + (place > 0 ? INSET : 0), top + PADDING, style);
      });
      for (let line = 1; line <= lines; line += 1) pages.rule(y + line * height, 0.35, INK.hair, x, width);
    },
  };
}

function drawDivider({ document, tags }: Pages, x: number, y: number, height: number): void {
  tags.artifact(() => {
    document
      .moveTo(x, y)
      .lineTo(x, y + height)
      .lineWidth(0.35)
      .strokeColor(INK.hair)
      .stroke();
  });
}

function drawFact(
  { type, tags }: Pages,
  { title, cell, note }: Fact,
  x: number,
  y: number,
  style: TextStyle,
): void {
  tags.mark('P', () => {
    type.draw(title, x, y, TYPE.keyTitle);
    type.draw(typeset(cell.text), x, y + TYPE.keyTitle.leading, style);
    if (note !== null)
      type.draw(typeset(note), x, y + TYPE.keyTitle.leading + style.leading - 0.5, TYPE.keyTitle);
  });
}
