import { openFred } from './fred/fred-api';
import { openFmpStatements } from './fundamentals/fmp-statements';
import { openNewsApi } from './news/newsapi';
import { openSourceFolder, type DataSources } from './source-folder';

/** The configuration's own names. */
export interface DataConfiguration {
  readonly SOURCES_DIR?: string | undefined;
  readonly FRED_API_KEY?: string | undefined;
  readonly FRED_URL: string;
  readonly FMP_API_KEY?: string | undefined;
  readonly FMP_URL: string;
  readonly NEWSAPI_API_KEY?: string | undefined;
  readonly NEWSAPI_URL: string;
  readonly PROVIDER_REQUESTS_PER_MINUTE?: number | undefined;
}

/** The sources of series, statements and news: files first, then the providers that have a key. */
export async function openDataSources(configuration: DataConfiguration): Promise<DataSources> {
  const { SOURCES_DIR, FRED_API_KEY, FMP_API_KEY, NEWSAPI_API_KEY } = configuration;
  const requestsPerMinute = configuration.PROVIDER_REQUESTS_PER_MINUTE;
  const files =
    SOURCES_DIR === undefined
      ? { macro: [], fundamentals: [], news: [] }
      : await openSourceFolder(SOURCES_DIR);
  const withKey = <T>(apiKey: string | undefined, open: (apiKey: string) => T): T[] =>
    apiKey === undefined ? [] : [open(apiKey)];
  return {
    macro: [
      ...files.macro,
      ...withKey(FRED_API_KEY, (apiKey) =>
        openFred({ apiKey, baseUrl: configuration.FRED_URL, requestsPerMinute }),
      ),
    ],
    fundamentals: [
      ...files.fundamentals,
      ...withKey(FMP_API_KEY, (apiKey) =>
        openFmpStatements({ apiKey, baseUrl: configuration.FMP_URL, requestsPerMinute }),
      ),
    ],
    news: [
      ...files.news,
      ...withKey(NEWSAPI_API_KEY, (apiKey) =>
        openNewsApi({ apiKey, baseUrl: configuration.NEWSAPI_URL, requestsPerMinute }),
      ),
    ],
  };
}
