import path from 'node:path';
import { DawsosError } from '@dawsos/contracts';
import { readJsonFile, readTextFile } from '../read-file';
import { SERIES_ID, type MacroSeries, type MacroSeriesSource } from '../macro-series';
import { between, FRED_SOURCE, readFredCsv, readFredJson } from './fred-format';

/**
 * FRED series from a folder: `CPIAUCSL.json` as `fred/series/observations` answers it, else `CPIAUCSL.csv` as FRED's
 * pages give it. A file is read at each call, so that a newer one counts at once.
 * @param source what the rights registry knows them by
 */
export function openFredFolder(folder: string, source: string = FRED_SOURCE): MacroSeriesSource {
  return {
    id: source,
    series: async (id, from, to) => {
      if (!SERIES_ID.test(id)) throw notFound(source, id, 'it is not an id of FRED, such as CPIAUCSL');
      const series = (await fromJson(folder, id)) ?? (await fromCsv(folder, id));
      if (series === undefined) throw notFound(source, id, `there is neither ${id}.json nor ${id}.csv`);
      return between(series, from, to);
    },
  };
}

async function fromJson(folder: string, id: string): Promise<MacroSeries | undefined> {
  const name = `${id}.json`;
  const body = await readJsonFile(path.join(folder, name), name);
  return body === undefined ? undefined : readFredJson(id, body, name);
}

async function fromCsv(folder: string, id: string): Promise<MacroSeries | undefined> {
  const name = `${id}.csv`;
  const text = await readTextFile(path.join(folder, name));
  return text === undefined ? undefined : readFredCsv(id, text, name);
}

function notFound(source: string, id: string, why: string): DawsosError {
  return new DawsosError('series_not_found', `${source} has no series ${id}: ${why}`, {
    extensions: { source, series_id: id },
  });
}
