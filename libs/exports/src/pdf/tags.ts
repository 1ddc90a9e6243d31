type Element = PDFKit.PDFStructureElement;
export type Tag =
  'Sect' | 'H1' | 'H2' | 'H3' | 'P' | 'Code' | 'Figure' | 'Table' | 'TR' | 'TH' | 'TD' | 'TOC' | 'TOCI';

interface TagOptions {
  readonly alt?: string;
  readonly scope?: 'Column' | 'Row';
}

/**
 * The document's structure, for readers that speak it: what is drawn within `mark` belongs to an element of it, what
 * is drawn within `artifact` to none. An element that is never closed keeps the document from ending.
 */
export class Tags {
  private readonly open: Element[];
  private readonly kept: Element[] = [];

  constructor(private readonly document: PDFKit.PDFDocument) {
    const root = document.struct('Document');
    document.addStructure(root);
    this.open = [root];
  }

  within(tag: Tag, draw: () => void): void {
    const element = this.document.struct(tag);
    this.parent.add(element);
    this.open.push(element);
    draw();
    this.open.pop();
    element.end();
  }

  /** What is drawn stays on one page. */
  mark(tag: Tag, draw: () => void, options: TagOptions = {}): void {
    const element = this.document.struct(tag, { ...options });
    this.parent.add(element);
    const content = this.document.markStructureContent(tag);
    draw();
    this.document.endMarkedContent();
    element.add(content);
    element.end();
  }

  artifact(draw: () => void): void {
    this.document.markContent('Artifact', { type: 'Layout' });
    draw();
    this.document.endMarkedContent();
  }

  /** A place in the structure for what can only be drawn at the end. */
  keep(tag: Tag): (fill: () => void) => void {
    const element = this.document.struct(tag);
    this.parent.add(element);
    this.kept.push(element);
    return (fill) => {
      this.open.push(element);
      fill();
      this.open.pop();
    };
  }

  end(): void {
    for (const element of this.kept) element.end();
    for (const element of this.open.reverse()) element.end();
  }

  private get parent(): Element {
    const element = this.open.at(-1);
    if (element === undefined) throw new RangeError('the structure has ended');
    return element;
  }
}
