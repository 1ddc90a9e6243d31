import type { ReportDocument } from '../model/document';
import { prepareKeyFigures } from './facts';
import type { Pages } from './pages';
import { GUTTER, INK, mm, TYPE } from './theme';
import { typeset } from './type-setter';

/** What it is and about whom, then the answer: key figures and a summary in words. */
export function drawCover(pages: Pages, document: ReportDocument): void {
  const { type, tags } = pages;
  const isSheet = document.layout === 'one_page';
  const aboutWidth = aboutWidthOf(pages, document.about);
  const nameWidth = pages.width - aboutWidth - GUTTER;
  const owner = document.owner === null ? [] : type.wrap(document.owner, TYPE.owner, nameWidth, 2);
  const names = nameLines(pages, document.name, nameWidth);
  const leftHeight =
    TYPE.kind.leading + 3 + names.lines.length * names.style.leading + owner.length * TYPE.owner.leading + 3;
  const rightHeight = document.about.length * TYPE.about.leading;
  const height = Math.max(leftHeight, rightHeight);
  pages.space(0);
  const y = pages.take((isSheet ? 0 : mm(8)) + height + mm(6)) + (isSheet ? 0 : mm(8));
  let at = y + height - leftHeight;
  // a document about no portfolio is called what it is
  if (document.kind !== document.name)
    tags.mark('P', () => type.draw(document.kind, pages.left, at, TYPE.kind));
  at += TYPE.kind.leading + 3;
  tags.mark('H1', () =>
    names.lines.forEach((line, index) =>
      type.draw(line, pages.left - 0.8, at + index * names.style.leading, names.style),
    ),
  );
  at += names.lines.length * names.style.leading + 3;
  if (owner.length > 0) {
    tags.mark('P', () =>
      owner.forEach((line, index) =>
        type.draw(line, pages.left, at + index * TYPE.owner.leading, TYPE.owner),
      ),
    );
  }
  drawAbout(pages, document.about, y + height - rightHeight, aboutWidth);
  drawAnswer(pages, document);
}

function drawAnswer(pages: Pages, { keyFigures, summary }: ReportDocument): void {
  const keys = prepareKeyFigures(pages, keyFigures);
  if (keys !== null) {
    const y = pages.take(keys.height + 12);
    pages.rule(y, 0.8);
    keys.draw(pages.left, y);
  }
  if (summary !== '') pages.paragraph(summary, TYPE.lead, { width: mm(162) });
}

/** A long name in smaller type, and on three lines at most. */
function nameLines(pages: Pages, name: string, width: number) {
  for (const scale of [1, 0.8, 0.62]) {
    const style = { ...TYPE.name, size: TYPE.name.size * scale, leading: TYPE.name.leading * scale };
    const lines = pages.type.wrap(name, style, width, 3);
    if (lines.length <= 2 || scale === 0.62) return { style, lines };
  }
  return { style: TYPE.name, lines: [name] };
}

function aboutWidthOf({ type, width }: Pages, about: ReportDocument['about']): number {
  const widest = about.reduce(
    (most, [label, value]) =>
      Math.max(most, type.width(label, TYPE.aboutLabel) + type.width(value, TYPE.about) + 16),
    0,
  );
  return Math.min(Math.max(widest, mm(56)), width * 0.45);
}

function drawAbout(pages: Pages, about: ReportDocument['about'], top: number, width: number): void {
  const { type, tags } = pages;
  const left = pages.left + pages.width - width;
  about.forEach(([label, value], index) => {
    const y = top + index * TYPE.about.leading;
    tags.mark('P', () => {
      type.draw(label, left, y, TYPE.aboutLabel);
      const room = width - type.width(label, TYPE.aboutLabel) - 8;
      type.draw(type.cut(value, TYPE.about, room), pages.left + pages.width, y, TYPE.about, 'right');
    });
  });
}

export interface ContentsLine {
  readonly title: string;
  readonly page: number;
}

const CONTENTS = { head: 22, line: TYPE.about.leading };
const MOST_CONTENTS = 9;

/** Kept free at the foot of the first page for the contents and the pins. */
export const endHeight = (sections: number): number =>
  CONTENTS.head + Math.max(6, Math.min(sections, MOST_CONTENTS)) * CONTENTS.line + mm(4);

/** A line for each section; where there are many, the sections that begin on one page share one. */
function contentsLines(sections: readonly ContentsLine[]): readonly ContentsLine[] {
  if (sections.length <= MOST_CONTENTS) return sections;
  const pages = Map.groupBy(sections, ({ page }) => page);
  return [...pages].map(([page, own]) => ({
    page,
    title: own.map(({ title }, index) => (index === 0 ? title : lowered(title))).join(', '),
  }));
}

/** A capital in the middle of a line is for names. */
const lowered = (title: string): string =>
  /^[A-Z][a-z ]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;

/** At the foot of the first page, when all is laid out: where what stands, and what it rests on. */
export function drawEnd(
  pages: Pages,
  contents: readonly ContentsLine[],
  pins: readonly (readonly [label: string, value: string])[],
  top: number,
): void {
  const { type, tags, left, half, width } = pages;
  pages.rule(top, 0.8);
  const y = top + 7;
  tags.mark('P', () => type.draw('In this report', left, y, TYPE.block));
  let lineY = y + 15;
  for (const { title, page } of contentsLines(contents)) {
    const titles = type.wrap(title, TYPE.about, half - 24, 2);
    if (lineY + titles.length * CONTENTS.line > top + endHeight(MOST_CONTENTS)) break;
    const at = lineY;
    tags.mark('TOCI', () => {
      titles.forEach((line, index) => type.draw(line, left, at + index * CONTENTS.line, TYPE.about));
      type.draw(String(page), left + half, at, TYPE.about, 'right');
    });
    lineY += titles.length * CONTENTS.line;
  }
  const right = left + half + GUTTER;
  tags.mark('P', () => type.draw('It can be checked', right, y, TYPE.block));
  const words =
    'Every figure follows from three things that do not change: the prices and rates of one pack, one commit of the ' +
    'ledger, one pattern. The same three give the same bytes.';
  const lines = type.wrap(words, TYPE.about, half, 4);
  tags.mark('P', () =>
    lines.forEach((line, index) => type.draw(line, right, y + 15 + index * CONTENTS.line, TYPE.about)),
  );
  pins.forEach(([label, value], index) => {
    const pinY = y + 19 + (lines.length + index) * CONTENTS.line;
    tags.mark('P', () => {
      type.draw(label, right, pinY, { ...TYPE.about, color: INK.muted });
      type.draw(
        type.cut(typeset(value), TYPE.about, width - half - GUTTER - 40),
        right + 40,
        pinY,
        TYPE.about,
      );
    });
  });
}
