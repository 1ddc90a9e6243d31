export { SERIES_ID, type MacroObservation, type MacroSeries, type MacroSeriesSource } from './macro-series';
export { FRED_SOURCE, readFredCsv, readFredJson } from './fred/fred-format';
export { openFredFolder } from './fred/fred-folder';
