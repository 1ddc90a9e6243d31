export { SERIES_ID, type MacroObservation, type MacroSeries, type MacroSeriesSource } from './macro-series';
export { FRED_SOURCE, readFredCsv, readFredJson } from './fred/fred-format';
export { openFredFolder } from './fred/fred-folder';
export type { AnnualStatements, FundamentalsSource } from './fundamentals/fundamentals-source';
export { readFmpStatements } from './fundamentals/fmp-format';
export { openFundamentalsFolder } from './fundamentals/fundamentals-folder';
export type { NewsItem, NewsSource } from './news/news-source';
export { readNewsApi } from './news/newsapi-format';
export { openNewsFolder } from './news/news-folder';
export { openSourceFolder, type DataSources } from './source-folder';
export { openFred } from './fred/fred-api';
export {
  createProviderClient,
  type ProviderClient,
  type ProviderClientOptions,
  type ProviderOptions,
} from './http/provider-client';
export { SYMBOL, type Close, type EndOfDaySource } from './prices/end-of-day';
export { FMP_SOURCE } from './http/fmp-client';
export { openFmp } from './prices/fmp';
export { openPolygon, POLYGON_SOURCE } from './prices/polygon';
export { endOfDaySources, type ProviderConfiguration } from './prices/configured';
export { openFmpStatements } from './fundamentals/fmp-statements';
export { NEWSAPI_SOURCE, openNewsApi } from './news/newsapi';
export { openDataSources, type DataConfiguration } from './data-sources';
