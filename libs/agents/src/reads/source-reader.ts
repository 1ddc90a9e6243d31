import {
  contentHash,
  DawsosError,
  isDawsosError,
  type IsoDate,
  type JsonValue,
  type Read,
} from '@dawsos/contracts';
import type { AnnualStatements, DataSources, MacroSeries, NewsItem } from '@dawsos/market-data';
import type { Answer } from './pack-answers';

/** An answer and who gave it: the name that the rights registry knows. */
export interface Sourced<T> {
  readonly source: string;
  readonly value: T;
}

/**
 * Series, statements and news as a capability sees them: each look-up is recorded with its source. They are pinned by
 * no pack and no commit, so a step that reads one is computed anew each time; what it read stands in its record.
 */
export interface SourceReader {
  /** @throws DawsosError `series_not_found`, and what the source throws. */
  macroSeries(id: string, from: IsoDate, to: IsoDate): Promise<Sourced<MacroSeries>>;
  /** The fiscal years, those filed after `to` left out; undefined when no source knows the symbol. */
  statements(symbol: string, to: IsoDate): Promise<Sourced<readonly AnnualStatements[]> | undefined>;
  /** Newest first; undefined when no source knows the symbol. */
  news(symbol: string, from: IsoDate, to: IsoDate): Promise<Sourced<readonly NewsItem[]> | undefined>;
}

export const NO_SOURCES: DataSources = { macro: [], fundamentals: [], news: [] };

type Note = <T>(answer: Answer<T>) => T;

export function createSourceReader(sources: DataSources, note: Note, signal?: AbortSignal): SourceReader {
  return {
    async macroSeries(id, from, to) {
      const found = await firstOf(sources.macro, (source) =>
        seriesOrNone(() => source.series(id, from, to, signal)),
      );
      noteRead(note, `macro ${id}@${from}..${to}`, found, ({ observations, missing }) => ({
        plain: [observations.map(({ date, value }) => [date, value.toFixed()]), [...missing]],
        newest: observations.at(-1)?.date,
      }));
      if (found !== undefined) return found;
      const names = sources.macro.map((source) => source.id).join(', ') || 'none is set up';
      throw new DawsosError('series_not_found', `no source of macro series has ${id} (sources: ${names})`, {
        extensions: { series_id: id },
      });
    },
    async statements(symbol, to) {
      const found = await firstOf(sources.fundamentals, (source) => source.annualStatements(symbol, signal));
      const known = found && {
        ...found,
        value: found.value.filter(({ filed }) => filed === null || filed <= to),
      };
      noteRead(note, `statements ${symbol}@${to}`, known, (years) => ({
        plain: years.map(plainStatements),
        newest: years.at(-1)?.periodEnd,
      }));
      return known;
    },
    async news(symbol, from, to) {
      const found = await firstOf(sources.news, (source) => source.news(symbol, from, to, signal));
      noteRead(note, `news ${symbol}@${from}..${to}`, found, (items) => ({
        plain: items.map((item) => ({ ...item })),
        newest: items[0]?.publishedAt.slice(0, 10),
      }));
      return found;
    },
  };
}

async function firstOf<Source extends { readonly id: string }, T>(
  sources: readonly Source[],
  ask: (source: Source) => Promise<T | undefined>,
): Promise<Sourced<T> | undefined> {
  for (const source of sources) {
    const value = await ask(source);
    if (value !== undefined) return { source: source.id, value };
  }
  return undefined;
}

async function seriesOrNone(read: () => Promise<MacroSeries>): Promise<MacroSeries | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isDawsosError(error) && error.code === 'series_not_found') return undefined;
    throw error;
  }
}

function noteRead<T>(
  note: Note,
  key: string,
  found: Sourced<T> | undefined,
  describe: (value: T) => { readonly plain: JsonValue; readonly newest: string | undefined },
): void {
  const described = found && describe(found.value);
  const read: Read = {
    kind: 'source',
    key,
    hash: contentHash(described?.plain ?? null),
    sources: found === undefined ? [] : [found.source],
    value_date: described?.newest ?? null,
  };
  note({ value: undefined, read });
}

/** Amounts as text, a key each, in the order of their names. */
function plainStatements(statements: AnnualStatements): JsonValue {
  return Object.fromEntries(
    Object.entries(statements).map(([key, value]: [string, AnnualStatements[keyof AnnualStatements]]) => [
      key,
      value === null || typeof value === 'string' ? value : value.toFixed(),
    ]),
  );
}
