import type { BridgeBlock, BridgePart } from '../model/document';
import { numberTicks } from './axis';
import type { Pages } from './pages';
import type { Prepared } from './prepared';
import { INK, mm, TYPE, type TextStyle } from './theme';
import { typeset } from './type-setter';

const LINE = 19;
const BAR = 11;
const TABLE = mm(92);
const HEAD = 12;
const LABEL: TextStyle = { ...TYPE.cell, leading: LINE };
const STRONG: TextStyle = { ...LABEL, font: 'semibold' };
const QUIET: TextStyle = { ...LABEL, color: INK.muted, size: 7.75 };

interface Step {
  readonly from: number;
  readonly to: number;
  readonly part: BridgePart;
}

/** From opening to closing value: a table, and beside each row what it adds or takes away. */
export function prepareBridge(pages: Pages, { parts }: BridgeBlock, width: number): Prepared {
  return {
    height: HEAD + parts.length * LINE + 4,
    draw: (x, y) => {
      drawParts(pages, parts, x, y + HEAD);
      drawBars(pages, stepsOf(parts), { left: x + TABLE + mm(6), right: x + width, top: y + HEAD });
    },
  };
}

export function startOfBars({ parts }: BridgeBlock): number {
  return rangeOf(stepsOf(parts)).low;
}

function drawParts(pages: Pages, parts: readonly BridgePart[], x: number, y: number): void {
  const { type, tags } = pages;
  const labelWidth = parts.reduce((most, { label }) => Math.max(most, type.width(label, STRONG)), 0) + 8;
  tags.within('Table', () => {
    parts.forEach(({ label, note, cell, role }, index) => {
      const top = y + index * LINE;
      const style = role === 'total' ? STRONG : LABEL;
      const text = typeset(cell.text);
      const room = TABLE - labelWidth - type.width(text, style) - 6;
      tags.within('TR', () => {
        tags.mark('TH', () => type.draw(label, x, top, style), { scope: 'Row' });
        tags.mark('TD', () => type.draw(type.cut(note, QUIET, room), x + labelWidth, top, QUIET));
        tags.mark('TD', () => type.draw(text, x + TABLE, top, style, 'right'));
      });
      if (index < parts.length - 1) pages.rule(top + LINE, 0.25, INK.row, x, TABLE);
    });
  });
}

function stepsOf(parts: readonly BridgePart[]): readonly Step[] {
  let at = 0;
  return parts.map((part) => {
    const amount = part.cell.value.kind === 'number' ? Number(part.cell.value.exact) : 0;
    const from = part.role === 'total' ? 0 : at;
    at = from + amount;
    return { from, to: at, part };
  });
}

/** Bars may begin above zero, where all else would be a hair's breadth; the cut in the totals shows it. */
function rangeOf(steps: readonly Step[]): { readonly low: number; readonly high: number } {
  const ends = steps.map(({ to }) => to);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const spread = most - least;
  if (least <= 0 || spread > 0.35 * most) {
    return { low: Math.min(0, least), high: Math.max(0, most) };
  }
  const ticks = numberTicks(least - 0.15 * (spread || most), most, 4);
  return { low: Math.max(0, ticks[0]?.at ?? 0), high: most };
}

function drawBars(
  pages: Pages,
  steps: readonly Step[],
  { left, right, top }: { left: number; right: number; top: number },
): void {
  const { document, type } = pages;
  const { low, high } = rangeOf(steps);
  const x = (value: number): number => left + ((value - low) / (high - low || 1)) * (right - left);
  const bottom = top + steps.length * LINE;
  const alt = 'Bridge from the opening to the closing value; the figures stand in the table.';
  pages.tags.mark(
    'Figure',
    () => {
      let free = -Infinity;
      for (const { at, text } of numberTicks(low, high, 3)) {
        const width = type.width(text, TYPE.label);
        if (at < low || at > high || x(at) - width / 2 < free || x(at) + width / 2 > right + 8) continue;
        if (at === low && low > 0) continue;
        document.moveTo(x(at), top).lineTo(x(at), bottom).lineWidth(0.5).strokeColor(INK.row).stroke();
        type.draw(text, x(at), top - HEAD + 2, TYPE.label, 'center');
        free = x(at) + width / 2 + 6;
      }
      steps.forEach((step, index) => {
        const y = top + index * LINE + (LINE - BAR) / 2;
        const next = steps[index + 1];
        if (next !== undefined) {
          document
            .moveTo(x(step.to), y + BAR)
            .lineTo(x(step.to), y + LINE)
            .lineWidth(0.5)
            .strokeColor(INK.text)
            .stroke();
        }
        drawStep(pages, step, Math.max(x(step.from), left), x(step.to), y);
        if (step.part.role === 'total' && low > 0) drawCut(pages, left + 4, y);
      });
    },
    { alt },
  );
}

function drawStep({ document }: Pages, { part }: Step, from: number, to: number, y: number): void {
  const [x, width] = [Math.min(from, to), Math.abs(to - from)];
  if (part.role === 'total') document.rect(x, y, width, BAR).fill(INK.text);
  else if (width < 0.05)
    document
      .moveTo(x, y)
      .lineTo(x, y + BAR)
      .lineWidth(0.5)
      .strokeColor(INK.text)
      .stroke();
  else if (to < from) {
    document
      .rect(x, y + 0.4, width, BAR - 0.8)
      .lineWidth(0.8)
      .fillAndStroke(INK.paper, INK.text);
  } else document.rect(x, y, width, BAR).fill(part.role === 'paid' ? INK.paid : INK.accent);
}

function drawCut({ document }: Pages, x: number, y: number): void {
  document
    .polygon([x + 1.5, y - 1.2], [x - 1.4, y + BAR + 1.2], [x + 1, y + BAR + 1.2], [x + 3.9, y - 1.2])
    .fill(INK.paper);
}
