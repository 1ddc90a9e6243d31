import type { PDFPageProxy } from 'pdfjs-dist';

/** A piece of text where a reader of the page sees it, in points from its upper left corner. */
export interface Piece {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Runs neither across nor down, as a watermark does. */
  readonly isSlanted: boolean;
}

export interface ReadPage {
  readonly width: number;
  readonly height: number;
  readonly pieces: readonly Piece[];
  /** The element types of the page's structure, as they nest. */
  readonly tags: readonly string[];
  /** The outermost ink, in points from each edge. */
  readonly inkFrom: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
}

/** Reads and draws every page with another library than the one that wrote it. */
export async function readPages(bytes: Buffer): Promise<readonly ReadPage[]> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const document = await task.promise;
  const pages: ReadPage[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { width, height } = page.getViewport({ scale: 1 });
    pages.push({
      width,
      height,
      pieces: await piecesOf(page, height),
      tags: tagsOf(await page.getStructTree()),
      inkFrom: await inkOf(page),
    });
  }
  await task.destroy();
  return pages;
}

async function piecesOf(page: PDFPageProxy, pageHeight: number): Promise<readonly Piece[]> {
  const { items } = await page.getTextContent();
  return items.flatMap((item): Piece[] => {
    if (!('str' in item) || item.str.trim() === '') return [];
    const [a, b, , , x, y] = item.transform as [number, number, number, number, number, number];
    const size = Math.hypot(a, b);
    return [
      {
        text: item.str,
        left: x,
        right: x + item.width,
        top: pageHeight - y - 0.7 * size,
        bottom: pageHeight - y + 0.2 * size,
        isSlanted: a !== 0 && b !== 0,
      },
    ];
  });
}

function tagsOf(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null || !('role' in node)) return [];
  const children = 'children' in node && Array.isArray(node.children) ? node.children : [];
  return [String(node.role), ...children.flatMap(tagsOf)];
}

const SCALE = 0.75;

async function inkOf(page: PDFPageProxy): Promise<ReadPage['inkFrom']> {
  const { createCanvas } = await import('@napi-rs/canvas');
  const viewport = page.getViewport({ scale: SCALE });
  const canvas = createCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height));
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  await page.render({ canvas: null, canvasContext: context as never, viewport }).promise;
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      if ((data[at] ?? 255) + (data[at + 1] ?? 255) + (data[at + 2] ?? 255) > 740) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return {
    left: left / SCALE,
    right: (width - right) / SCALE,
    top: top / SCALE,
    bottom: (height - bottom) / SCALE,
  };
}

/** Pieces that lie on one another: text that ran out of its cell. */
export function collisions({ pieces }: ReadPage): readonly string[] {
  const level = pieces.filter(({ isSlanted }) => !isSlanted);
  const found: string[] = [];
  level.forEach((piece, index) => {
    for (const other of level.slice(index + 1)) {
      const across = Math.min(piece.right, other.right) - Math.max(piece.left, other.left);
      const down = Math.min(piece.bottom, other.bottom) - Math.max(piece.top, other.top);
      if (across > 0.6 && down > 1) found.push(`"${piece.text}" and "${other.text}"`);
    }
  });
  return found;
}

/** Pieces beyond the margins. */
export function beyondMargins({ pieces, width, height }: ReadPage, margin: number): readonly string[] {
  return pieces
    .filter(({ isSlanted }) => !isSlanted)
    .filter(
      ({ left, right, top, bottom }) =>
        left < margin - 1 || right > width - margin + 1 || top < 24 || bottom > height - 24,
    )
    .map(({ text }) => text);
}
