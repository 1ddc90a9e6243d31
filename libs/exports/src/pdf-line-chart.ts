import { formatCell } from '@dawsos/contracts';
import { INK, type PdfPage } from './pdf-page';

interface Point {
  readonly x: string;
  readonly y: string;
}

const HEIGHT = 110;
const LABELS = 12;

/** The points of a line panel, `{x, y}` with y in plain digits; none where the value is something else. */
export function pointsOf(value: unknown): readonly Point[] {
  if (!Array.isArray(value)) return [];
  const points = (value as readonly unknown[]).filter(isPoint);
  return points.length === value.length ? points : [];
}

function isPoint(value: unknown): value is Point {
  if (typeof value !== 'object' || value === null || !('x' in value) || !('y' in value)) return false;
  return typeof value.x === 'string' && typeof value.y === 'string' && /^-?\d+(\.\d+)?$/.test(value.y);
}

/** A line over equal steps, with its least and greatest value and its ends named. Drawing, so floats will do. */
export function drawLineChart(page: PdfPage, points: readonly Point[]): void {
  const { document, left, width } = page;
  const top = page.take(HEIGHT + 2 * LABELS) + LABELS;
  const numbers = points.map(({ y }) => Number(y));
  const low = numbers.reduce((least, number) => Math.min(least, number), Infinity);
  const high = numbers.reduce((most, number) => Math.max(most, number), -Infinity);
  const heightOf = (number: number): number =>
    top + HEIGHT - (high === low ? HEIGHT / 2 : ((number - low) / (high - low)) * HEIGHT);
  document.rect(left, top, width, HEIGHT).lineWidth(0.25).strokeColor(INK.rule).stroke();
  numbers.forEach((number, index) => {
    const x = left + (index / (numbers.length - 1)) * width;
    if (index === 0) document.moveTo(x, heightOf(number));
    else document.lineTo(x, heightOf(number));
  });
  document.lineWidth(0.8).strokeColor(INK.text).stroke();
  document.font('regular').fontSize(6.5).fillColor(INK.quiet);
  const [first, last] = [points[0]?.x ?? '', points.at(-1)?.x ?? ''];
  document.text(`highest ${textOf(points, numbers, high)}`, left, top - LABELS + 2, { width });
  document.text(`${first}   lowest ${textOf(points, numbers, low)}`, left, top + HEIGHT + 2, {
    width: width / 2,
  });
  document.text(last, left + width / 2, top + HEIGHT + 2, { width: width / 2, align: 'right' });
}

const textOf = (points: readonly Point[], numbers: readonly number[], wanted: number): string =>
  formatCell(points[numbers.indexOf(wanted)]?.y ?? '', 'decimal');
