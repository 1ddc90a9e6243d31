import { z } from 'zod';
import { malformed } from '../http/fetch-answer';
import { createProviderClient } from '../http/provider-client';
import type { ProviderOptions } from '../http/provider-options';
import { checkedCloses, requireSymbol, type EndOfDaySource } from './end-of-day';

/** The source that the rights registry knows. */
export const POLYGON_SOURCE = 'polygon';

const BASE_URL = 'https://api.polygon.io';
const REQUESTS_PER_MINUTE = 100;
/** The most bars of one answer: more than a century of days. */
const LIMIT = 50_000;

const AggregatesSchema = z.looseObject({
  status: z.enum(['OK', 'DELAYED']),
  ticker: z.string().optional(),
  adjusted: z.boolean().optional(),
  // left out where there are none
  results: z.array(z.looseObject({ c: z.string(), t: z.string().regex(/^\d{1,15}$/) })).default([]),
  next_url: z.string().optional(),
});

/** A bar begins at midnight of the exchange's own time. */
const EXCHANGE_DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' });

/** Polygon, `v2/aggs/ticker`: daily bars of US stocks, closes as traded, since a ledger books splits itself. */
export function openPolygon(options: ProviderOptions): EndOfDaySource {
  const client = createProviderClient({
    ...options,
    source: POLYGON_SOURCE,
    baseUrl: options.baseUrl ?? BASE_URL,
    requestsPerMinute: options.requestsPerMinute ?? REQUESTS_PER_MINUTE,
    headers: { authorization: `Bearer ${options.apiKey}` },
  });
  return {
    id: POLYGON_SOURCE,
    closes: async (symbol, from, to, signal) => {
      requireSymbol(POLYGON_SOURCE, symbol);
      const path = `/v2/aggs/ticker/${encodeURIComponent(symbol)}/range/1/day/${from}/${to}`;
      const query = { adjusted: 'false', sort: 'asc', limit: String(LIMIT) };
      const parsed = AggregatesSchema.safeParse(await client.get(path, query, signal));
      if (!parsed.success) throw malformed(POLYGON_SOURCE, `answered ${path} in another format`);
      const { adjusted, results, next_url: more } = parsed.data;
      if (adjusted === true) throw malformed(POLYGON_SOURCE, 'answered with closes adjusted for splits');
      if (more !== undefined) throw malformed(POLYGON_SOURCE, 'answered with a part of the bars only');
      const rows = results.map(({ c, t }) => ({ date: EXCHANGE_DAY.format(Number(t)), number: c }));
      return checkedCloses(POLYGON_SOURCE, rows, from, to);
    },
  };
}
