import { DawsosError, isoDate, sha256Hex } from '@dawsos/contracts';
import type { Directive, LedgerSnapshot } from '@dawsos/ledger';
import { createPricingPack, type PricingPack } from '@dawsos/pricing';
import type { World } from '../reads/recording';

/** A pack with AAPL in USD and USD in CAD; `lines` replaces AAPL's prices. */
export function packWith(lines = ['2025-10-20 170 USD close', '2025-10-22 184.07 USD close']): PricingPack {
  const text = lines.join('\n');
  return createPricingPack({
    id: 'PP_2025-10-22',
    hash: sha256Hex(text),
    asofDate: isoDate('2025-10-22'),
    series: [
      { kind: 'price', name: 'AAPL', text },
      { kind: 'price', name: 'OLD', text: '2024-01-02 5 USD archive' },
      { kind: 'rate', name: 'USD CAD', text: '2025-10-21 1.4012 fx' },
    ],
  });
}

export function openDirective(account: string, line: number): Directive {
  return {
    type: 'open',
    date: isoDate('2022-01-03'),
    meta: new Map([['note', { kind: 'string', value: 'x' }]]),
    location: { file: 'main.beancount', line },
    account,
    currencies: [],
    booking: null,
  };
}

/** A snapshot that knows the portfolios `growth` and null; its entries are those given. */
export function snapshotWith(entries: readonly Directive[], commit = 'c'.repeat(40)): LedgerSnapshot {
  return {
    commit,
    ledger: {
      entries,
      errors: [],
      options: {
        title: '',
        operatingCurrencies: ['CAD'],
        nameAssets: 'Assets',
        nameLiabilities: 'Liabilities',
        nameEquity: 'Equity',
        nameIncome: 'Income',
        nameExpenses: 'Expenses',
      },
      pluginsNotRun: ['my_plugins.rounding'],
      pluginsWithoutEffect: [],
      files: ['main.beancount'],
    },
    portfolio(id) {
      if (id !== null && id !== 'growth')
        throw new DawsosError('portfolio_not_found', `no portfolio "${id}"`);
      return { id, name: 'Growth', baseCurrency: 'CAD', accountPrefixes: ['Assets:Growth'] };
    },
    portfolios() {
      return [this.portfolio('growth')];
    },
    entries: ({ from, to }) =>
      entries.filter(({ date }) => date <= to && (from === undefined || date >= from)),
    lotEntries: () => [],
    commodity: (currency) => new Map([['name', { kind: 'string', value: currency }]]),
    account: () => ({ kind: 'assets', meta: new Map() }),
    customs: () => [],
  };
}

export function worldWith(change: Partial<World> = {}): World {
  return {
    pack: packWith(),
    ledger: snapshotWith([openDirective('Assets:Growth:Cash', 1)]),
    portfolioId: 'growth',
    asofDate: isoDate('2025-10-22'),
    ...change,
  };
}
