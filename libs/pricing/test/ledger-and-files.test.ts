import path from 'node:path';
import { isoDate } from '@dawsos/contracts';
import { loadLedger } from '@dawsos/ledger';
import { buildPack, createPricingPack, ledgerQuotes, readPriceFolder, type PricingPack } from '../src';

const EXAMPLES = path.resolve(__dirname, '../../../examples');
const asofDate = isoDate('2025-10-22');

async function examplePack(): Promise<PricingPack> {
  const ledger = await loadLedger({ file: path.join(EXAMPLES, 'ledger/main.beancount') });
  expect(ledger.errors).toEqual([]);
  const { id, hash, series } = buildPack({
    asofDate,
    sources: [ledgerQuotes(ledger), ...(await readPriceFolder(path.join(EXAMPLES, 'market')))],
  });
  return createPricingPack({ id, hash, asofDate, series });
}

describe('a pack of the ledger’s own prices and of files', () => {
  it('prices what only the ledger prices, with the ledger as its source', async () => {
    const pack = await examplePack();
    expect(pack.price('GLEN', asofDate)).toMatchObject({
      date: '2025-09-30',
      currency: 'CAD',
      source: 'ledger',
    });
    expect(pack.price('NWND', asofDate)).toMatchObject({ date: '2025-10-22', source: 'example-close' });
  });

  it('takes the ledger’s price of a currency for the exchange rate that the file states too', async () => {
    const pack = await examplePack();
    expect(pack.commodities).not.toContain('USD');
    expect(pack.pairs).toEqual(['EUR CAD', 'EUR USD', 'USD CAD']);
    expect(pack.rate('USD', 'CAD', isoDate('2024-12-31'))).toMatchObject({ date: '2024-12-31' });
  });
});

describe('the quotes of a ledger', () => {
  it('are its price directives, where they stand, and what it says of its commodities', async () => {
    const ledger = await loadLedger({ file: path.join(EXAMPLES, 'ledger/main.beancount') });
    const { quotes, isMoney, quoteCurrency } = ledgerQuotes(ledger);
    expect(['CAD', 'EUR', 'USD', 'RHNE', 'GLEN'].filter(isMoney)).toEqual(['CAD', 'EUR', 'USD']);
    expect(quoteCurrency.get('RHNE')).toBe('EUR');
    expect(quotes.filter((quote) => quote.kind === 'price' && quote.commodity === 'GLEN')).toHaveLength(36);
    expect(quotes[0]).toMatchObject({
      place: { file: 'years/2022.beancount' },
      source: 'ledger',
      implicit: false,
    });
  });
});
