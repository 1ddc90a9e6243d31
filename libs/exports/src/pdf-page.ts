const FONTS = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
} as const;

const MARGIN = { top: 48, side: 48, bottom: 40 };
const SIZE = { title: 18, heading: 11, text: 8, footer: 6.5, watermark: 40 };
/** Light enough to read the figures through it. */
const WATERMARK_OPACITY = 0.18;
export const INK = { text: '#1a1a1a', quiet: '#666666', rule: '#bbbbbb', box: '#eeeeee', mark: '#808080' };

export interface PageFurniture {
  readonly watermarks: readonly string[];
  readonly footer: readonly string[];
}

/** A document that text flows into, page by page, with what stands on every page. Lengths are points. */
export class PdfPage {
  readonly left = MARGIN.side;
  readonly width: number;
  private readonly bottom: number;
  private y = 0;

  constructor(
    readonly document: PDFKit.PDFDocument,
    private readonly furniture: PageFurniture,
  ) {
    document.registerFont('regular', FONTS.regular).registerFont('bold', FONTS.bold);
    document.addPage({ size: 'A4', margin: 0 });
    this.width = document.page.width - 2 * MARGIN.side;
    this.bottom = document.page.height - MARGIN.bottom - this.footerHeight();
    this.y = MARGIN.top;
  }

  /** Takes `height` of the page, or of a new one, and gives where it begins. */
  take(height: number): number {
    if (!this.fits(height)) this.newPage();
    const at = this.y;
    this.y += height;
    return at;
  }

  /** Whether as much is left, or a new page would give no more. */
  fits(height: number): boolean {
    return this.y + height <= this.bottom || this.y === MARGIN.top;
  }

  newPage(): void {
    this.document.addPage({ size: 'A4', margin: 0 });
    this.y = MARGIN.top;
  }

  title(text: string): void {
    this.paragraph(text, 'bold', SIZE.title, INK.text);
  }

  heading(text: string): void {
    const { document } = this;
    const height = document.font('bold').fontSize(SIZE.heading).heightOfString(text, { width: this.width });
    // a heading stays with what it stands over
    if (!this.fits(height + 48)) this.newPage();
    this.take(12);
    this.paragraph(text, 'bold', SIZE.heading, INK.text);
  }

  line(text: string): void {
    this.paragraph(text, 'regular', SIZE.text, INK.quiet);
  }

  /** A grey box for what was left out. */
  gap(text: string): void {
    const { document, left, width } = this;
    document.font('regular').fontSize(SIZE.text);
    const inner = { width: width - 16 };
    const height = document.heightOfString(text, inner) + 16;
    const y = this.take(height);
    document.rect(left, y, width, height).fill(INK.box);
    document.fillColor(INK.quiet).text(text, left + 8, y + 8, inner);
  }

  /** Draws the footer and the watermarks on all pages, now that their number is known. */
  finish(): void {
    const { start, count } = this.document.bufferedPageRange();
    for (let index = start; index < start + count; index += 1) {
      this.document.switchToPage(index);
      this.drawWatermarks();
      this.drawFooter(`${index - start + 1} / ${count}`);
    }
  }

  private paragraph(text: string, font: keyof typeof FONTS, size: number, color: string): void {
    const { document, left, width } = this;
    document.font(font).fontSize(size);
    const y = this.take(document.heightOfString(text, { width }) + 2);
    document.fillColor(color).text(text, left, y, { width });
  }

  private footerHeight(): number {
    const { document, width } = this;
    document.font('regular').fontSize(SIZE.footer);
    return this.footerTexts('000 / 000').reduce(
      (sum, text) => sum + document.heightOfString(text, { width }),
      8,
    );
  }

  private footerTexts(pageNumber: string): readonly string[] {
    return [...this.furniture.footer, `Page ${pageNumber}`];
  }

  private drawFooter(pageNumber: string): void {
    const { document, left, width } = this;
    let y = this.bottom + 8;
    document.font('regular').fontSize(SIZE.footer).fillColor(INK.quiet);
    for (const text of this.footerTexts(pageNumber)) {
      document.text(text, left, y, { width });
      y += document.heightOfString(text, { width });
    }
  }

  /** Each along the diagonal, one below the other, as large as the page is wide at most. */
  private drawWatermarks(): void {
    const { document, furniture } = this;
    const { width, height } = document.page;
    furniture.watermarks.forEach((text, index) => {
      const size = Math.min(
        SIZE.watermark,
        (SIZE.watermark * width) / textWidth(document, text, SIZE.watermark),
      );
      const offset = (index - (furniture.watermarks.length - 1) / 2) * size * 1.6;
      const half = textWidth(document, text, size) / 2;
      document.save().rotate(-45, { origin: [width / 2, height / 2] });
      document.font('bold').fontSize(size).fillColor(INK.mark).fillOpacity(WATERMARK_OPACITY);
      document.text(text, width / 2 - half, height / 2 + offset - size / 2, { lineBreak: false });
      document.restore();
    });
  }
}

function textWidth(document: PDFKit.PDFDocument, text: string, size: number): number {
  return Math.max(1, document.font('bold').fontSize(size).widthOfString(text));
}
