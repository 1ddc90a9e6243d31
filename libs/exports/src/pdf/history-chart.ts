import type { HistoryBlock, Cell } from '../model/document';
import { numberTicks } from './axis';
import type { Pages } from './pages';
import {
  AXIS,
  drawDateAxis,
  drawPath,
  drawValueAxis,
  scalesOf,
  thinned,
  type PlotFrame,
  type Scales,
} from './plot';
import type { Prepared } from './prepared';
import { INK, TYPE } from './theme';
import { typeset } from './type-setter';

/** Without the fall below it, a history is for a page that holds more. */
const HEIGHT = { value: 150, alone: 116, marks: 14, fall: 66 };

type Point = HistoryBlock['points'][number];

/** Value, what was paid in, each flow as a mark, and below it the fall from the highest point. */
export function prepareHistory(pages: Pages, block: HistoryBlock, width: number): Prepared {
  const { points } = block;
  const hasFall = points.some(({ drawdown }) => drawdown.value.kind === 'number');
  const valueHeight = (hasFall ? HEIGHT.value : HEIGHT.alone) - pages.squeeze;
  const height = 12 + valueHeight + HEIGHT.marks + (hasFall ? HEIGHT.fall + 10 : 0) + 14;
  return {
    height,
    draw: (x, y) => {
      const [first, last] = [points[0], points.at(-1)];
      if (first === undefined || last === undefined) return;
      const value: PlotFrame = {
        left: x + AXIS.left,
        right: x + width - AXIS.right,
        top: y + 12,
        bottom: y + 12 + valueHeight,
      };
      const fall: PlotFrame = {
        ...value,
        top: value.bottom + HEIGHT.marks + 10,
        bottom: value.bottom + HEIGHT.marks + 10 + HEIGHT.fall,
      };
      const alt =
        `Value from ${first.date} to ${last.date}: ${first.value.text} to ${last.value.text} ${block.unit ?? ''}; ` +
        `paid in, net: ${last.paidIn.text}.`;
      pages.tags.mark(
        'Figure',
        () => {
          const end = hasFall ? fall : { ...value, bottom: value.bottom + HEIGHT.marks };
          const { x: dateX } = scalesOf(value, first.date, last.date, 0, 1);
          drawPeriod(pages, block, { ...value, top: y, bottom: end.bottom }, dateX);
          drawValue(pages, points, value, dateX);
          drawFlows(pages, points, value, dateX);
          if (hasFall) drawFall(pages, points, fall, dateX);
          drawDateAxis(pages, end, dateX, first.date, last.date);
        },
        { alt },
      );
    },
  };
}

const numberOf = ({ value }: Cell): number => (value.kind === 'number' ? Number(value.exact) : 0);

/** What the report is about, where the history reaches further back. */
function drawPeriod(
  { document, type }: Pages,
  { period, points }: HistoryBlock,
  frame: PlotFrame,
  x: Scales['x'],
): void {
  const [first, last] = [points[0]?.date ?? '', points.at(-1)?.date ?? ''];
  if (period === null || period.start <= first || period.start >= last) return;
  const left = x(period.start);
  document.rect(left, frame.top, frame.right - left, frame.bottom - frame.top).fill(INK.tint);
  const text = 'the period of this report';
  if (frame.right - left > type.width(text, TYPE.labelInk) + 6)
    type.draw(text, left + 3, frame.top + 2, TYPE.labelInk);
}

function drawValue(pages: Pages, points: readonly Point[], frame: PlotFrame, x: Scales['x']): void {
  const values = points.map(({ value }) => numberOf(value));
  const isPaidTold = points.every(({ paidIn }) => paidIn.value.kind === 'number');
  const paid = isPaidTold ? points.map(({ paidIn }) => numberOf(paidIn)) : [];
  const all = [...values, ...paid, 0];
  const ticks = numberTicks(...bounds(all), 5);
  const [low, most] = [ticks[0]?.at ?? 0, bounds(all)[1]];
  const high = most + 0.04 * (most - low || 1);
  const { y } = scalesOf(frame, '2000-01-01', '2000-01-02', low, high);
  drawValueAxis(pages, frame, y, { low, high: most, many: 5, base: 0 });
  if (isPaidTold) drawPath(pages, stepsOf(points, x, y), { color: INK.text, width: 0.8, dash: true });
  drawPath(
    pages,
    thinned(points, frame.right - frame.left).map(
      ({ date, value }) => [x(date), y(numberOf(value))] as const,
    ),
    { color: INK.accent, width: 1.3 },
  );
  const last = points.at(-1);
  if (last === undefined) return;
  // the lowest stays clear of what stands beside the marks of flows
  const [valueY, paidY] = apart(
    y(numberOf(last.value)),
    Math.min(y(numberOf(last.paidIn)), frame.bottom - 16),
    20,
  );
  const right = frame.right + 5;
  pages.type.draw(typeset(last.value.text), right, valueY - 5, { ...TYPE.labelStrong, color: INK.accent });
  pages.type.draw('value', right, valueY + 4, TYPE.label);
  if (!isPaidTold) return;
  pages.type.draw(typeset(last.paidIn.text), right, paidY - 5, TYPE.labelStrong);
  pages.type.draw('paid in, net', right, paidY + 4, TYPE.label);
}

const bounds = (values: readonly number[]): readonly [number, number] => [
  values.reduce((least, value) => Math.min(least, value), Infinity),
  values.reduce((most, value) => Math.max(most, value), -Infinity),
];

/** Two labels that do not lie on one another. */
function apart(first: number, second: number, least: number): readonly [number, number] {
  const missing = least - Math.abs(first - second);
  if (missing <= 0) return [first, second];
  return first <= second
    ? [first - missing / 2, second + missing / 2]
    : [first + missing / 2, second - missing / 2];
}

/** What was paid in changes on the days of flows alone. */
function stepsOf(points: readonly Point[], x: Scales['x'], y: Scales['y']): [number, number][] {
  const path: [number, number][] = [];
  let before: number | undefined;
  points.forEach(({ date, paidIn }, index) => {
    const paid = numberOf(paidIn);
    if (paid === before && index < points.length - 1) return;
    if (before !== undefined) path.push([x(date), y(before)]);
    path.push([x(date), y(paid)]);
    before = paid;
  });
  return path;
}

function drawFlows(
  { document, type }: Pages,
  points: readonly Point[],
  frame: PlotFrame,
  x: Scales['x'],
): void {
  const flows = points.filter(({ flow }) => numberOf(flow) !== 0);
  const y = frame.bottom + 4;
  for (const { date, flow } of flows) {
    const at = x(date);
    if (numberOf(flow) > 0) {
      document.polygon([at, y], [at + 2.4, y + 4.4], [at - 2.4, y + 4.4]).fill(INK.text);
    } else {
      document
        .polygon([at, y + 4.4], [at + 2.4, y], [at - 2.4, y])
        .lineWidth(0.7)
        .fillAndStroke(INK.paper, INK.text);
    }
  }
  if (flows.length === 0) return;
  type.draw('▲ paid in', frame.right + 5, frame.bottom - 0.5, TYPE.label);
  type.draw('▽ taken out', frame.right + 5, frame.bottom + 7.5, TYPE.label);
}

function drawFall(pages: Pages, points: readonly Point[], frame: PlotFrame, x: Scales['x']): void {
  const { document, type } = pages;
  const falls = points.map(({ date, drawdown }) => ({
    date,
    text: typeset(drawdown.text),
    number: numberOf(drawdown) * 100,
  }));
  const lowest = falls.reduce((least, point) => (point.number < least.number ? point : least));
  const low = Math.min(numberTicks(lowest.number, 0, 2)[0]?.at ?? -1, -0.01);
  const { y } = scalesOf(frame, '2000-01-01', '2000-01-02', low, 0);
  const path = thinned(falls, frame.right - frame.left).map(
    ({ date, number }) => [x(date), y(number)] as const,
  );
  const [start, end] = [path[0], path.at(-1)];
  if (start !== undefined && end !== undefined) {
    document.moveTo(start[0], y(0));
    for (const [px, py] of path) document.lineTo(px, py);
    document.lineTo(end[0], y(0)).fillColor(INK.accent, 0.28).fill().fillOpacity(1);
  }
  drawPath(pages, path, { color: INK.accent, width: 0.8 });
  drawValueAxis(pages, frame, y, { low, high: 0, many: 2, suffix: ' %', base: 0 });
  type.draw('below the', frame.right + 5, frame.top - 4, TYPE.label);
  type.draw('highest point', frame.right + 5, frame.top + 5, TYPE.label);
  if (lowest.number === 0) return;
  const [px, py] = [x(lowest.date), y(lowest.number)];
  document.circle(px, py, 1.9).lineWidth(0.9).fillAndStroke(INK.paper, INK.text);
  const label = `${lowest.text}, ${lowest.date}`;
  const isLeft = px + 6 + type.width(label, TYPE.labelInk) > frame.right;
  type.draw(label, isLeft ? px - 6 : px + 6, py - 3, TYPE.labelInk, isLeft ? 'right' : 'left');
}
