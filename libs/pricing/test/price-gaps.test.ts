import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isoDate, type PriceGap } from '@dawsos/contracts';
import { createSnapshot, directorySource, loadLedgerFrom } from '@dawsos/ledger';
import { buildPack, createPricingPack, gapsCsv, ledgerQuotes, priceGaps, readPriceCsv } from '../src';

const OPEN = `option "operating_currency" "EUR"
2024-01-01 open Assets:Bank
2024-01-01 open Assets:Depot
2024-01-01 open Assets:Other
2024-01-01 open Equity:Opening
2024-01-01 custom "portfolio" "depot" Assets:Depot
`;
const buy = (date: string, commodity: string, cost = '10 EUR', account = 'Assets:Depot') =>
  `${date} * "Buy"\n  ${account}  1 ${commodity} {${cost}}\n  Equity:Opening\n`;
const LAST = '2025-10-22 price BASE 1 EUR\n';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dawsos-gaps-'));
});
afterEach(() => fs.rm(folder, { recursive: true }));

async function gapsOf(text: string, portfolioId: string | null = null): Promise<readonly PriceGap[]> {
  await fs.writeFile(path.join(folder, 'main.beancount'), `${OPEN}${text}${LAST}`);
  const ledger = await loadLedgerFrom(directorySource(folder), 'main.beancount');
  expect(ledger.errors).toEqual([]);
  const asofDate = isoDate('2025-10-22');
  const { id, hash, series } = buildPack({ asofDate, sources: [ledgerQuotes(ledger)] });
  const pack = createPricingPack({ id, hash, series, asofDate });
  return priceGaps({ snapshot: createSnapshot('c', ledger), portfolioId, pack, withinDays: 7 });
}

describe('what a portfolio needs and a pack lacks', () => {
  it('is nothing where each holding is priced since it is held and lately', async () => {
    const priced = '2024-02-01 price NWND 10 EUR\n2025-10-20 price NWND 11 EUR\n';
    expect(await gapsOf(buy('2024-02-01', 'NWND') + priced)).toEqual([]);
  });

  it('names what was never priced, with what the ledger says of it', async () => {
    const declared = '2024-01-01 commodity NWND\n  price: "USD:yahoo/NWND"\n';
    expect(await gapsOf(declared + buy('2024-02-01', 'NWND'))).toEqual([
      {
        kind: 'price',
        commodity: 'NWND',
        currency: 'USD',
        from: '2024-02-01',
        to: '2025-10-22',
        why: 'there is none at all',
        quoted_at: 'USD:yahoo/NWND',
      },
      expect.objectContaining({ kind: 'rate', commodity: 'USD', currency: 'EUR', from: '2024-02-01' }),
    ]);
  });

  it('names the days before the first price and after the last, and none of what was sold', async () => {
    const prices =
      '2024-03-01 price NWND 10 EUR\n2025-09-30 price NWND 11 EUR\n2024-02-01 price SOLD 10 EUR\n';
    const sold = `${buy('2024-02-01', 'SOLD')}2024-02-05 * "Sell"\n  Assets:Depot  -1 SOLD {10 EUR}\n  Equity:Opening\n`;
    expect(await gapsOf(buy('2024-02-01', 'NWND') + sold + prices)).toMatchObject([
      {
        commodity: 'NWND',
        from: '2024-02-01',
        to: '2024-02-29',
        why: 'held since 2024-02-01, the first is of 2024-03-01',
      },
      { commodity: 'NWND', from: '2025-10-01', to: '2025-10-22', why: 'the last is of 2025-09-30' },
    ]);
  });

  it('names the rates of what is priced in another currency', async () => {
    const prices =
      '2024-02-01 price NWND 10 USD\n2025-10-22 price NWND 10 USD\n2024-02-01 price USD 0.9 EUR\n';
    expect(await gapsOf(buy('2024-02-01', 'NWND', '10 USD') + prices)).toMatchObject([
      {
        kind: 'rate',
        commodity: 'USD',
        currency: 'EUR',
        from: '2024-02-02',
        to: '2025-10-22',
        why: 'the last is of 2024-02-01',
      },
    ]);
  });

  it('leaves out what another portfolio holds', async () => {
    const others = buy('2024-02-01', 'NWND', '10 EUR', 'Assets:Other');
    expect(await gapsOf(others, 'depot')).toEqual([]);
    expect(await gapsOf(others)).toHaveLength(1);
  });

  it('is a file that the price folder takes once it is filled in', async () => {
    const text = gapsCsv(await gapsOf(buy('2024-02-01', 'NWND')));
    expect(text).toBe(
      'date,commodity,price,currency,source\n2024-02-01,NWND,,EUR,manual\n2025-10-22,NWND,,EUR,manual\n',
    );
    expect(() => readPriceCsv({ name: 'gaps.csv', text })).toThrow(
      /gaps\.csv:2:17: price: is empty; fill it in/,
    );
    expect(readPriceCsv({ name: 'gaps.csv', text: text.replaceAll(',,', ',10,') })).toHaveLength(2);
  });
});
