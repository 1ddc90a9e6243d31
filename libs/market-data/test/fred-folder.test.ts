import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isoDate } from '@dawsos/contracts';
import { openFredFolder } from '../src';

const JSON_ANSWER = {
  realtime_start: '2025-10-24',
  realtime_end: '2025-10-24',
  observation_start: '1600-01-01',
  observation_end: '9999-12-31',
  units: 'lin',
  output_type: 1,
  file_type: 'json',
  order_by: 'observation_date',
  sort_order: 'asc',
  count: 3,
  offset: 0,
  limit: 100000,
  observations: [
    { realtime_start: '2025-10-24', realtime_end: '2025-10-24', date: '2025-07-01', value: '322.132' },
    { realtime_start: '2025-10-24', realtime_end: '2025-10-24', date: '2025-08-01', value: '.' },
    { realtime_start: '2025-10-24', realtime_end: '2025-10-24', date: '2025-09-01', value: '324.368' },
  ],
};

describe('FRED series from a folder', () => {
  let folder: string;
  const write = (name: string, text: string) => fs.writeFile(path.join(folder, name), text);
  const read = async (id: string, from = '2025-01-01', to = '2025-12-31') => {
    const series = await openFredFolder(folder).series(id, isoDate(from), isoDate(to));
    return { ...series, observations: series.observations.map(({ date, value }) => [date, value.toFixed()]) };
  };

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dawsos-fred-'));
  });
  afterEach(() => fs.rm(folder, { recursive: true }));

  it('are read from the API’s JSON, a missing value said as such', async () => {
    await write('CPIAUCSL.json', JSON.stringify(JSON_ANSWER));
    expect(await read('CPIAUCSL')).toEqual({
      id: 'CPIAUCSL',
      observations: [
        ['2025-07-01', '322.132'],
        ['2025-09-01', '324.368'],
      ],
      missing: ['2025-08-01'],
    });
    expect((await read('CPIAUCSL', '2025-08-01', '2025-08-31')).observations).toEqual([]);
  });

  it.each(['observation_date', 'DATE'])('are read from a downloaded CSV file headed %s', async (header) => {
    await write('GDP.csv', `${header},GDP\n2025-01-01,30042.113\n2025-04-01,\n2025-07-01,.\n`);
    expect(await read('GDP')).toEqual({
      id: 'GDP',
      observations: [['2025-01-01', '30042.113']],
      missing: ['2025-04-01', '2025-07-01'],
    });
  });

  it.each([
    ['GDP.csv', 'observation_date,OTHER\n2025-01-01,1\n', 'the first line must be observation_date,GDP'],
    ['GDP.csv', 'observation_date,GDP\n2025-02-30,1\n', 'GDP.csv: line 2: "2025-02-30" is not a day'],
    ['GDP.csv', 'observation_date,GDP\n2025-01-01,1e5\n', 'GDP.csv: line 2: "1e5" is not a number'],
    [
      'GDP.csv',
      'observation_date,GDP\n2025-01-01,1\n2025-01-01,2\n',
      'line 3: 2025-01-01 stands there twice',
    ],
    ['GDP.json', '{"observations":[', 'GDP.json: it is not JSON'],
    ['GDP.json', '{"error_code":400}', 'there is no list "observations"'],
    ['GDP.json', JSON.stringify({ ...JSON_ANSWER, count: 200000 }), 'it holds 100000 of 200000 observations'],
  ])('say what is wrong in %s', async (name, text, message) => {
    await write(name, text);
    await expect(read('GDP')).rejects.toMatchObject({
      code: 'source_malformed',
      message: expect.stringContaining(message) as string,
    });
  });

  it.each(['UNRATE', '../secret', 'a b'])('have no series %s', async (id) => {
    await expect(read(id)).rejects.toMatchObject({ code: 'series_not_found' });
  });
});
