import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isoDate } from '@dawsos/contracts';
import { directorySource, loadLedgerFrom } from '@dawsos/ledger';
import { buildPack, ledgerQuotes, readPriceFolder, streamPack } from '../src';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dawsos price folder '));
  await fs.mkdir(path.join(folder, 'prices'));
});
afterEach(() => fs.rm(folder, { recursive: true }));
const write = (name: string, text: string) => fs.writeFile(path.join(folder, name), text);
const HEADER = 'date,commodity,price,currency,source';

describe('a price folder', () => {
  it('may be empty', async () => {
    expect(await readPriceFolder(folder)).toEqual([]);
  });

  it('takes what bean-price prints, at the top and in its folders', async () => {
    await write('today.beancount', '2025-10-22 price NWND 12.50 USD\n');
    await write('prices/more.beancount', '2025-10-21 price NWND 12.40 USD\n  source: "example-close"\n');
    const sources = await readPriceFolder(folder);
    expect(sources.flatMap(({ quotes }) => [...quotes])).toMatchObject([
      { commodity: 'NWND', date: '2025-10-22', number: '12.5', currency: 'USD', source: 'manual' },
      { commodity: 'NWND', date: '2025-10-21', number: '12.4', source: 'example-close' },
    ]);
  });

  it.each([
    ['prices/p.beancount', '2025-10-22 price NWND\n', /^prices\/p\.beancount:\d: /],
    [
      'p.beancount',
      '2025-10-22 open Assets:Bank\n',
      /^p\.beancount:1: a open directive does not belong here/,
    ],
    ['p.csv', `${HEADER}\n`, /^p\.csv:1: .*move it to prices\//],
    [
      'prices/p.csv',
      `${HEADER}\n2025-10-22,NWND,1,5,USD,manual\n`,
      /^prices\/p\.csv:2: 6 fields instead of 5; is there a decimal comma/,
    ],
    [
      'prices/p.csv',
      `${HEADER}\n2025-10-22,NWND,"1,5",USD,manual\n`,
      /^prices\/p\.csv:2:17: price: "1,5" .*write a decimal point/,
    ],
    [
      'prices/p.csv',
      `${HEADER}\n2025-10-22,NWND,,USD,manual\n`,
      /^prices\/p\.csv:2:17: price: is empty; fill it in/,
    ],
    ['prices/p.csv', `${HEADER}\n22.10.2025,NWND,1,USD,manual\n`, /^prices\/p\.csv:2:1: date: .*YYYY-MM-DD/],
    ['prices/p.csv', 'Datum,Preis\n', /^prices\/p\.csv:1: the first line must be date,commodity/],
  ])('names the place in %s of %j', async (name, text, message) => {
    await write(name, text);
    await expect(readPriceFolder(folder)).rejects.toThrow(message);
  });
});

describe('a ledger without any price', () => {
  const day = isoDate('2025-10-22');
  const packOf = async (entries: string) => {
    await write('main.beancount', `2024-01-01 open Assets:Bank\n2024-01-01 open Equity:Opening\n${entries}`);
    const ledger = await loadLedgerFrom(directorySource(folder), 'main.beancount');
    return buildPack({ asofDate: day, sources: [ledgerQuotes(ledger)] });
  };

  it('has a pack without a price where it holds money of one currency', async () => {
    const pack = await packOf('2024-02-01 * "in"\n  Assets:Bank  5 EUR\n  Equity:Opening\n');
    expect(pack).toMatchObject({ priceCount: 0, rateCount: 0, sources: [] });
    const streamed = await streamPack(
      { asofDate: day, policy: 'CLOSE', restatement: 0 },
      [{ quotes: [], needsNoPrice: true }],
      () => true,
    );
    expect(streamed.hash).toBe(pack.hash);
    await streamed.dispose();
  });

  it.each([
    ['shares', '2024-02-01 * "in"\n  Assets:Bank  5 NWND {2 EUR}\n  Equity:Opening\n'],
    ['two currencies', '2024-02-01 * "in"\n  Assets:Bank  5 EUR\n  Assets:Bank  5 USD\n  Equity:Opening\n'],
  ])('has none where it holds %s', async (_, entries) => {
    await expect(packOf(entries)).rejects.toThrow('no source has a price on or before 2025-10-22');
  });
});
