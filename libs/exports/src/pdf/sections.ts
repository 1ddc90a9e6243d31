import type { Block, Section } from '../model/document';
import { prepareBars } from './bars';
import { prepareBridge, startOfBars } from './bridge-chart';
import { factsTable, prepareFacts } from './facts';
import { prepareHistory } from './history-chart';
import { prepareLine } from './line-chart';
import type { Pages } from './pages';
import type { Prepared } from './prepared';
import { drawTable, leadOf, prepareTable } from './table';
import { GUTTER, INK, mm, TYPE } from './theme';
import { typeset } from './type-setter';
import { formatNumber } from '@dawsos/contracts';

const SPACE = { section: mm(8), block: 12, note: 4 };
/** A half block may not be higher: it would leave the other side of the page empty. */
const MOST_HALF = 420;

/** Draws a section; gives the number of the page that it begins on. */
export function drawSection(pages: Pages, section: Section, space = SPACE.section): number {
  const { aside, title } = section;
  let first = pages.number;
  pages.tags.within('Sect', () => {
    const rows = rowsOf(section.blocks);
    const lead =
      headHeight(pages, section) +
      (rows[0] === undefined ? 0 : leadOfRow(pages, rows[0]) + tailOf(pages, rows.slice(1)));
    pages.space(space);
    if (lead > pages.room && !pages.isAtTop && lead < pages.wholeRoom) pages.newPage();
    first = pages.number;
    if (title !== '') pages.sectionHead(title, aside);
    rows.forEach((row, index) => {
      if (index > 0) pages.space(isNote(row) ? SPACE.note : SPACE.block);
      drawRow(pages, row, tailOf(pages, rows.slice(index + 1)));
    });
  });
  return first;
}

const headHeight = (pages: Pages, { title }: Section): number =>
  11 + TYPE.section.leading * pages.type.wrap(title, TYPE.section, pages.width * 0.6, 3).length;

type BlockRow = readonly Block[];

const isNote = (row: BlockRow): boolean =>
  row.every((block) => block.kind === 'text' && block.role === 'note');

const isHalf = (block: Block): boolean => block.width === 'half' && block.kind !== 'text';

/** Half blocks that follow one another stand in two columns; all else has the whole width. */
function rowsOf(blocks: readonly Block[]): readonly BlockRow[] {
  const rows: Block[][] = [];
  for (const block of blocks) {
    const last = rows.at(-1);
    if (isHalf(block) && last?.[0] !== undefined && isHalf(last[0])) last.push(block);
    else rows.push([block]);
  }
  return rows;
}

function leadOfRow(pages: Pages, row: BlockRow): number {
  const [block] = row;
  if (block === undefined) return 0;
  const halves = prepareHalves(pages, row);
  if (halves !== null) return halves.height;
  const title = 'title' in block && block.title !== null ? TYPE.block.leading + 4 : 0;
  if (block.kind === 'table') return title + leadOf(pages, block, pages.width);
  const prepared = prepareWhole(pages, block, pages.width);
  return title + (prepared?.height ?? 2 * TYPE.body.leading);
}

/** A note stays with what it is about: the height of those that follow at once. */
function tailOf(pages: Pages, rows: readonly BlockRow[]): number {
  let height = 0;
  for (const row of rows) {
    const [block] = row;
    if (block?.kind !== 'text' || block.role !== 'note') break;
    height += SPACE.note + TYPE.note.leading * pages.type.wrap(block.text, TYPE.note, pages.width).length;
  }
  return Math.min(height, 80);
}

function drawRow(pages: Pages, row: BlockRow, tail: number): void {
  const halves = prepareHalves(pages, row);
  if (halves !== null) {
    if (!pages.fits(halves.height + tail)) pages.newPage();
    halves.draw(pages.left, pages.take(halves.height));
  } else for (const block of row) drawWhole(pages, block, tail);
}

/** Each block goes below the shorter column. Null where the row is no row of halves, or too high for one. */
function prepareHalves(pages: Pages, row: BlockRow): Prepared | null {
  if (row[0] === undefined || !isHalf(row[0])) return null;
  const columns: [number, number] = [0, 0];
  const placed: { readonly block: Prepared; readonly column: 0 | 1; readonly y: number }[] = [];
  for (const block of row) {
    const prepared =
      block.kind === 'table' && block.rowsLeftOut === 0
        ? prepareTable(pages, block, pages.half)
        : prepareWhole(pages, block, pages.half);
    if (prepared === null) return null;
    const half = titled(pages, block, prepared, pages.half);
    const column = columns[0] <= columns[1] ? 0 : 1;
    const y = columns[column] === 0 ? 0 : columns[column] + SPACE.block;
    placed.push({ block: half, column, y });
    columns[column] = y + half.height;
  }
  const height = Math.max(...columns);
  if (height > MOST_HALF) return null;
  return {
    height,
    draw: (x, y) => {
      for (const { block, column, y: below } of placed)
        block.draw(x + column * (pages.half + GUTTER), y + below);
    },
  };
}

function titled(pages: Pages, block: Block, prepared: Prepared, width: number): Prepared {
  const title = 'title' in block ? block.title : null;
  if (title === null) return prepared;
  const lines = pages.type.wrap(typeset(title), TYPE.block, width, 2);
  const above = lines.length * TYPE.block.leading + 4;
  return {
    height: above + prepared.height,
    draw: (x, y) => {
      pages.tags.mark('H3', () =>
        lines.forEach((line, index) => pages.type.draw(line, x, y + index * TYPE.block.leading, TYPE.block)),
      );
      prepared.draw(x, y + above);
    },
  };
}

function drawWhole(pages: Pages, block: Block, tail: number): void {
  switch (block.kind) {
    case 'text':
      drawText(pages, block);
      return;
    case 'table':
      drawTitle(pages, block.title, leadOf(pages, block, pages.width));
      if (block.rows.length === 0) pages.paragraph('None.', TYPE.body);
      else drawTable(pages, block, tail);
      if (block.rowsLeftOut > 0) {
        pages.space(SPACE.note);
        const rows = formatNumber(String(block.rowsLeftOut), 0);
        pages.paragraph(`${rows} more rows: export as CSV, XLSX or JSON for all of them.`, TYPE.note);
      }
      return;
    case 'facts':
    case 'bars':
    case 'line':
    case 'history':
    case 'bridge': {
      const prepared = prepareWhole(pages, block, pages.width);
      if (prepared === null) {
        if (block.kind === 'facts') drawWhole(pages, factsTable(block), tail);
        return;
      }
      const whole = titled(pages, block, prepared, pages.width);
      if (!pages.fits(whole.height + tail)) pages.newPage();
      whole.draw(pages.left, pages.take(whole.height));
      if (block.kind === 'bridge') drawBridgeNote(pages, startOfBars(block));
    }
  }
}

function prepareWhole(pages: Pages, block: Block, width: number): Prepared | null {
  switch (block.kind) {
    case 'facts':
      return prepareFacts(pages, block, width);
    case 'bars':
      return prepareBars(pages, block, width);
    case 'line':
      return prepareLine(pages, block, width);
    case 'history':
      return prepareHistory(pages, block, width);
    case 'bridge':
      return width < pages.width ? null : prepareBridge(pages, block, width);
    case 'table':
    case 'text':
      return null;
  }
}

/** A title stays with what it stands over. */
function drawTitle(pages: Pages, title: string | null, lead: number): void {
  if (title === null) return;
  const lines = pages.type.wrap(typeset(title), TYPE.block, pages.width, 2);
  const height = lines.length * TYPE.block.leading + 4;
  if (height + lead > pages.room && !pages.isAtTop && height + lead < pages.wholeRoom) pages.newPage();
  const y = pages.take(height);
  pages.tags.mark('H3', () =>
    lines.forEach((line, index) =>
      pages.type.draw(line, pages.left, y + index * TYPE.block.leading, TYPE.block),
    ),
  );
}

function drawText(pages: Pages, { text, role }: Extract<Block, { kind: 'text' }>): void {
  switch (role) {
    case 'note':
      pages.paragraph(text, TYPE.note);
      return;
    case 'body':
      pages.paragraph(text, TYPE.body);
      return;
    case 'code':
      pages.paragraph(text, TYPE.cell, { tag: 'Code', left: pages.left + 11, width: pages.width - 11 });
      return;
    case 'withheld': {
      // a tint, since nothing else on the page has one: what is missing is seen
      const lines = pages.type.wrap(typeset(text), TYPE.body, pages.width - 16, 40);
      const height = lines.length * TYPE.body.leading + 12;
      const y = pages.take(height);
      pages.tags.artifact(() => {
        pages.document.rect(pages.left, y, pages.width, height).fill(INK.tint);
      });
      pages.tags.mark('P', () =>
        lines.forEach((line, index) =>
          pages.type.draw(line, pages.left + 8, y + 6 + index * TYPE.body.leading, {
            ...TYPE.body,
            color: INK.muted,
          }),
        ),
      );
    }
  }
}

function drawBridgeNote(pages: Pages, low: number): void {
  const begin =
    low > 0
      ? `The bars begin at ${formatNumber(low.toFixed(0), 0)}, as the cut in the two totals shows; `
      : '';
  const bars = 'filled bars were earned, the light one was paid in, hollow ones took away.';
  pages.paragraph(begin === '' ? bars.charAt(0).toUpperCase() + bars.slice(1) : begin + bars, TYPE.note);
}
