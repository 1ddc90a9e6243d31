import { documentOf } from '../document';
import type { ReportDocument } from '../model/document';
import { footerLines, type Report } from '../report';
import { drawCover, drawEnd, endHeight, type ContentsLine } from './cover';
import { drawFurniture, footHeight, type Furniture } from './furniture';
import { Pages } from './pages';
import { drawSection } from './sections';
import { Tags } from './tags';
import { mm } from './theme';
import { TypeSetter } from './type-setter';

/** From so many sections on, the first page says where each begins. */
const CONTENTS_FROM = 5;

/**
 * The report as a document for people, tagged for those who hear it: the cover with the answer, the pattern's panels,
 * then how the figures are made, what is not told and what all of it rests on. On every page the attributions stand at
 * the foot and the watermarks lie across. Its dates are the as-of day, so that equal reports are equal bytes.
 */
export async function renderPdf(report: Report): Promise<Buffer> {
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
  const document = documentOf(report);
  const furniture = furnitureOf(report, document);
  const type = new TypeSetter(pdf);
  const tags = new Tags(pdf);
  const isSheet = document.layout === 'one_page';
  const pages = new Pages(pdf, type, tags, footHeight(type, furniture), isSheet ? mm(14) : mm(22));
  const { sections } = document;
  const withContents = !isSheet && sections.length >= CONTENTS_FROM;
  if (withContents) pages.reserve(endHeight(sections.length));
  drawCover(pages, document);
  const end = withContents ? tags.keep('Sect') : undefined;
  const contents = sections.map((section): ContentsLine => ({
    title: section.title,
    page: drawSection(pages, section, isSheet ? mm(5) : mm(8)),
  }));
  if (end !== undefined && pages.number > 1) {
    pdf.switchToPage(0);
    end(() => drawEnd(pages, contents, pinsInShort(report), pages.heightOfFirst));
  }
  drawFurniture(pdf, type, tags, furniture);
  tags.end();
  pdf.end();
  return bytes;
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
