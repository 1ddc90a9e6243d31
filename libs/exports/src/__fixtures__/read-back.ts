import { isoDate } from '@dawsos/contracts';
import type { ExportFormat } from '@dawsos/rights';
import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { renderExport } from '../render';
import type { Report } from '../report';

export const RUN = {
  pattern_id: 'demo',
  pattern_version: '1.0.0',
  portfolio_id: 'growth',
  asof_date: isoDate('2025-10-22'),
  pricing_pack_id: 'PP_2025-10-22',
  pricing_pack_hash: 'a'.repeat(64),
  ledger_commit_hash: 'b'.repeat(40),
  data_hash: 'c'.repeat(64),
};

export const csvOf = async (report: Report): Promise<string[][]> =>
  parse((await renderExport(report, 'csv')).bytes, { relax_column_count: false, record_delimiter: '\r\n' });

export async function sheetsOf(report: Report): Promise<Record<string, string>> {
  const files = unzipSync((await renderExport(report, 'xlsx')).bytes);
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
}

interface PdfText {
  readonly pages: readonly { readonly text: string; readonly slanted: readonly string[] }[];
  readonly info: Readonly<Record<string, unknown>>;
}

/** Reads a PDF back with another library than the one that wrote it. */
export async function readPdf(bytes: Buffer): Promise<PdfText> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const document = await task.promise;
  const pages = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    const texts = items.flatMap((item) => ('str' in item ? [item] : []));
    pages.push({
      text: texts.map(({ str }) => str).join(' '),
      // a text that runs neither across nor down
      slanted: texts
        .filter(({ str, transform }) => transform[0] !== 0 && transform[1] !== 0 && str !== '')
        .map(({ str }) => str),
    });
  }
  const { info } = await document.getMetadata();
  await task.destroy();
  return { pages, info: info as PdfText['info'] };
}

/** All that a file says, as text. */
export async function textOf(report: Report, format: ExportFormat): Promise<string> {
  const { bytes } = await renderExport(report, format);
  if (format === 'xlsx')
    return Object.values(unzipSync(bytes))
      .map((part) => strFromU8(part))
      .join('');
  if (format === 'pdf') return (await readPdf(bytes)).pages.map(({ text }) => text).join(' ');
  return bytes.toString();
}
