import { DawsosError } from '@dawsos/contracts';
import { z } from 'zod';
import { createProviderClient } from '../http/provider-client';
import type { ProviderOptions } from '../http/provider-options';
import { SERIES_ID, type MacroSeriesSource } from '../macro-series';
import { FRED_SOURCE, readFredJson } from './fred-format';

const BASE_URL = 'https://api.stlouisfed.org';
/** What FRED allows. */
const REQUESTS_PER_MINUTE = 120;
/** The most that one answer may hold. */
const LIMIT = 100_000;

const ErrorSchema = z.looseObject({ error_message: z.string() });

/** FRED's web service, version 1: `fred/series/observations`. */
export function openFred(options: ProviderOptions): MacroSeriesSource {
  const client = createProviderClient({
    ...options,
    source: FRED_SOURCE,
    baseUrl: options.baseUrl ?? BASE_URL,
    requestsPerMinute: options.requestsPerMinute ?? REQUESTS_PER_MINUTE,
    secretQuery: { api_key: options.apiKey },
    explain,
  });
  return {
    id: FRED_SOURCE,
    series: async (id, from, to, signal) => {
      if (!SERIES_ID.test(id)) throw notFound();
      const query = {
        series_id: id,
        observation_start: from,
        observation_end: to,
        file_type: 'json',
        sort_order: 'asc',
        limit: String(LIMIT),
      };
      return readFredJson(id, await client.get('/fred/series/observations', query, signal));
    },
  };
}

/** FRED answers 400 for a wrong key as well as for a series that is not there; its message tells them apart. */
function explain(status: number, body: unknown): DawsosError | undefined {
  const parsed = ErrorSchema.safeParse(body);
  if (status !== 400 || !parsed.success) return undefined;
  if (/series does not exist/i.test(parsed.data.error_message)) return notFound();
  if (!/api_key/i.test(parsed.data.error_message)) return undefined;
  return new DawsosError('source_refused', `${FRED_SOURCE} answered 400: its API key is missing or wrong`, {
    extensions: { source: FRED_SOURCE, status },
  });
}

function notFound(): DawsosError {
  return new DawsosError('series_not_found', `${FRED_SOURCE} has no series of this id`, {
    extensions: { source: FRED_SOURCE },
  });
}
