import { createProviderClient } from '../http/provider-client';
import type { ProviderOptions } from '../http/provider-options';
import { COMMODITY_NAME } from '../commodity-name';
import type { NewsSource } from './news-source';
import { readNewsApi } from './newsapi-format';

/** The source that the rights registry knows: to be shown, and not to be exported without a licence. */
export const NEWSAPI_SOURCE = 'newsapi';

const BASE_URL = 'https://newsapi.org';
const REQUESTS_PER_MINUTE = 30;
/** The most that one answer may hold. */
const PAGE_SIZE = '100';

/** NewsAPI's `/v2/everything`: the newest hundred articles in English that name the symbol. */
export function openNewsApi(options: ProviderOptions): NewsSource {
  const client = createProviderClient({
    ...options,
    source: NEWSAPI_SOURCE,
    baseUrl: options.baseUrl ?? BASE_URL,
    requestsPerMinute: options.requestsPerMinute ?? REQUESTS_PER_MINUTE,
    headers: { 'x-api-key': options.apiKey },
  });
  return {
    id: NEWSAPI_SOURCE,
    news: async (symbol, from, to, signal) => {
      if (!COMMODITY_NAME.test(symbol)) return undefined;
      const query = {
        q: `"${symbol}"`,
        from: `${from}T00:00:00`,
        to: `${to}T23:59:59`,
        language: 'en',
        sortBy: 'publishedAt',
        pageSize: PAGE_SIZE,
      };
      return readNewsApi(await client.get('/v2/everything', query, signal), NEWSAPI_SOURCE, { from, to });
    },
  };
}
