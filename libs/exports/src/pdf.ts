import { pick } from '@dawsos/contracts';
import { panelTable, sectionTable } from './pdf-content';
import { drawLineChart, pointsOf } from './pdf-line-chart';
import { PdfPage } from './pdf-page';
import { drawTable, type PdfTable } from './pdf-table';
import { footerLines, gapNotice, type Panel, type Report, type ReportFigure } from './report';
import { sectionsOf } from './sections';

/**
 * The report as a document for people: the panels of the pattern, or the figures as tables where it has none. On
 * every page the attributions stand at the foot and the watermarks lie across. Its dates are the as-of day, so that
 * equal reports are equal bytes.
 */
export async function renderPdf(report: Report): Promise<Buffer> {
  const { default: PDFDocument } = await import('pdfkit');
  const asof = new Date(`${report.asofDate}T00:00:00Z`);
  const document = new PDFDocument({
    autoFirstPage: false,
    bufferPages: true,
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
  const bytes = collect(document);
  const page = new PdfPage(document, { watermarks: report.watermarks, footer: footerOf(report) });
  page.title(report.title);
  for (const [label, value] of report.pins) page.line(`${label}: ${value}`);
  for (const figure of report.figures) {
    // a part that the run was asked to leave out
    if ('blocks' in figure || figure.value !== null) drawFigure(page, figure);
  }
  page.finish();
  document.end();
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

function footerOf(report: Report): readonly string[] {
  const pins = report.pins.filter(([label]) => label === 'Pricing pack' || label === 'Ledger commit');
  return [...footerLines(report), ...pins.map(([label, value]) => `${label} ${value}`)];
}

function drawFigure(page: PdfPage, figure: ReportFigure): void {
  if ('blocks' in figure) {
    page.heading(figure.name);
    page.gap(gapNotice(figure.blocks));
  } else if (figure.panels.length > 0) {
    for (const panel of figure.panels) drawPanel(page, panel, { [figure.name]: figure.value });
  } else {
    for (const section of sectionsOf(figure.name, figure.value))
      draw(page, section.title, sectionTable(section));
  }
}

function drawPanel(page: PdfPage, panel: Panel, data: Readonly<Record<string, unknown>>): void {
  const value = pick(data, panel.source);
  const points = panel.kind === 'line' ? pointsOf(value) : [];
  if (points.length < 2) {
    draw(page, panel.title, panelTable(panel, value));
    return;
  }
  page.heading(panel.title);
  drawLineChart(page, points);
}

function draw(page: PdfPage, title: string, table: PdfTable): void {
  page.heading(title);
  if (table.rows.length === 0) page.line('None.');
  else drawTable(page, table);
}
