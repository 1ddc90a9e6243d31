import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isoDate } from '@dawsos/contracts';
import { loadLedger, type Ledger } from '@dawsos/ledger';
import { price, rate } from '../src/__fixtures__/quotes';
import {
  buildPack,
  createPricingPack,
  ledgerQuotes,
  readPriceFolder,
  reconcile,
  requireReconciled,
  type PricingPack,
  type SourceQuotes,
} from '../src';

const EXAMPLES = path.resolve(__dirname, '../../../examples');
const asofDate = isoDate('2024-01-31');

function packOf(sources: readonly SourceQuotes[], date = asofDate): PricingPack {
  const { id, hash, series } = buildPack({ asofDate: date, sources });
  return createPricingPack({ id, hash, asofDate: date, series });
}

async function ledgerOf(text: string): Promise<Ledger> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dawsos-ledger-'));
  await fs.writeFile(path.join(folder, 'main.beancount'), text);
  const ledger = await loadLedger({ file: path.join(folder, 'main.beancount') });
  await fs.rm(folder, { recursive: true });
  expect(ledger.errors).toEqual([]);
  return ledger;
}

/** 10 AAA at 100 USD, 500 CAD worth of BBB, 1,000 USD; the ledger prices AAA, BBB and USD on 2024-01-30. */
const LEDGER = `
option "operating_currency" "CAD"
2024-01-01 open Assets:Broker
2024-01-01 open Equity:Opening
2024-01-02 * "Opening"
  Assets:Broker   10 AAA {90 USD}
  Assets:Broker   50 BBB {9 CAD}
  Assets:Broker   1000 USD
  Equity:Opening  -1900 USD
  Equity:Opening  -450 CAD
2024-01-30 price AAA 100 USD
2024-01-30 price BBB 10 CAD
2024-01-30 price USD 1.25 CAD
`;
const own = isoDate('2024-01-30');
const files = (aaa: string): SourceQuotes[] => [
  { quotes: [price('AAA', own, aaa), price('BBB', own, '10', 'CAD'), rate('USD', 'CAD', own, '1.25')] },
];

describe('reconciliation', () => {
  it('passes when the pack values the ledger as its own prices do', async () => {
    const result = reconcile(await ledgerOf(LEDGER), packOf(files('100')));
    // 10 × 100 × 1.25 + 50 × 10 + 1000 × 1.25 = 3,000 CAD
    expect(result).toEqual({
      passed: true,
      base_currency: 'CAD',
      ledger_value: '3000',
      pack_value: '3000',
      difference_bp: '0',
      limit_bp: '1',
      compared: 3,
      not_compared: [],
      differences: [],
    });
  });

  it.each([
    // 1 bp of 3,000 CAD is 0.30 CAD: 0.024 USD a unit
    ['100.024', true, '1'],
    ['100.025', false, '1.0417'],
    ['99.975', false, '1.0417'],
  ])('at a price of %s for 100: passed %s, %s basis points', async (aaa, passed, difference) => {
    const result = reconcile(await ledgerOf(LEDGER), packOf(files(aaa)));
    expect(result).toMatchObject({ passed, difference_bp: difference });
    expect(result.differences).toMatchObject([
      { commodity: 'AAA', units: '10', date: own, ledger_price: '100', pack_price: aaa, currency: 'USD' },
    ]);
  });

  it('explains each position, the largest difference first, and sets none off against another', async () => {
    const pack = packOf([
      {
        quotes: [price('AAA', own, '101'), price('BBB', own, '9.75', 'CAD'), rate('USD', 'CAD', own, '1.25')],
      },
    ]);
    const result = reconcile(await ledgerOf(LEDGER), pack);
    expect(result).toMatchObject({
      passed: false,
      ledger_value: '3000',
      pack_value: '3000',
      difference_bp: '83.3333',
    });
    expect(result.differences.map((position) => [position.commodity, position.difference])).toEqual([
      ['AAA', '12.5'],
      ['BBB', '-12.5'],
    ]);
    expect(() => requireReconciled('PP_2024-01-31', result)).toThrow(
      "PP_2024-01-31 values the ledger 83.3333 basis points away from the ledger's own prices: AAA on 2024-01-30: ledger 100, pack 101 USD",
    );
  });

  it('fails when the pack lacks what the ledger prices, and leaves out what the ledger does not', async () => {
    const lacking = packOf([{ quotes: [price('AAA', own, '100'), rate('USD', 'CAD', own, '1.25')] }]);
    expect(reconcile(await ledgerOf(LEDGER), lacking)).toMatchObject({
      passed: false,
      differences: [{ commodity: 'BBB', pack_price: null }],
    });
    const silent = await ledgerOf(LEDGER.replace('2024-01-30 price BBB 10 CAD\n', ''));
    expect(reconcile(silent, lacking)).toMatchObject({ passed: true, compared: 2, not_compared: ['BBB'] });
  });

  it('takes the day of the ledger’s price, whatever the pack says of later days', async () => {
    const later = [...files('100'), { quotes: [price('AAA', asofDate, '250')] }];
    expect(reconcile(await ledgerOf(LEDGER), packOf(later))).toMatchObject({ passed: true });
  });

  it('passes for the example', async () => {
    const ledger = await loadLedger({ file: path.join(EXAMPLES, 'ledger/main.beancount') });
    const sources = [ledgerQuotes(ledger), ...(await readPriceFolder(path.join(EXAMPLES, 'market')))];
    const result = reconcile(ledger, packOf(sources, isoDate('2025-10-22')));
    expect(result).toMatchObject({ passed: true, base_currency: 'CAD', difference_bp: '0', compared: 3 });
    expect(result.not_compared).toContain('CDNX');
  });
});
