import path from 'node:path';
import { readJsonFile } from '../read-file';
import { COMMODITY_NAME } from '../commodity-name';
import { readFmpStatements } from './fmp-format';
import type { FundamentalsSource } from './fundamentals-source';

/** Statements from a folder: `ABC.json` with the answers of FMP's three statement endpoints under their names. */
export function openFundamentalsFolder(folder: string, source: string): FundamentalsSource {
  return {
    id: source,
    annualStatements: async (symbol) => {
      if (!COMMODITY_NAME.test(symbol)) return undefined;
      const name = `${source}/${symbol}.json`;
      const body = await readJsonFile(path.join(folder, `${symbol}.json`), name);
      return body === undefined ? undefined : readFmpStatements(body, name);
    },
  };
}
