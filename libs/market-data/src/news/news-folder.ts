import path from 'node:path';
import { readJsonFile } from '../read-file';
import { COMMODITY_NAME } from '../commodity-name';
import { readNewsApi } from './newsapi-format';
import type { NewsSource } from './news-source';

/** News from a folder: `ABC.json` as NewsAPI's `/v2/everything` answers. */
export function openNewsFolder(folder: string, source: string): NewsSource {
  return {
    id: source,
    news: async (symbol, from, to) => {
      if (!COMMODITY_NAME.test(symbol)) return undefined;
      const name = `${source}/${symbol}.json`;
      const body = await readJsonFile(path.join(folder, `${symbol}.json`), name);
      return body === undefined ? undefined : readNewsApi(body, name, { from, to });
    },
  };
}
