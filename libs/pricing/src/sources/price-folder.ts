import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { PRICE_COLUMNS, RATE_COLUMNS, streamPriceCsv, streamRateCsv } from './csv-source';
import { readPriceDirectives } from './directive-source';
import { readEcbCsv } from './ecb-source';
import type { SourceQuotes, SourceStream } from './merge-quotes';
import type { Quote } from './quote';
import { unreadable } from './quote';

/**
 * The price files of a folder: `prices/*.csv`, `fx/*.csv`, `ecb/*.csv` as the European Central Bank publishes its
 * reference rates, and Beancount `price` directives, as bean-price prints them, in `*.beancount` at the top, in
 * `prices/` or in `fx/`. Each file is one source, read anew by each iteration, a CSV file row by row, which throws
 * DawsosError `pack_unreadable` where it cannot be read. Faults name a file by its path in the folder. A folder
 * without a file gives none.
 * @throws DawsosError `pack_unreadable` when the folder is not there, or CSV files lie where none are read
 */
export async function openPriceFolder(folder: string): Promise<SourceStream[]> {
  await requireFolder(folder);
  const [prices, rates, referenceRates, directives] = await Promise.all([
    files(folder, 'prices', '.csv'),
    files(folder, 'fx', '.csv'),
    files(folder, 'ecb', '.csv'),
    Promise.all(['', 'prices', 'fx'].map((part) => files(folder, part, '.beancount'))),
  ]);
  await refuseMisplaced(folder);
  const open = (name: string) => createReadStream(path.join(folder, name));
  return [
    ...prices.map((name) => reading(() => streamPriceCsv(name, open(name)))),
    ...rates.map((name) => reading(() => streamRateCsv(name, open(name)))),
    ...referenceRates.map((name) => reading(() => ecbQuotes(folder, name))),
    ...directives.flat().map((name) => reading(() => directiveQuotes(folder, name))),
  ];
}

async function requireFolder(folder: string): Promise<void> {
  const facts = await fs.stat(folder).catch(() => undefined);
  if (facts?.isDirectory() === true) return;
  const message = facts === undefined ? 'there is no such folder' : 'is not a folder';
  throw unreadable([{ place: { file: folder, line: 0 }, message }]);
}

/** A file that is not read would be a price that is silently not there. */
async function refuseMisplaced(folder: string): Promise<void> {
  const misplaced = await files(folder, '', '.csv');
  if (misplaced.length === 0) return;
  const message = `lies beside the folders that are read: move it to prices/ (columns ${PRICE_COLUMNS.join()}) or fx/ (columns ${RATE_COLUMNS.join()})`;
  throw unreadable(misplaced.map((file) => ({ place: { file, line: 1 }, message })));
}

/** The same, all in memory. @throws DawsosError `pack_unreadable` when the folder is not there, or a file cannot be read */
export async function readPriceFolder(folder: string): Promise<SourceQuotes[]> {
  const sources = await openPriceFolder(folder);
  return Promise.all(sources.map(inMemory));
}

async function inMemory({ quotes }: SourceStream): Promise<SourceQuotes> {
  const all: Quote[] = [];
  for await (const quote of quotes) all.push(quote);
  return { quotes: all };
}

function reading(read: () => AsyncIterator<Quote>): SourceStream {
  return { quotes: { [Symbol.asyncIterator]: read } };
}

/** The whole history is a megabyte: it is read at once. */
async function* ecbQuotes(folder: string, name: string): AsyncGenerator<Quote> {
  yield* readEcbCsv({ name, text: await fs.readFile(path.join(folder, name), 'utf8') });
}

async function* directiveQuotes(folder: string, name: string): AsyncGenerator<Quote> {
  yield* await readPriceDirectives(folder, name);
}

async function files(folder: string, part: string, ending: string): Promise<string[]> {
  const names = await fs.readdir(path.join(folder, part)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => (part === '' ? name : `${part}/${name}`));
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
