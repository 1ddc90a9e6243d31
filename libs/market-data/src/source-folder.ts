import fs from 'node:fs/promises';
import path from 'node:path';
import { openFredFolder } from './fred/fred-folder';
import { openFundamentalsFolder } from './fundamentals/fundamentals-folder';
import type { FundamentalsSource } from './fundamentals/fundamentals-source';
import type { MacroSeriesSource } from './macro-series';
import { openNewsFolder } from './news/news-folder';
import type { NewsSource } from './news/news-source';

/** Where series, statements and news come from; of several sources the first that knows a thing answers. */
export interface DataSources {
  readonly macro: readonly MacroSeriesSource[];
  readonly fundamentals: readonly FundamentalsSource[];
  readonly news: readonly NewsSource[];
}

/** The name of a source is that of its folder. */
const SOURCE = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/**
 * The sources in a folder of market data: `macro/SOURCE/CPIAUCSL.csv`, `fundamentals/SOURCE/ABC.json` and
 * `news/SOURCE/ABC.json`, where SOURCE is the name that the rights registry knows. What is not there is no source.
 */
export async function openSourceFolder(folder: string): Promise<DataSources> {
  const open = async <T>(kind: string, openOne: (folder: string, source: string) => T): Promise<T[]> => {
    const names = await foldersIn(path.join(folder, kind));
    return names.map((name) => openOne(path.join(folder, kind, name), name));
  };
  return {
    macro: await open('macro', openFredFolder),
    fundamentals: await open('fundamentals', openFundamentalsFolder),
    news: await open('news', openNewsFolder),
  };
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isDirectory() && SOURCE.test(entry.name))
    .map(({ name }) => name)
    .sort();
}
