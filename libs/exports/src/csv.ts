import { stringify } from 'csv-stringify/sync';
import { textCell, type Cell } from './cell';
import { footerLines, gapNotice, type Report } from './report';
import { sectionsOf } from './sections';

/** What a spreadsheet takes for the start of a formula, or skips before one (OWASP, "CSV Injection"). */
const FORMULA_START = /^\s*[=+\-@＝＋－＠]|^[\t\r\n\0]/;

/**
 * The report as one CSV file by RFC 4180: comma, CRLF, UTF-8, as many fields in every record. Each figure is a block
 * of a title, a header and its rows. Numbers are plain digits, minus and all; a text that a spreadsheet could take
 * for a formula gets an apostrophe in front.
 */
export function renderCsv(report: Report): Buffer {
  const records = recordsOf(report);
  const width = records.reduce((widest, record) => Math.max(widest, record.length), 0);
  const padded = records.map((record) => [
    ...record.map(fieldOf),
    ...Array.from({ length: width - record.length }, () => ''),
  ]);
  return Buffer.from(stringify(padded, { record_delimiter: '\r\n' }));
}

function recordsOf(report: Report): (readonly Cell[])[] {
  const line = (...texts: readonly string[]) => texts.map(textCell);
  return [
    line(report.title),
    ...report.watermarks.map((text) => line(text)),
    ...report.pins.map((pin) => line(...pin)),
    ...report.figures.flatMap((figure) => {
      if ('blocks' in figure) return [line(), line(figure.name), line(gapNotice(figure.blocks))];
      return sectionsOf(figure.name, figure.value).flatMap(({ title, columns, rows }) => [
        line(),
        line(title),
        line(...columns),
        ...rows,
      ]);
    }),
    line(),
    ...footerLines(report).map((text) => line(text)),
  ];
}

function fieldOf({ kind, text }: Cell): string {
  return kind === 'text' && FORMULA_START.test(text) ? `'${text}` : text;
}
