import { GUTTER, INK, MARGIN, PAGE, TEXT_WIDTH, TYPE, type TextStyle } from './theme';
import type { Tags } from './tags';
import { typeset, type TypeSetter } from './type-setter';

/** Sheets that blocks are laid onto from top to bottom. Lengths are points. */
export class Pages {
  readonly left = MARGIN.side;
  readonly width = TEXT_WIDTH;
  /** What is kept free at the foot of the first page, above the margin. */
  private reserved = 0;
  private page = 0;
  private at: number;
  private isFresh = true;

  constructor(
    readonly document: PDFKit.PDFDocument,
    readonly type: TypeSetter,
    readonly tags: Tags,
    private readonly footHeight: number,
    private readonly setting: {
      readonly top: number;
      readonly underlay: () => void;
      /** How much lower than they like charts are drawn, in points. */
      readonly squeeze: number;
    },
  ) {
    this.addPage();
    this.at = setting.top;
  }

  get squeeze(): number {
    return this.setting.squeeze;
  }

  get number(): number {
    return this.page + 1;
  }

  get y(): number {
    return this.at;
  }

  get bottom(): number {
    return PAGE.height - this.footHeight - (this.page === 0 ? this.reserved : 0);
  }

  get room(): number {
    return this.bottom - this.at;
  }

  /** The height of an empty page. */
  get wholeRoom(): number {
    return PAGE.height - this.footHeight - MARGIN.top;
  }

  reserve(height: number): void {
    this.reserved = height;
  }

  /** Where what is reserved begins. */
  get heightOfFirst(): number {
    return PAGE.height - this.footHeight - this.reserved;
  }

  /** Takes `height` of the page, or of a new one, and gives where it begins. */
  take(height: number): number {
    if (!this.fits(height)) this.newPage();
    const at = this.at;
    this.at += height;
    this.isFresh = false;
    return at;
  }

  /** Whether as much is left, or a new page would give no more. */
  fits(height: number): boolean {
    return height <= this.room || (this.isFresh && this.page > 0);
  }

  /** Room between two things, none at the head of a page. */
  space(height: number): void {
    if (!this.isFresh) this.at = Math.min(this.at + height, this.bottom);
  }

  get isAtTop(): boolean {
    return this.isFresh;
  }

  newPage(): void {
    this.addPage();
    this.page += 1;
    this.at = MARGIN.top;
    this.isFresh = true;
  }

  /** What lies below a page's text has to be drawn before it. */
  private addPage(): void {
    this.document.addPage({ size: 'A4', margin: 0 });
    this.setting.underlay();
  }

  rule(y: number, thickness: number, color: string = INK.text, left = this.left, width = this.width): void {
    this.tags.artifact(() => {
      this.document
        .moveTo(left, y)
        .lineTo(left + width, y)
        .lineWidth(thickness)
        .strokeColor(color)
        .stroke();
    });
  }

  /** A text over as many lines and pages as it takes. */
  paragraph(
    text: string,
    style: TextStyle,
    setting: { readonly tag?: 'P' | 'Code'; readonly left?: number; readonly width?: number } = {},
  ): void {
    const { tag = 'P', left = this.left, width = this.width } = setting;
    const lines = this.type.wrap(typeset(text), style, width);
    let rest = lines;
    this.tags.within(tag, () => {
      while (rest.length > 0) {
        if (!this.fits(style.leading)) this.newPage();
        const many = Math.max(1, Math.min(rest.length, Math.floor((this.room + 0.01) / style.leading)));
        const part = rest.slice(0, many);
        const y = this.take(many * style.leading);
        this.tags.mark('P', () => {
          part.forEach((line, index) => this.type.draw(line, left, y + index * style.leading, style));
        });
        rest = rest.slice(many);
      }
    });
  }

  /** The widths of two halves that stand side by side, and where each begins. */
  get half(): number {
    return (this.width - GUTTER) / 2;
  }

  sectionHead(title: string, aside: string | null): void {
    const { type } = this;
    const titles = type.wrap(title, TYPE.section, this.width * (aside === null ? 1 : 0.6), 3);
    const height = 5 + titles.length * TYPE.section.leading + 6;
    const y = this.take(height);
    this.rule(y, 0.8);
    this.tags.mark('H2', () => {
      titles.forEach((line, index) =>
        type.draw(line, this.left, y + 5 + index * TYPE.section.leading, TYPE.section),
      );
    });
    if (aside === null) return;
    this.tags.mark('P', () => {
      const text = type.cut(typeset(aside), TYPE.aside, this.width * 0.38);
      type.draw(text, this.left + this.width, y + 8, TYPE.aside, 'right');
    });
  }
}
