import path from 'node:path';
import { readJsonFile } from '../read-json-file';
import { SYMBOL } from '../symbol';
import { readNewsApi } from './newsapi-format';
import type { NewsSource } from './news-source';

/** News from a folder: `ABC.json` as NewsAPI's `/v2/everything` answers. */
export function openNewsFolder(folder: string, source: string): NewsSource {
  return {
    id: source,
    news: async (symbol, from, to) => {
      if (!SYMBOL.test(symbol)) return undefined;
      const name = `${source}/${symbol}.json`;
      const body = await readJsonFile(path.join(folder, `${symbol}.json`), name);
      if (body === undefined) return undefined;
      return readNewsApi(body, name).filter(({ publishedAt }) => {
        const day = publishedAt.slice(0, 10);
        return day >= from && day <= to;
      });
    },
  };
}
