import { isIsoDate } from '@dawsos/contracts';
import { canonicalNumber, COMMODITY, type RateQuote } from './quote';
import type { CsvFile } from './csv-source';
import { unreadable, type SourceFault } from './quote';

/** The source that the rights registry knows. */
export const ECB_SOURCE = 'ecb';

/**
 * The European Central Bank's euro foreign exchange reference rates, as it publishes their history
 * (eurofxref-hist.csv): a first line `Date,USD,JPY,…,` and a line a day, units of each currency per euro, `N/A` where
 * there is none, each line ending with a comma. A day or a currency that is not there is a gap, not a fault.
 * @throws DawsosError `pack_unreadable` with every fault's line
 */
export function readEcbCsv(file: CsvFile): RateQuote[] {
  const [header = '', ...lines] = file.text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const [first, ...currencies] = cells(header);
  if (first !== 'Date' || currencies.length === 0 || !currencies.every((name) => COMMODITY.test(name))) {
    const message = `the first line must be Date and the currencies, such as Date,USD,JPY; found ${header.slice(0, 80)}`;
    throw unreadable([{ place: { file: file.name, line: 1 }, message }]);
  }
  const faults: SourceFault[] = [];
  const quotes: RateQuote[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const place = { file: file.name, line: index + 2 };
    const fault = (message: string): void => void faults.push({ place, message });
    const [date = '', ...rates] = cells(line);
    if (!isIsoDate(date)) fault(`Date: "${date}" is not a calendar day; write YYYY-MM-DD`);
    else if (rates.length !== currencies.length) {
      fault(`${String(rates.length)} rates instead of ${String(currencies.length)}`);
    } else {
      for (const [column, text] of rates.entries()) {
        const quote = currencies[column] ?? '';
        if (text === 'N/A' || text === '') continue;
        const number = canonicalNumber(text);
        if (number === undefined || number === '0' || number.startsWith('-')) {
          fault(`${quote}: "${text}" is not a rate; it must be a decimal number above 0, or N/A`);
        } else {
          quotes.push({ kind: 'rate', base: 'EUR', quote, date, number, source: ECB_SOURCE, place });
        }
      }
    }
  }
  if (faults.length > 0) throw unreadable(faults);
  return quotes;
}

/** The file ends each line with a comma. */
function cells(line: string): string[] {
  return line
    .replace(/,\s*$/, '')
    .split(',')
    .map((cell) => cell.trim());
}
