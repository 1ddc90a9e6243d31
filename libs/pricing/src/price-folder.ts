import fs from 'node:fs/promises';
import path from 'node:path';
import { readPriceCsv, readRateCsv, type CsvFile } from './csv-source';
import { readEcbCsv } from './ecb-source';
import type { SourceQuotes } from './merge-quotes';
import { unreadable } from './source-fault';

/**
 * The CSV files of a folder: `prices/*.csv`, `fx/*.csv`, and `ecb/*.csv` as the European Central Bank publishes its
 * reference rates; each file is one source. Faults name a file by its path in
 * the folder.
 * @throws DawsosError `pack_unreadable` when there is no such file, or one cannot be read
 */
export async function readPriceFolder(folder: string): Promise<SourceQuotes[]> {
  const prices = await csvFiles(folder, 'prices');
  const rates = await csvFiles(folder, 'fx');
  const referenceRates = await csvFiles(folder, 'ecb');
  if (prices.length + rates.length + referenceRates.length === 0) {
    const message = 'no CSV file in prices/, fx/ or ecb/';
    throw unreadable([{ place: { file: path.basename(folder), line: 0 }, message }]);
  }
  return [
    ...prices.map((file) => ({ quotes: readPriceCsv(file) })),
    ...rates.map((file) => ({ quotes: readRateCsv(file) })),
    ...referenceRates.map((file) => ({ quotes: readEcbCsv(file) })),
  ];
}

async function csvFiles(folder: string, part: string): Promise<CsvFile[]> {
  const names = await fs.readdir(path.join(folder, part)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.csv')).sort();
  return Promise.all(
    files.map(async (name) => ({
      name: `${part}/${name}`,
      text: await fs.readFile(path.join(folder, part, name), 'utf8'),
    })),
  );
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
