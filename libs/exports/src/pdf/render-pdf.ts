import { documentOf } from '../document';
import type { ReportDocument } from '../model/document';
import { footerLines, type Report } from '../report';
import { drawCover, drawEnd, endHeight, type ContentsLine } from './cover';
import { drawFurniture, drawWatermarks, footHeight, type Furniture } from './furniture';
import { Pages } from './pages';
import { drawSection } from './sections';
import { Tags } from './tags';
import { mm, TYPE } from './theme';
import { TypeSetter } from './type-setter';

/** Points that charts give up where a sheet of one page has too little room. */
const SQUEEZES = [0, 20, 40, 60];

const LACKED =
  '\ufffd stands for letters that the fonts of this document lack; its XLSX, CSV and JSON have them.';

/** From so many sections on, the first page of a document of more than two says where each begins. */
const CONTENTS_FROM = 5;

/**
 * The report as a document for people, tagged for those who hear it: the cover with the answer, the pattern's panels,
 * then how the figures are made, what is not told and what all of it rests on. On every page the attributions stand at
 * the foot and the watermarks lie across. Its dates are the as-of day, so that equal reports are equal bytes.
 */
export async function renderPdf(report: Report): Promise<Buffer> {
  const document = documentOf(report);
  if (document.layout === 'report') {
    const isShort = document.sections.length < CONTENTS_FROM + 4;
    const plain = isShort ? await drawn(report, document, { squeeze: 0, contents: false }) : undefined;
    if (plain !== undefined && plain.pages <= 2) return plain.bytes;
    return (await drawn(report, document, { squeeze: 0, contents: true })).bytes;
  }
  for (const squeeze of SQUEEZES) {
    const sheet = await drawn(report, document, { squeeze, contents: false });
    if (sheet.pages === 1) return sheet.bytes;
  }
  // what finds no room even so gives way, from the last section on; the notes stay
  let { sections } = document;
  for (;;) {
    sections = [...sections.slice(0, -2), ...sections.slice(-1)];
    const sheet = await drawn(
      report,
      { ...document, sections },
      { squeeze: SQUEEZES.at(-1) ?? 0, contents: false },
    );
    if (sheet.pages === 1 || sections.length <= 2) return sheet.bytes;
  }
}

interface Setting {
  readonly squeeze: number;
  /** Whether the first page says where what stands. */
  readonly contents: boolean;
}

async function drawn(
  report: Report,
  document: ReportDocument,
  setting: Setting,
): Promise<{ readonly bytes: Buffer; readonly pages: number }> {
  const { default: PDFDocument } = await import('pdfkit');
  const asof = new Date(`${report.asofDate}T00:00:00Z`);
  const pdf = new PDFDocument({
    autoFirstPage: false,
    bufferPages: true,
    tagged: true,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    info: {
      Title: `${report.title}, ${report.portfolioId ?? 'all'}, ${report.asofDate}`,
      Creator: 'dawsos',
      Producer: 'dawsos',
      CreationDate: asof,
      ModDate: asof,
    },
  });
  const bytes = collect(pdf);
  const pages = drawPages(pdf, report, document, setting);
  pdf.end();
  return { bytes: await bytes, pages };
}

/** Gives the number of pages. */
function drawPages(
  pdf: PDFKit.PDFDocument,
  report: Report,
  document: ReportDocument,
  { squeeze, contents: hasContents }: Setting,
): number {
  const furniture = furnitureOf(report, document);
  const type = new TypeSetter(pdf);
  const tags = new Tags(pdf);
  const isSheet = document.layout === 'one_page';
  const pages = new Pages(pdf, type, tags, footHeight(type, furniture), {
    top: isSheet ? mm(14) : mm(22),
    squeeze,
    underlay: () => tags.artifact(() => drawWatermarks(pdf, type, furniture.watermarks)),
  });
  const { sections } = document;
  const withContents = hasContents && sections.length >= CONTENTS_FROM;
  if (withContents) pages.reserve(endHeight(sections.length));
  drawCover(pages, document);
  const end = withContents ? tags.keep('Sect') : undefined;
  const contents = sections.map((section): ContentsLine => ({
    title: section.title,
    page: drawSection(pages, section, isSheet ? mm(5) : mm(8)),
  }));
  if (type.hasReplaced) pages.paragraph(LACKED, TYPE.note);
  if (end !== undefined && pages.number > 1) {
    pdf.switchToPage(0);
    end(() => drawEnd(pages, contents, pinsInShort(report), pages.heightOfFirst));
  }
  drawFurniture(pdf, type, tags, furniture);
  tags.end();
  return pages.number;
}

function collect(document: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
}

function pinsInShort({ pins }: Report): readonly (readonly [label: string, value: string])[] {
  const value = (label: string): string => pins.find(([name]) => name === label)?.[1] ?? '';
  return [
    ['Pack', shortened(value('Pricing pack'), 16)],
    ['Ledger', shortened(value('Ledger commit'), 16)],
    ['Result', shortened(value('Result').replace('sha256:', ''), 16)],
  ];
}

/** Hashes to so many digits; the page on what the report rests on has them whole. */
const shortened = (text: string, digits: number): string =>
  text.replaceAll(/[0-9a-f]{40,}/g, (hash) => hash.slice(0, digits));

function furnitureOf(report: Report, document: ReportDocument): Furniture {
  const [pack, ledger, result] = pinsInShort(report).map(([, value]) =>
    value.replaceAll(/[0-9a-f]{16}\b/g, (hash) => hash.slice(0, 12)),
  );
  const period = document.about.find(([label]) => label === 'Period')?.[1];
  const currency = document.about.find(([label]) => label === 'Base currency')?.[1];
  return {
    headLeft: document.name,
    headRight: [period ?? report.asofDate, currency].filter((part) => part !== undefined).join(' · '),
    footLeft: [
      ...footerLines(report),
      `Pack ${pack ?? ''} · ledger ${ledger ?? ''} · result ${result ?? ''}`,
    ],
    footRight: `${document.name}, as of ${report.asofDate}`,
    watermarks: report.watermarks,
  };
}
