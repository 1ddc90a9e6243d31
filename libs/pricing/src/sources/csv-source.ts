import { isIsoDate } from '@dawsos/contracts';
import { pipeline, type Readable } from 'node:stream';
import { parse as parseStream } from 'csv-parse';
import { parse, type CsvError } from 'csv-parse/sync';
import {
  canonicalNumber,
  COMMODITY,
  SOURCE,
  unreadable,
  type Place,
  type PriceQuote,
  type Quote,
  type RateQuote,
  type SourceFault,
} from './quote';

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
  return readRows(file, PRICE_COLUMNS, priceOf);
}

/** The same, row by row. */
export function streamPriceCsv(name: string, bytes: Readable): AsyncGenerator<PriceQuote> {
  return streamRows(name, bytes, PRICE_COLUMNS, priceOf);
}

/**
 * The exchange rates of a CSV file with exactly the columns `date,base,quote,rate,source`; `rate` is units of
 * `quote` per unit of `base`, above 0.
 * @throws DawsosError `pack_unreadable` with every fault's file and line.
 */
export function readRateCsv(file: CsvFile): RateQuote[] {
  return readRows(file, RATE_COLUMNS, rateOf);
}

/** The same, row by row. */
export function streamRateCsv(name: string, bytes: Readable): AsyncGenerator<RateQuote> {
  return streamRows(name, bytes, RATE_COLUMNS, rateOf);
}

function priceOf(row: Row): PriceQuote {
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
}

function rateOf(row: Row): RateQuote {
  const [date, base, quote, rate, source] = row.fields;
  const number = row.number(rate, 'rate');
  if (number === '0' || number.startsWith('-')) row.fault('rate', `"${number}" must be above 0`);
  if (base === quote) row.fault('quote', `"${quote ?? ''}" is the base as well`);
  return {
    kind: 'rate',
    date: row.date(date),
    base: row.matching(COMMODITY, base, 'base', 'a currency such as USD'),
    quote: row.matching(COMMODITY, quote, 'quote', 'a currency such as CAD'),
    number,
    source: row.matching(SOURCE, source, 'source', 'the name of a source, without blanks'),
    place: row.place,
  };
}

class BadRow extends Error {
  constructor(
    message: string,
    readonly column: number | undefined,
  ) {
    super(message);
  }
}

const writtenLength = (field: string): number =>
  /[",\r\n]/.test(field) ? field.replaceAll('"', '""').length + 2 : field.length;

/** One record, and the checks of its fields; a failed check ends the record, not the file. */
class Row {
  readonly place: Place;

  constructor(
    file: string,
    line: number,
    readonly fields: readonly string[],
    private readonly columns: readonly string[],
  ) {
    this.place = { file, line };
  }

  fault(column: string, message: string): never {
    throw new BadRow(`${column}: ${message}`, this.columnOf(column));
  }

  wrongCount(): never {
    const { fields, columns } = this;
    const hint =
      fields.length === columns.length + 1 &&
      fields.some((field, index) => isHalfOfDecimalComma(field, fields[index + 1]))
        ? '; is there a decimal comma? Write a point'
        : '';
    throw new BadRow(
      `${String(fields.length)} fields instead of ${String(columns.length)}${hint}`,
      undefined,
    );
  }

  date(text = ''): Quote['date'] {
    return isIsoDate(text) ? text : this.fault('date', `"${text}" is not a calendar day; write YYYY-MM-DD`);
  }

  number(text = '', column: string): string {
    if (text.trim() === '') return this.fault(column, 'is empty; fill it in, or take the line out');
    const hint = /^[+-]?\d+,\d+$/.test(text)
      ? 'write a decimal point'
      : 'write it without grouping or exponent';
    return canonicalNumber(text) ?? this.fault(column, `"${text}" is not a decimal number; ${hint}`);
  }

  matching(pattern: RegExp, text = '', column: string, wanted: string): string {
    return pattern.test(text) ? text : this.fault(column, `"${text}" is not ${wanted}`);
  }

  /** Where the field begins, in characters from 1, as the row is written without needless quotes. */
  private columnOf(name: string): number {
    const before = this.fields.slice(0, this.columns.indexOf(name));
    return before.reduce((at, field) => at + writtenLength(field) + 1, 1);
  }
}

const isHalfOfDecimalComma = (field: string, next = ''): boolean =>
  /^[+-]?\d+$/.test(field) && /^\d+$/.test(next);

/** Reads the records of a file, the header first, and keeps the first faults. */
class RowReader<T> {
  private readonly faults: SourceFault[] = [];
  private faultCount = 0;
  private hasHeader = false;

  constructor(
    private readonly file: string,
    private readonly columns: readonly string[],
    private readonly toQuote: (row: Row) => T,
  ) {}

  /** Undefined for the header, and for a record with a fault. */
  read({ fields, line }: CsvRecord): T | undefined {
    if (!this.hasHeader) {
      this.requireHeader(fields);
      return undefined;
    }
    const row = new Row(this.file, line, fields, this.columns);
    try {
      if (fields.length !== this.columns.length) row.wrongCount();
      return this.toQuote(row);
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      this.faultCount += 1;
      if (this.faults.length < FAULTS_KEPT)
        this.faults.push({ place: { ...row.place, column: error.column }, message: error.message });
      return undefined;
    }
  }

  /** @throws DawsosError `pack_unreadable` */
  end(): void {
    if (!this.hasHeader) this.requireHeader(undefined);
    if (this.faultCount > 0) throw unreadable(this.faults, this.faultCount);
  }

  private requireHeader(fields: readonly string[] | undefined): void {
    this.hasHeader = true;
    if (fields?.join() === this.columns.join()) return;
    const message = `the first line must be ${this.columns.join()}; found ${fields?.join() ?? 'nothing'}`;
    throw unreadable([{ place: { file: this.file, line: 1 }, message }]);
  }
}

interface CsvRecord {
  readonly fields: readonly string[];
  /** The line that it ends on. */
  readonly line: number;
}

const FAULTS_KEPT = 1_000;
const FORMAT = { bom: true, relax_column_count: true, skip_empty_lines: true } as const;

function readRows<T>(file: CsvFile, columns: readonly string[], toQuote: (row: Row) => T): T[] {
  const reader = new RowReader(file.name, columns, toQuote);
  const rows: T[] = [];
  let line = 0;
  try {
    parse(file.text, {
      ...FORMAT,
      on_record: (fields: string[], { lines }) => {
        line = lines;
        const row = reader.read({ fields, line });
        if (row !== undefined) rows.push(row);
        return null;
      },
    });
  } catch (error) {
    throw asFault(file.name, line, error);
  }
  reader.end();
  return rows;
}

async function* streamRows<T>(
  name: string,
  bytes: Readable,
  columns: readonly string[],
  toQuote: (row: Row) => T,
): AsyncGenerator<T> {
  const reader = new RowReader(name, columns, toQuote);
  const parser = parseStream({ ...FORMAT, info: true });
  // an error of either ends the iteration; left early, both are closed
  pipeline(bytes, parser, () => undefined);
  let line = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      line = info.lines;
      const row = reader.read({ fields: record, line });
      if (row !== undefined) yield row;
    }
  } catch (error) {
    throw asFault(name, line, error);
  }
  reader.end();
}

function asFault(file: string, lastLine: number, error: unknown): unknown {
  if (!isCsvError(error)) return error;
  const line = typeof error['lines'] === 'number' ? error['lines'] : lastLine + 1;
  return unreadable([{ place: { file, line }, message: error.message }]);
}

/** By its code: csv-parse has the class twice, for its two ways to parse. */
function isCsvError(error: unknown): error is CsvError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('CSV_');
}
