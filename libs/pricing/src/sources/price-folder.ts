import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { streamPriceCsv, streamRateCsv } from './csv-source';
import { readEcbCsv } from './ecb-source';
import type { SourceQuotes, SourceStream } from './merge-quotes';
import type { Quote } from './quote';
import { unreadable } from './quote';

/**
 * The CSV files of a folder: `prices/*.csv`, `fx/*.csv`, and `ecb/*.csv` as the European Central Bank publishes its
 * reference rates; each file is one source, read anew, row by row, by each iteration, which throws DawsosError
 * `pack_unreadable` where it cannot be read. Faults name a file by its path in the folder.
 * @throws DawsosError `pack_unreadable` when there is no such file
 */
export async function openPriceFolder(folder: string): Promise<SourceStream[]> {
  const prices = await csvFiles(folder, 'prices');
  const rates = await csvFiles(folder, 'fx');
  const referenceRates = await csvFiles(folder, 'ecb');
  if (prices.length + rates.length + referenceRates.length === 0) {
    const message = 'no CSV file in prices/, fx/ or ecb/';
    throw unreadable([{ place: { file: path.basename(folder), line: 0 }, message }]);
  }
  const open = (name: string) => createReadStream(path.join(folder, name));
  return [
    ...prices.map((name) => reading(() => streamPriceCsv(name, open(name)))),
    ...rates.map((name) => reading(() => streamRateCsv(name, open(name)))),
    ...referenceRates.map((name) => reading(() => ecbQuotes(folder, name))),
  ];
}

/** The same, all in memory. @throws DawsosError `pack_unreadable` when there is no file, or one cannot be read */
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

async function csvFiles(folder: string, part: string): Promise<string[]> {
  const names = await fs.readdir(path.join(folder, part)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .map((name) => `${part}/${name}`);
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
