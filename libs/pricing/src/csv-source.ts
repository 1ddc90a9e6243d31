import { isIsoDate } from '@dawsos/contracts';
import { CsvError, parse } from 'csv-parse/sync';
import { canonicalNumber, COMMODITY, SOURCE, type PriceQuote, type Quote, type RateQuote } from './quote';
import { unreadable, type SourceFault } from './source-fault';

export const PRICE_COLUMNS = ['date', 'commodity', 'price', 'currency', 'source'] as const;
export const RATE_COLUMNS = ['date', 'base', 'quote', 'rate', 'source'] as const;

export interface CsvFile {
  /** The name that faults are reported under. */
  readonly name: string;
  readonly text: string;
}

/**
 * The prices of a CSV file with exactly the columns `date,commodity,price,currency,source`.
 * @throws DawsosError `pack_unreadable` with every fault's file and line.
 */
export function readPriceCsv(file: CsvFile): PriceQuote[] {
  return readRows(file, PRICE_COLUMNS, (row) => {
    const [date, commodity, price, currency, source] = row.fields;
    return {
      kind: 'price',
      date: row.date(date),
      commodity: row.matching(COMMODITY, commodity, 'commodity', 'a commodity such as AAPL'),
      number: row.number(price, 'price'),
      currency: row.matching(COMMODITY, currency, 'currency', 'a currency such as USD'),
      source: row.matching(SOURCE, source, 'source', 'the name of a source, without blanks'),
      place: row.place,
      implicit: false,
    };
  });
}

/**
 * The exchange rates of a CSV file with exactly the columns `date,base,quote,rate,source`; `rate` is units of
 * `quote` per unit of `base`, above 0.
 * @throws DawsosError `pack_unreadable` with every fault's file and line.
 */
export function readRateCsv(file: CsvFile): RateQuote[] {
  return readRows(file, RATE_COLUMNS, (row) => {
    const [date, base, quote, rate, source] = row.fields;
    const number = row.number(rate, 'rate');
    if (number === '0' || number.startsWith('-')) row.fault(`rate: "${number}" must be above 0`);
    if (base === quote) row.fault(`quote: "${quote ?? ''}" is the base as well`);
    return {
      kind: 'rate',
      date: row.date(date),
      base: row.matching(COMMODITY, base, 'base', 'a currency such as USD'),
      quote: row.matching(COMMODITY, quote, 'quote', 'a currency such as CAD'),
      number,
      source: row.matching(SOURCE, source, 'source', 'the name of a source, without blanks'),
      place: row.place,
    };
  });
}

class BadRow extends Error {}

/** One record, and the checks of its fields; a failed check ends the record, not the file. */
class Row {
  readonly place: { readonly file: string; readonly line: number };

  constructor(
    file: string,
    line: number,
    readonly fields: readonly string[],
  ) {
    this.place = { file, line };
  }

  fault(message: string): never {
    throw new BadRow(message);
  }

  date(text = ''): Quote['date'] {
    return isIsoDate(text) ? text : this.fault(`date: "${text}" is not a calendar day; write YYYY-MM-DD`);
  }

  number(text = '', column: string): string {
    return (
      canonicalNumber(text) ??
      this.fault(`${column}: "${text}" is not a decimal number; write it without grouping or exponent`)
    );
  }

  matching(pattern: RegExp, text = '', column: string, wanted: string): string {
    return pattern.test(text) ? text : this.fault(`${column}: "${text}" is not ${wanted}`);
  }
}

function readRows<T>(file: CsvFile, columns: readonly string[], read: (row: Row) => T): T[] {
  const [header, ...records] = parseRecords(file);
  if (header === undefined || header.fields.join() !== columns.join()) {
    const found = header === undefined ? 'nothing' : header.fields.join();
    const message = `the first line must be ${columns.join()}; found ${found}`;
    throw unreadable([{ place: { file: file.name, line: 1 }, message }]);
  }
  const faults: SourceFault[] = [];
  const rows: T[] = [];
  for (const { fields, line } of records) {
    const row = new Row(file.name, line, fields);
    try {
      if (fields.length !== columns.length) {
        row.fault(`${String(fields.length)} fields instead of ${String(columns.length)}`);
      }
      rows.push(read(row));
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      faults.push({ place: row.place, message: error.message });
    }
  }
  if (faults.length > 0) throw unreadable(faults);
  return rows;
}

interface CsvRecord {
  readonly fields: readonly string[];
  readonly line: number;
}

/** The records with the line that each ends on. */
function parseRecords(file: CsvFile): CsvRecord[] {
  const records: CsvRecord[] = [];
  try {
    parse(file.text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (fields: string[], { lines }) => {
        records.push({ fields, line: lines });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : records.length + 1;
    throw unreadable([{ place: { file: file.name, line }, message: error.message }]);
  }
  return records;
}
