import type { Tags } from './tags';
import { INK, MARGIN, PAGE, TEXT_WIDTH, TYPE } from './theme';
import type { TypeSetter } from './type-setter';

/** What stands on every page. */
export interface Furniture {
  readonly headLeft: string;
  readonly headRight: string;
  /** The attributions, and the pins in short. */
  readonly footLeft: readonly string[];
  readonly footRight: string;
  readonly watermarks: readonly string[];
}

const WATERMARK = { size: 38, opacity: 0.18 };
const FOOT_LEFT = TEXT_WIDTH * 0.7;
const LINE = TYPE.foot.leading;

/** The height from the foot's rule to the end of the page, with air above it. */
export function footHeight(type: TypeSetter, furniture: Furniture): number {
  return Math.max(MARGIN.bottom, MARGIN.foot + footLines(type, furniture).length * LINE + 16);
}

const footLines = (type: TypeSetter, { footLeft }: Furniture): readonly string[] =>
  footLeft.flatMap((text) => type.wrap(text, TYPE.foot, FOOT_LEFT, 6));

/** Draws head and foot on all pages, now that their number is known. */
export function drawFurniture(
  document: PDFKit.PDFDocument,
  type: TypeSetter,
  tags: Tags,
  furniture: Furniture,
): void {
  const { start, count } = document.bufferedPageRange();
  for (let index = start; index < start + count; index += 1) {
    document.switchToPage(index);
    tags.artifact(() => {
      if (index > start) drawHead(type, furniture);
      drawFoot(document, type, furniture, `Page ${String(index - start + 1)} of ${String(count)}`);
    });
  }
}

function drawHead(type: TypeSetter, { headLeft, headRight }: Furniture): void {
  const right = PAGE.width - MARGIN.side;
  type.draw(headRight, right, MARGIN.head, TYPE.head, 'right');
  const room = TEXT_WIDTH - type.width(headRight, TYPE.head) - 20;
  type.draw(type.cut(headLeft, TYPE.head, room), MARGIN.side, MARGIN.head, TYPE.head);
}

function drawFoot(document: PDFKit.PDFDocument, type: TypeSetter, furniture: Furniture, page: string): void {
  const lines = footLines(type, furniture);
  const height = Math.max(2, lines.length) * LINE;
  const top = PAGE.height - MARGIN.foot - height;
  document
    .moveTo(MARGIN.side, top - 4.5)
    .lineTo(PAGE.width - MARGIN.side, top - 4.5)
    .lineWidth(0.35)
    .strokeColor(INK.hair)
    .stroke();
  lines.forEach((line, index) => type.draw(line, MARGIN.side, top + index * LINE, TYPE.foot));
  const right = PAGE.width - MARGIN.side;
  type.draw(
    type.cut(furniture.footRight, TYPE.foot, TEXT_WIDTH - FOOT_LEFT - 10),
    right,
    top,
    TYPE.foot,
    'right',
  );
  type.draw(page, right, top + LINE, TYPE.foot, 'right');
}

/** Each along the diagonal, one below the other, as large as the page is wide at most; for a page without text yet. */
export function drawWatermarks(
  document: PDFKit.PDFDocument,
  type: TypeSetter,
  watermarks: readonly string[],
): void {
  const { width, height } = PAGE;
  watermarks.forEach((text, index) => {
    const full = type.width(text, { font: 'semibold', size: WATERMARK.size });
    const size = Math.min(WATERMARK.size, (WATERMARK.size * width) / Math.max(1, full));
    const offset = (index - (watermarks.length - 1) / 2) * size * 1.6;
    document.save().rotate(-45, { origin: [width / 2, height / 2] });
    document.fillOpacity(WATERMARK.opacity);
    type.draw(
      text,
      width / 2,
      height / 2 + offset - size / 2,
      { font: 'semibold', size, leading: size, color: INK.mark },
      'center',
    );
    document.restore();
  });
}
