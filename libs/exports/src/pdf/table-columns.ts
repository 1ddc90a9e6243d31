import type { TableBlock } from '../model/document';
import { TYPE, type TextStyle } from './theme';
import { typeset, type TypeSetter } from './type-setter';

/** Between two columns. */
export const GAP = 8.5;
const LEAST_WIDTH = 30;
/** A short text is not broken. */
const KEPT = 72;
/** Sizes that a table with many columns steps down through; below the last, numbers are broken. */
const SCALES = [1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64];

interface SetColumn {
  readonly x: number;
  readonly width: number;
  readonly align: 'left' | 'right';
}

export interface SetTable {
  readonly columns: readonly SetColumn[];
  readonly width: number;
  readonly cell: TextStyle;
  readonly head: TextStyle;
}

/**
 * Numbers are never broken where there is a way around it: columns of text give way first, then the type gets
 * smaller.
 */
export function columnWidths(type: TypeSetter, table: TableBlock, width: number): SetTable {
  for (const scale of SCALES) {
    const set = attempt(type, table, width, scale, false);
    if (set !== undefined) return set;
  }
  const last = attempt(type, table, width, SCALES.at(-1) ?? 1, true);
  if (last === undefined) throw new RangeError('a table without room for its columns');
  return last;
}

function attempt(
  type: TypeSetter,
  { columns, rows }: TableBlock,
  width: number,
  scale: number,
  anyhow: boolean,
): SetTable | undefined {
  const cell = scaled(TYPE.cell, scale);
  const head = scaled({ ...TYPE.head, size: 7.5 }, scale);
  const strong: TextStyle = { ...cell, font: 'semibold' };
  // a result of our making has a dozen columns at most; one of anybody's may have hundreds
  const gap = Math.min(GAP, width / (2 * columns.length));
  const room = width - gap * (columns.length - 1);
  const wished: number[] = [];
  const least: number[] = [];
  columns.forEach(({ title, align }, index) => {
    let [widest, word] = [0, LEAST_WIDTH * scale];
    for (const { cells, role } of rows) {
      const text = typeset(cells[index]?.text ?? '');
      const style = role === 'plain' || role === 'inner' || role === 'rest' ? cell : strong;
      const own = type.width(text, style) + (role === 'inner' && index === 0 ? GAP : 0);
      widest = Math.max(widest, own);
      if (align === 'left')
        word = Math.max(
          word,
          Math.min(wordWidth(type, text, style), 90 * scale),
          Math.min(own, KEPT * scale),
        );
    }
    const titleWidth = wordWidth(type, typeset(title), head);
    wished.push(
      Math.max(widest, Math.min(type.width(typeset(title), head), Math.max(titleWidth, widest, 56))) + 0.5,
    );
    least.push(Math.max(align === 'right' ? widest : Math.min(widest, word), Math.min(titleWidth, 90)) + 0.5);
  });
  const widths = distributed(wished, least, room);
  if (widths === undefined && !anyhow) return undefined;
  const given = widths ?? least.map((need) => (need * room) / sum(least));
  let x = 0;
  return {
    cell,
    head,
    width,
    columns: columns.map(({ align }, index) => {
      const own = given[index] ?? LEAST_WIDTH;
      const column = { x, width: own, align };
      x += own + gap;
      return column;
    }),
  };
}

/** The wished widths, spread over the room that is left; or what lies between least and wished; or nothing. */
function distributed(
  wished: readonly number[],
  least: readonly number[],
  room: number,
): readonly number[] | undefined {
  const all = sum(wished);
  if (all <= room) {
    const extra = (room - all) / wished.length;
    return wished.map((wish) => wish + extra);
  }
  const needed = sum(least);
  if (needed > room) return undefined;
  const share = (room - needed) / (all - needed);
  return wished.map((wish, index) => {
    const own = least[index] ?? wish;
    return own + (wish - own) * share;
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function wordWidth(type: TypeSetter, text: string, style: TextStyle): number {
  return text.split(' ').reduce((widest, word) => Math.max(widest, type.width(word, style)), 0);
}

const scaled = (style: TextStyle, scale: number): TextStyle => ({
  ...style,
  size: style.size * scale,
  leading: style.leading * scale,
});
