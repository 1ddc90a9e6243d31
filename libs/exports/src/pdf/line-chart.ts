import type { LineBlock } from '../model/document';
import { numberTicks } from './axis';
import type { Pages } from './pages';
import { AXIS, drawDateAxis, drawPath, drawValueAxis, scalesOf, thinned } from './plot';
import type { Prepared } from './prepared';
import { INK, TYPE } from './theme';
import { typeset } from './type-setter';

const HEIGHT = 108;

/** A line over time, with its last, highest and lowest value named where they stand. */
export function prepareLine(pages: Pages, { points, format, title }: LineBlock, width: number): Prepared {
  const isShare = format === 'percent';
  const told = points.map(({ date, cell }) => ({
    date,
    text: typeset(cell.text),
    number: cell.value.kind === 'number' ? Number(cell.value.exact) * (isShare ? 100 : 1) : 0,
  }));
  return {
    height: HEIGHT + 22,
    draw: (x, y) => {
      const first = told[0];
      const last = told.at(-1);
      if (first === undefined || last === undefined) return;
      const low = told.reduce((least, point) => (point.number < least.number ? point : least), first);
      const high = told.reduce((most, point) => (point.number > most.number ? point : most), first);
      const frame = {
        left: x + AXIS.left,
        right: x + width - AXIS.right,
        top: y + 6,
        bottom: y + 6 + HEIGHT,
      };
      const ticks = numberTicks(low.number, high.number);
      const bottom = ticks[0]?.at ?? low.number;
      const top = high.number + 0.04 * (high.number - bottom || 1);
      const scales = scalesOf(frame, first.date, last.date, bottom, top);
      pages.tags.mark(
        'Figure',
        () => {
          drawValueAxis(pages, frame, scales.y, {
            low: bottom,
            high: high.number,
            suffix: isShare ? ' %' : '',
          });
          drawDateAxis(pages, frame, scales.x, first.date, last.date);
          const path = thinned(told, frame.right - frame.left);
          drawPath(
            pages,
            path.map(({ date, number }) => [scales.x(date), scales.y(number)] as const),
            { color: INK.accent, width: 1.3 },
          );
          const end = scales.y(last.number);
          pages.type.draw(last.text, frame.right + 5, end - 4.5, { ...TYPE.labelStrong, color: INK.accent });
          pages.type.draw(last.date, frame.right + 5, end + 4, TYPE.label);
          for (const [point, above] of [
            [high, true],
            [low, false],
          ] as const) {
            if (point !== last && point !== first) drawMark(pages, scales, frame, point, above);
          }
        },
        {
          alt: `${title ?? 'Line'}: ${first.text} on ${first.date}, lowest ${low.text} on ${low.date}, highest ${high.text} on ${high.date}, ${last.text} on ${last.date}.`,
        },
      );
    },
  };
}

interface Marked {
  readonly date: string;
  readonly text: string;
  readonly number: number;
}

function drawMark(
  { document, type }: Pages,
  scales: ReturnType<typeof scalesOf>,
  frame: { readonly left: number; readonly right: number },
  { date, text, number }: Marked,
  above: boolean,
): void {
  const [x, y] = [scales.x(date), scales.y(number)];
  document.circle(x, y, 1.9).lineWidth(0.9).fillAndStroke(INK.paper, INK.text);
  const label = `${text}, ${date}`;
  const width = type.width(label, TYPE.labelInk);
  const isLeft = x + 5 + width > frame.right;
  type.draw(
    label,
    isLeft ? x - 5 : x + 5,
    y + (above ? -8.5 : -0.5),
    TYPE.labelInk,
    isLeft ? 'right' : 'left',
  );
}
