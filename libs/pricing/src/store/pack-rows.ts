import { DawsosError, isoDate, sha256Hex, type PackSummary } from '@dawsos/contracts';
import type { Database } from '@dawsos/database';
import { sql } from 'kysely';
import type { SourceReport, StreamedPack } from '../pack/pack-digest';
import { packHash, type SeriesText } from '../pack/pack-hash';

type Connection = Database['kysely'];

/** Rows of one statement: some hundred kilobytes, so that neither side holds much. */
const ROWS_A_STATEMENT = 5_000;
/** Series of one page when a pack is read. */
const SERIES_A_PAGE = 500;

type Row = readonly string[];

/** Writes a pack's rows, a few thousand a statement, as arrays: neither side ever holds more. */
export async function writeSeries(
  db: Connection,
  pack: StreamedPack,
  onRows?: (written: number) => Promise<void>,
): Promise<void> {
  const rows: Record<SeriesText['kind'], Row[]> = { price: [], rate: [] };
  let written = 0;
  const flush = async (kind: SeriesText['kind']): Promise<void> => {
    const batch = rows[kind];
    rows[kind] = [];
    await WRITERS[kind](db, pack.id, batch);
    written += batch.length;
    await onRows?.(written);
  };
  for await (const { kind, name, text } of pack.series) {
    const lead = name.split(' ');
    for (const line of text.split('\n')) {
      rows[kind].push([...lead, ...line.split(' ')]);
      if (rows[kind].length >= ROWS_A_STATEMENT) await flush(kind);
    }
  }
  for (const kind of ['price', 'rate'] as const) if (rows[kind].length > 0) await flush(kind);
  if (written !== pack.priceCount + pack.rateCount) {
    throw new DawsosError('internal_error', `${pack.id}: the quotes changed while they were written`);
  }
}

const WRITERS = {
  price: async (db: Connection, packId: string, rows: readonly Row[]): Promise<void> => {
    const [commodities, dates, numbers, currencies, sources] = columns(rows, 5);
    await sql`
      insert into prices (pack_id, commodity, date, number, currency, source)
      select ${packId}, * from unnest(
        ${commodities}::text[], ${dates}::date[], ${numbers}::numeric[], ${currencies}::text[], ${sources}::text[]
      )`.execute(db);
  },
  rate: async (db: Connection, packId: string, rows: readonly Row[]): Promise<void> => {
    const [bases, quotes, dates, numbers, sources] = columns(rows, 5);
    await sql`
      insert into fx_rates (pack_id, base, quote, date, number, source)
      select ${packId}, * from unnest(
        ${bases}::text[], ${quotes}::text[], ${dates}::date[], ${numbers}::numeric[], ${sources}::text[]
      )`.execute(db);
  },
};

/** What the rows come from, source by source. */
export async function writeSources(db: Connection, pack: StreamedPack): Promise<void> {
  await db
    .insertInto('pack_sources')
    .values(
      pack.sourceReports.map(({ source, prices, rates, firstDate, lastDate }) => ({
        pack_id: pack.id,
        source,
        price_count: prices,
        rate_count: rates,
        first_date: firstDate,
        last_date: lastDate,
      })),
    )
    .execute();
}

export async function readSources(db: Connection, packId: string): Promise<SourceReport[]> {
  const rows = await db
    .selectFrom('pack_sources')
    .select([
      'source',
      'price_count as prices',
      'rate_count as rates',
      sql<string>`first_date::text`.as('first_date'),
      sql<string>`last_date::text`.as('last_date'),
    ])
    .where('pack_id', '=', packId)
    .orderBy('source')
    .execute();
  return rows.map(({ first_date: first, last_date: last, ...row }) => ({
    ...row,
    firstDate: isoDate(first),
    lastDate: isoDate(last),
  }));
}

function columns(rows: readonly Row[], count: number): string[][] {
  return Array.from({ length: count }, (_unused, index) => rows.map((row) => row[index] ?? ''));
}

/** A pack's series in canonical order and text, a page of series at a time. */
export async function readSeries(db: Connection, packId: string): Promise<SeriesText[]> {
  const series: SeriesText[] = [];
  const prices = sql`commodity`;
  const rates = sql`base || ' ' || quote`;
  for (const kind of ['price', 'rate'] as const) {
    let after = '';
    for (;;) {
      const page = await sql<{ name: string; text: string }>`
        select ${kind === 'price' ? prices : rates} as name,
          string_agg(${kind === 'price' ? PRICE_LINE : RATE_LINE}, E'\n' order by date) as text
        from ${kind === 'price' ? sql.table('prices') : sql.table('fx_rates')}
        where pack_id = ${packId} and ${kind === 'price' ? prices : rates} > ${after}
        group by 1 order by 1 limit ${SERIES_A_PAGE}`.execute(db);
      for (const { name, text } of page.rows) series.push({ kind, name, text });
      const last = page.rows.at(-1);
      if (last === undefined || page.rows.length < SERIES_A_PAGE) break;
      after = last.name;
    }
  }
  return series;
}

const PRICE_LINE = sql`date::text || ' ' || number::text || ' ' || currency || ' ' || source`;
const RATE_LINE = sql`date::text || ' ' || number::text || ' ' || source`;

/** @throws DawsosError `internal_error` when the rows do not give the hash that the pack was sealed with. */
export function verifySeries(
  pack: PackSummary & { readonly content_hash: string },
  series: readonly SeriesText[],
): void {
  const hashed = series.map(({ kind, name, text }) => ({ kind, name, hash: sha256Hex(text) }));
  const hash = packHash(isoDate(pack.asof_date), pack.policy, hashed);
  if (hash === pack.content_hash) return;
  throw new DawsosError(
    'internal_error',
    `the rows of ${pack.pack_id} give the hash ${hash}, but it was sealed as ${pack.content_hash}; restore the database`,
  );
}
