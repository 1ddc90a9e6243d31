/** Millimetres as points. */
export const mm = (length: number): number => (length * 72) / 25.4;

export const PAGE = { width: 595.28, height: 841.89 };
export const MARGIN = { side: mm(20), top: mm(22), bottom: mm(26), head: mm(12.5), foot: mm(10.5) };
export const TEXT_WIDTH = PAGE.width - 2 * MARGIN.side;
/** Between two half blocks that stand side by side. */
export const GUTTER = mm(10);

/** Light on ink: one accent, no boxes. It holds in grey: bars differ by fill, lines by dash. */
export const INK = {
  text: '#1a1f27',
  muted: '#505968',
  hair: '#c4c9d1',
  row: '#dde0e5',
  grid: '#d5d9df',
  tint: '#eef1f5',
  accent: '#0b5cad',
  paid: '#9aa3af',
  mark: '#808080',
  paper: '#ffffff',
} as const;

export type FontName = 'regular' | 'semibold';

export interface TextStyle {
  readonly font: FontName;
  readonly size: number;
  readonly leading: number;
  readonly color: string;
}

const style = (font: FontName, size: number, leading: number, color: string = INK.text): TextStyle => ({
  font,
  size,
  leading,
  color,
});

export const TYPE = {
  kind: style('semibold', 8.5, 12, INK.accent),
  name: style('semibold', 23, 27),
  owner: style('regular', 9.5, 13, INK.muted),
  lead: style('regular', 10, 15),
  body: style('regular', 9, 13),
  section: style('semibold', 11.5, 15),
  aside: style('regular', 7.75, 11, INK.muted),
  block: style('semibold', 8.5, 12),
  note: style('regular', 7.25, 10, INK.muted),
  keyTitle: style('regular', 7.75, 11, INK.muted),
  keyFigure: style('semibold', 15, 19),
  keyCode: style('regular', 8.5, 19, INK.muted),
  fact: style('semibold', 10.5, 14),
  aboutLabel: style('regular', 8.25, 12.5, INK.muted),
  about: style('regular', 8.25, 12.5),
  head: style('regular', 7.5, 10, INK.muted),
  foot: style('regular', 6.75, 9, INK.muted),
  cell: style('regular', 8.25, 11),
  label: style('regular', 7.25, 9, INK.muted),
  labelStrong: style('semibold', 7.25, 9),
  labelInk: style('regular', 7.25, 9),
} as const;
