import { Decimal, isIsoDate, type IsoDate } from '@dawsos/contracts';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { malformedFormat } from '../parse-format';
import type { MacroObservation, MacroSeries } from '../macro-series';

/** The source that the rights registry knows. */
export const FRED_SOURCE = 'fred';

/** How FRED writes that a period has no value; its CSV files of late leave the cell empty. */
const NO_VALUE = new Set(['.', '']);
const NUMBER = /^[+-]?\d{1,40}(\.\d{1,40})?$/;

const ObservationsSchema = z.looseObject({
  observations: z.array(z.looseObject({ date: z.string(), value: z.string() })),
  count: z.union([z.number(), z.string()]).optional(),
  limit: z.union([z.number(), z.string()]).optional(),
});

interface Row {
  readonly date: string;
  readonly value: string;
  /** Where it stands, for faults. */
  readonly place: string;
}

/**
 * An answer of `fred/series/observations` with `file_type=json`.
 * @param name what faults call it: the source, or the file
 * @throws DawsosError `source_malformed`
 */
export function readFredJson(seriesId: string, body: unknown, name: string = FRED_SOURCE): MacroSeries {
  const parsed = ObservationsSchema.safeParse(body);
  if (!parsed.success) throw malformedFormat(name, 'there is no list "observations" of dates and values');
  const { observations, count, limit } = parsed.data;
  if (count !== undefined && limit !== undefined && Number(count) > Number(limit)) {
    throw malformedFormat(
      name,
      `it holds ${String(limit)} of ${String(count)} observations; ask for a shorter period`,
    );
  }
  const rows = observations.map(({ date, value }, index) => ({
    date,
    value,
    place: `observation ${String(index + 1)}`,
  }));
  return toSeries(seriesId, rows, name);
}

/**
 * A file as FRED's pages give it for download: `observation_date` (of old `DATE`) and the series' id, a line a period.
 * @throws DawsosError `source_malformed`
 */
export function readFredCsv(seriesId: string, text: string, name: string): MacroSeries {
  const [header = [], ...records] = parseCsv(text, name);
  const [dateColumn = '', ...columns] = header;
  const column = columns.indexOf(seriesId);
  if (!['observation_date', 'DATE'].includes(dateColumn) || column < 0) {
    const found = header.join(',').slice(0, 80);
    throw malformedFormat(name, `the first line must be observation_date,${seriesId}; found "${found}"`);
  }
  const rows = records.map((cells, index) => ({
    date: cells[0] ?? '',
    value: cells[column + 1] ?? '',
    place: `line ${String(index + 2)}`,
  }));
  return toSeries(seriesId, rows, name);
}

function parseCsv(text: string, name: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    if (error instanceof CsvError) throw malformedFormat(name, error.message);
    throw error;
  }
}

function toSeries(id: string, rows: readonly Row[], name: string): MacroSeries {
  const values = new Map<IsoDate, MacroObservation | undefined>();
  for (const { date, value, place } of rows) {
    if (!isIsoDate(date)) throw malformedFormat(name, `${place}: "${date.slice(0, 40)}" is not a day`);
    if (values.has(date)) throw malformedFormat(name, `${place}: ${date} stands there twice`);
    if (NO_VALUE.has(value)) values.set(date, undefined);
    else if (NUMBER.test(value)) values.set(date, { date, value: new Decimal(value) });
    else throw malformedFormat(name, `${place}: "${value.slice(0, 40)}" is not a number`);
  }
  const dates = [...values.keys()].sort();
  return {
    id,
    observations: dates.flatMap((date) => values.get(date) ?? []),
    missing: dates.filter((date) => values.get(date) === undefined),
  };
}

/** The part of a series from `from` to `to`, both included. */
export function between(series: MacroSeries, from: IsoDate, to: IsoDate): MacroSeries {
  const within = (date: IsoDate): boolean => date >= from && date <= to;
  return {
    id: series.id,
    observations: series.observations.filter(({ date }) => within(date)),
    missing: series.missing.filter(within),
  };
}
