import { z } from 'zod';
import { malformed } from '../http/fetch-answer';
import { createFmpClient, FMP_SOURCE } from '../http/fmp-client';
import type { ProviderOptions } from '../http/provider-options';
import { checkedCloses, requireSymbol, type EndOfDaySource } from './end-of-day';

/** Named `adj…`, but as traded: the endpoint is the one that is not adjusted for splits. */
const BarsSchema = z.array(z.looseObject({ symbol: z.string(), date: z.string(), adjClose: z.string() }));

/**
 * Financial Modeling Prep, `stable/historical-price-eod/non-split-adjusted`: closes as traded, since a ledger books
 * splits itself.
 */
export function openFmp(options: ProviderOptions): EndOfDaySource {
  const client = createFmpClient(options);
  return {
    id: FMP_SOURCE,
    closes: async (symbol, from, to, signal) => {
      requireSymbol(FMP_SOURCE, symbol);
      const path = '/stable/historical-price-eod/non-split-adjusted';
      const parsed = BarsSchema.safeParse(await client.get(path, { symbol, from, to }, signal));
      if (!parsed.success) throw malformed(FMP_SOURCE, `answered ${path} in another format`);
      if (parsed.data.some((bar) => bar.symbol !== symbol)) {
        throw malformed(FMP_SOURCE, 'answered with another symbol than was asked for');
      }
      const rows = parsed.data.map(({ date, adjClose }) => ({ date, number: adjClose }));
      return checkedCloses(FMP_SOURCE, rows, from, to);
    },
  };
}
