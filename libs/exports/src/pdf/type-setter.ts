import type { FontName, TextStyle } from './theme';

type RunFont = FontName | 'fallback' | 'fallback-bold';

const FONTS: Readonly<Record<RunFont, string>> = {
  regular: require.resolve('@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf'),
  semibold: require.resolve('@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf'),
  fallback: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  'fallback-bold': require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};
const FALLBACK = { regular: 'fallback', semibold: 'fallback-bold' } as const;
const REPLACEMENT = '\ufffd';
const ELLIPSIS = '…';

interface Run {
  readonly font: RunFont;
  readonly text: string;
}

/** The part of pdfkit's open font that its types leave out. */
interface OpenFont {
  readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } };
}

/**
 * Measures, breaks and draws text. A character that the font lacks is taken from another one, and shown as U+FFFD
 * where none has it: pdfkit itself would draw an empty box and drop the text.
 */
export class TypeSetter {
  private readonly widths = new Map<string, number>();
  private readonly glyphs = new Map<string, boolean>();

  /** Whether something was drawn that no font has. */
  hasReplaced = false;

  constructor(private readonly document: PDFKit.PDFDocument) {
    for (const [name, file] of Object.entries(FONTS)) document.registerFont(name, file);
  }

  width(text: string, { font, size }: Pick<TextStyle, 'font' | 'size'>): number {
    const key = `${font} ${text}`;
    const known = this.widths.get(key);
    if (known !== undefined) return known * size;
    let width = 0;
    for (const run of this.runsOf(clean(text), font)) {
      width += this.document.font(run.font).fontSize(100).widthOfString(run.text) / 100;
    }
    this.widths.set(key, width);
    return width * size;
  }

  /** The lines of a text, broken at spaces, and within a word that is wider than a line. */
  wrap(text: string, style: TextStyle, width: number, mostLines = Infinity): readonly string[] {
    const lines: string[] = [];
    for (const paragraph of clean(text).split('\n')) {
      lines.push(...this.brokenLines(paragraph, style, width, mostLines - lines.length));
      if (lines.length >= mostLines) break;
    }
    const whole = lines.length < mostLines || sameLetters(lines, clean(text));
    if (whole || lines.length === 0) return lines;
    const last = lines.at(-1) ?? '';
    return [...lines.slice(0, -1), this.cut(`${last}${ELLIPSIS}`, style, width)];
  }

  /** The text, or as much of it as fits with an ellipsis. */
  cut(text: string, style: TextStyle, width: number): string {
    if (this.width(text, style) <= width) return text;
    const letters = [...clean(text).replace(/…$/, '')];
    let [fits, exceeds] = [0, letters.length];
    while (exceeds - fits > 1) {
      const middle = (fits + exceeds) >> 1;
      const tried = `${letters.slice(0, middle).join('').trimEnd()}${ELLIPSIS}`;
      if (this.width(tried, style) <= width) fits = middle;
      else exceeds = middle;
    }
    return `${letters.slice(0, fits).join('').trimEnd()}${ELLIPSIS}`;
  }

  /** One line whose box begins at `y`; `x` is its left end, its right end or its middle. */
  draw(
    text: string,
    x: number,
    y: number,
    style: TextStyle,
    align: 'left' | 'right' | 'center' = 'left',
  ): void {
    const width = align === 'left' ? 0 : this.width(text, style);
    let at = align === 'right' ? x - width : align === 'center' ? x - width / 2 : x;
    const baseline = y + style.leading / 2 + 0.34 * style.size;
    for (const run of this.runsOf(clean(text), style.font)) {
      this.document.font(run.font).fontSize(style.size).fillColor(style.color);
      this.document.text(run.text, at, baseline, { lineBreak: false, baseline: 'alphabetic' });
      at += this.document.widthOfString(run.text);
    }
  }

  private brokenLines(text: string, style: TextStyle, width: number, most: number): readonly string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (this.width(longer, style) <= width) {
        line = longer;
        continue;
      }
      if (line !== '') lines.push(line);
      line = word;
      while (lines.length < most && this.width(line, style) > width) {
        const head = this.headOf(line, style, width);
        lines.push(head);
        line = line.slice(head.length);
      }
      if (lines.length >= most) return lines.slice(0, most);
    }
    return [...lines, line].slice(0, most);
  }

  /** As many letters of a long word as fit, at least one; it is broken behind a sign where it has one. */
  private headOf(word: string, style: TextStyle, width: number): string {
    const letters = [...word];
    let [fits, exceeds] = [1, letters.length];
    while (exceeds - fits > 1) {
      const middle = (fits + exceeds) >> 1;
      if (this.width(letters.slice(0, middle).join(''), style) <= width) fits = middle;
      else exceeds = middle;
    }
    const head = letters.slice(0, fits).join('');
    const sign = /^.*[-/_.:;,]/u.exec(head)?.[0];
    return sign !== undefined && sign.length * 2 > head.length ? sign : head;
  }

  private runsOf(text: string, font: FontName): readonly Run[] {
    if (/^[\x20-\x7e\u00a0]*$/.test(text)) return [{ font, text }];
    const runs: { font: RunFont; text: string }[] = [];
    for (const letter of text) {
      const [own, shown] = this.fontOf(letter, font);
      const last = runs.at(-1);
      if (last?.font === own) last.text += shown;
      else runs.push({ font: own, text: shown });
    }
    return runs;
  }

  private fontOf(letter: string, font: FontName): readonly [font: RunFont, shown: string] {
    const codePoint = letter.codePointAt(0) ?? 0;
    if (this.has(font, codePoint)) return [font, letter];
    const fallback = FALLBACK[font];
    if (this.has(fallback, codePoint)) return [fallback, letter];
    this.hasReplaced = true;
    return [fallback, REPLACEMENT];
  }

  private has(font: RunFont, codePoint: number): boolean {
    const key = `${font} ${String(codePoint)}`;
    const known = this.glyphs.get(key);
    if (known !== undefined) return known;
    const { _font } = this.document.font(font) as unknown as OpenFont;
    const has = _font.font.hasGlyphForCodePoint(codePoint);
    this.glyphs.set(key, has);
    return has;
  }
}

/** Line ends stay; other control characters and what is no letter at all become spaces or U+FFFD. */
function clean(text: string): string {
  if (/^[\x20-\x7e\u00a0]*$/.test(text)) return text;
  return text
    .toWellFormed()
    .replaceAll(/\r\n?|\u2028|\u2029/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/[\0-\x09\x0b-\x1f\x7f-\x9f]/g, REPLACEMENT);
}

const sameLetters = (lines: readonly string[], text: string): boolean =>
  lines.join('').replaceAll(/\s/g, '') === text.replaceAll(/\s/g, '');

/** Numbers as they are set: a minus as long as a plus, and no line end before a unit. */
export function typeset(text: string): string {
  return text.replace(/^-(?=[\d.])/, '−').replaceAll(/(?<=\d) (?=(?:%|pp|[A-Z]{2,})(?:$|\W))/g, '\u00a0');
}
