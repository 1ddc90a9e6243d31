import { isoDate } from '@dawsos/contracts';
import { createSnapshot } from '../create-snapshot';
import { loadLedgerFrom } from '../load';
import type { Ledger } from '../model';
import { NO_TRADE } from './implicit-prices';

const OPENS = `
option "operating_currency" "USD"
2020-01-01 open Assets:A
2020-01-01 open Assets:B
2020-01-01 open Assets:Cash
2020-01-01 open Equity:In
2020-01-01 open Income:Gains
2020-01-01 open Expenses:Food
`;

function load(text: string, acceptedPlugins?: readonly string[]): Promise<Ledger> {
  const bytes = new TextEncoder().encode(text + OPENS);
  const source = { read: async () => bytes, list: async () => [] };
  return loadLedgerFrom(source, 'main.beancount', acceptedPlugins);
}

const messages = ({ errors }: Ledger): string[] => errors.map(({ message }) => message);

describe('plugins that are not run', () => {
  const OWN = 'plugin "my_plugins.rounding" "2"\n';

  test('are an error, unless they are accepted: then they are told all the same', async () => {
    expect(messages(await load(OWN, []))).toEqual([
      expect.stringContaining('LEDGER_PLUGINS_ACCEPTED=my_plugins.rounding') as string,
    ]);
    const accepted = await load(OWN, ['my_plugins.rounding']);
    expect([accepted.errors, accepted.pluginsNotRun]).toEqual([[], ['my_plugins.rounding']]);
    expect((await load(OWN)).errors).toEqual([]);
  });

  test('need no acceptance where they change no figure', async () => {
    const ledger = await load(
      'plugin "beancount.plugins.leafonly"\nplugin "fava.plugins.link_documents"\n',
      [],
    );
    expect([ledger.errors, ledger.pluginsNotRun]).toEqual([[], []]);
    expect(ledger.pluginsWithoutEffect).toHaveLength(2);
  });

  test('are refused where Beancount has them and they change entries; one that it has not is an error', async () => {
    expect(messages(await load('plugin "beancount.plugins.ira_contribs" "{}"\n', []))).toHaveLength(1);
    expect(
      messages(await load('plugin "beancount.plugins.leaf_only"\n', ['beancount.plugins.leaf_only'])),
    ).toEqual(['Error importing "beancount.plugins.leaf_only": Beancount has no such plugin']);
  });
});

test('a forecast without an end goes on to the end of the year of the last other entry, whatever the clock', async () => {
  const { entries } = await load(`plugin "beancount.plugins.forecast"
2020-10-05 # "bill [MONTHLY]"
  Expenses:Food  1 USD
  Assets:Cash
2020-11-01 note Assets:Cash "last"
`);
  expect(entries.filter(({ type }) => type === 'transaction').map(({ date }) => date)).toEqual([
    '2020-10-05',
    '2020-11-05',
    '2020-12-05',
  ]);
});

test('unrealised gains that the plugin books are no movement of a portfolio', async () => {
  const ledger = await load(`plugin "beancount.plugins.unrealized"
2020-02-01 * "buy"
  Assets:A  1 ABC {10 USD}
  Assets:Cash
2020-02-02 price ABC 12 USD
`);
  expect(ledger.entries.filter(({ type }) => type === 'transaction')).toHaveLength(2);
  const snapshot = createSnapshot('0'.repeat(40), ledger);
  expect(snapshot.entries({ portfolioId: null, to: isoDate('2020-12-31') })).toHaveLength(1);
});

test('prices drawn from moves, splits, openings and lots of another day say that no trade made them', async () => {
  const { entries } = await load(`plugin "beancount.plugins.implicit_prices"
2020-02-01 * "bought"
  Assets:A  10 ABC {10 USD}
  Assets:Cash
2020-02-02 * "moved"
  Assets:A  -10 ABC {10 USD}
  Assets:B  10 ABC {10 USD, 2020-02-01}
2020-02-03 * "split"
  Assets:B  -10 ABC {10 USD}
  Assets:B  20 ABC {5 USD, 2020-02-01}
2020-02-04 * "opening"
  Assets:A  1 ABC {7 USD}
  Equity:In
2020-02-05 * "brought along"
  Assets:A  1 ABC {3 USD, 2019-01-01}
  Assets:Cash  -3 USD
2020-02-06 * "sold"
  Assets:B  -1 ABC {5 USD} @ 6 USD
  Assets:Cash  6 USD
  Income:Gains
2020-02-07 * "merged"
  Assets:B  -19 ABC {5 USD}
  Assets:B  19 XYZ {5 USD}
2020-02-08 * "reinvested"
  Assets:B  1 XYZ {6 USD}
  Income:Gains
`);
  const prices = entries.filter((entry) => entry.type === 'price');
  const trades = prices.filter(({ meta }) => !meta.has(NO_TRADE)).map(({ date }) => date);
  expect(trades).toEqual(['2020-02-01', '2020-02-06', '2020-02-08']);
  expect(prices).toHaveLength(8);
});
