import type { EndOfDaySource } from './end-of-day';
import { openFmp } from './fmp';
import { openPolygon } from './polygon';

/** The configuration's own names. */
export interface ProviderConfiguration {
  readonly FMP_API_KEY?: string | undefined;
  readonly FMP_URL: string;
  readonly POLYGON_API_KEY?: string | undefined;
  readonly POLYGON_URL: string;
  readonly PROVIDER_REQUESTS_PER_MINUTE?: number | undefined;
}

/** The providers of end-of-day prices that have a key. */
export function endOfDaySources(configuration: ProviderConfiguration): readonly EndOfDaySource[] {
  const { FMP_API_KEY: fmp, POLYGON_API_KEY: polygon } = configuration;
  const requestsPerMinute = configuration.PROVIDER_REQUESTS_PER_MINUTE;
  const sources: EndOfDaySource[] = [];
  if (polygon !== undefined) {
    sources.push(openPolygon({ apiKey: polygon, baseUrl: configuration.POLYGON_URL, requestsPerMinute }));
  }
  if (fmp !== undefined) {
    sources.push(openFmp({ apiKey: fmp, baseUrl: configuration.FMP_URL, requestsPerMinute }));
  }
  return sources;
}
