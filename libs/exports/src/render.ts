import type { ExportFormat } from '@dawsos/rights';
import { renderCsv } from './csv';
import { renderJson } from './json';
import { renderPdf } from './pdf/render-pdf';
import { fileNameOf, type Report } from './report';
import { renderXlsx } from './xlsx/render-xlsx';

export interface ExportFile {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly fileName: string;
}

export const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8; header=absent',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** The report as a file: equal reports give equal bytes. */
export async function renderExport(report: Report, format: ExportFormat): Promise<ExportFile> {
  return {
    bytes: await render(report, format),
    mediaType: MEDIA_TYPES[format],
    fileName: fileNameOf(report, format),
  };
}

async function render(report: Report, format: ExportFormat): Promise<Buffer> {
  switch (format) {
    case 'csv':
      return renderCsv(report);
    case 'json':
      return renderJson(report);
    case 'xlsx':
      return renderXlsx(report);
    case 'pdf':
      return renderPdf(report);
  }
}
