import { createProviderClient, type ProviderClient } from './provider-client';
import type { ProviderOptions } from './provider-options';

/** The source that the rights registry knows. */
export const FMP_SOURCE = 'fmp';

const BASE_URL = 'https://financialmodelingprep.com';
const REQUESTS_PER_MINUTE = 120;

/** The client of Financial Modeling Prep; the key goes in a header, never in an address. */
export function createFmpClient(options: ProviderOptions): ProviderClient {
  return createProviderClient({
    ...options,
    source: FMP_SOURCE,
    baseUrl: options.baseUrl ?? BASE_URL,
    requestsPerMinute: options.requestsPerMinute ?? REQUESTS_PER_MINUTE,
    headers: { apikey: options.apiKey },
  });
}
