import { dateTicks, dayNumber, numberTicks } from './axis';
import type { Pages } from './pages';
import { INK, TYPE } from './theme';

export interface PlotFrame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Scales {
  readonly x: (date: string) => number;
  readonly y: (value: number) => number;
}

/** Left of the frame for the axis' numbers, right of it for the names at the lines' ends. */
export const AXIS = { left: 48, right: 74 };

export function scalesOf(frame: PlotFrame, from: string, to: string, low: number, high: number): Scales {
  const [first, last] = [dayNumber(from), dayNumber(to)];
  const days = last - first || 1;
  return {
    x: (date) => frame.left + ((dayNumber(date) - first) / days) * (frame.right - frame.left),
    y: (value) => frame.bottom - ((value - low) / (high - low || 1)) * (frame.bottom - frame.top),
  };
}

/** Grid lines with their numbers; the one at `base` is strong. */
export function drawValueAxis(
  { document, type }: Pages,
  frame: PlotFrame,
  y: Scales['y'],
  {
    low,
    high,
    many = 5,
    suffix = '',
    base,
  }: { low: number; high: number; many?: number; suffix?: string; base?: number },
): void {
  for (const { at, text } of numberTicks(low, high, many)) {
    const height = y(at);
    if (height < frame.top - 0.5 || height > frame.bottom + 0.5) continue;
    const strong = at === base;
    document
      .moveTo(frame.left, height)
      .lineTo(frame.right, height)
      .lineWidth(strong ? 0.6 : 0.4)
      .strokeColor(strong ? INK.text : INK.grid)
      .stroke();
    type.draw(`${text}${suffix}`, frame.left - 5, height - TYPE.label.leading / 2, TYPE.label, 'right');
  }
}

export function drawDateAxis(
  { document, type }: Pages,
  frame: PlotFrame,
  x: Scales['x'],
  from: string,
  to: string,
): void {
  let free = frame.left - 10;
  for (const { date, text } of dateTicks(from, to)) {
    const at = x(date);
    document
      .moveTo(at, frame.bottom)
      .lineTo(at, frame.bottom + 4)
      .lineWidth(0.5)
      .strokeColor(INK.muted)
      .stroke();
    const width = type.width(text, TYPE.label);
    if (at < free || at + 3 + width > frame.right + 20) continue;
    type.draw(text, at + 3, frame.bottom + 2, TYPE.label);
    free = at + 3 + width + 6;
  }
}

/** At most one point for each third of a point of width: more would not be seen, and would fill the file. */
export function thinned<T>(points: readonly T[], width: number): readonly T[] {
  const most = Math.max(2, Math.floor(width * 3));
  if (points.length <= most) return points;
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => points[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  );
}

export function drawPath(
  { document }: Pages,
  points: readonly (readonly [x: number, y: number])[],
  { color, width, dash }: { color: string; width: number; dash?: boolean },
): void {
  points.forEach(([x, y], index) => {
    if (index === 0) document.moveTo(x, y);
    else document.lineTo(x, y);
  });
  if (dash === true) document.dash(2.4, { space: 1.8 });
  document.lineWidth(width).lineJoin('round').strokeColor(color).stroke();
  if (dash === true) document.undash();
}
