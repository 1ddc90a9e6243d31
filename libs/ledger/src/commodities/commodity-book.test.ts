import { isoDate } from '@dawsos/contracts';
import { loadLedgerFrom } from '../load';
import type { Ledger, Transaction } from '../model';
import { commodityBook } from './commodity-book';
import { unitSizes } from './unit-sizes';

const HEAD = `
option "operating_currency" "USD"
2020-01-01 open Assets:A
2020-01-01 open Assets:B
2020-01-01 open Assets:Cash
2020-01-01 open Equity:In
2020-01-02 * "buy"
  Assets:A   10 ABC {400 USD}
  Equity:In
2020-01-03 * "buy"
  Assets:B   10 ABC {420 USD}
  Equity:In
`;

async function load(text: string): Promise<Ledger> {
  const bytes = new TextEncoder().encode(HEAD + text);
  const ledger = await loadLedgerFrom({ read: async () => bytes, list: async () => [] }, 'main.beancount');
  expect(ledger.errors).toEqual([]);
  return ledger;
}

const splitsOf = (ledger: Ledger, commodity = 'ABC') =>
  commodityBook(ledger)
    .facts(commodity)
    .splits.map(({ ratio, exDate, bookedOn, leftOut }) => [ratio.toFixed(), exDate, bookedOn, leftOut]);

const SPLIT_A = `
2020-06-05 * "split at A"
  Assets:A  -10 ABC {400 USD}
  Assets:A   40 ABC {100 USD, 2020-01-02}
`;
const SPLIT_B = `
2020-06-08 * "split at B"
  Assets:B  -10 ABC {420 USD}
  Assets:B   40 ABC {105 USD, 2020-01-03}
`;

describe('splits of a commodity', () => {
  test('one that two accounts book on two days is one split', async () => {
    expect(splitsOf(await load(SPLIT_A + SPLIT_B))).toEqual([['4', null, '2020-06-05', []]]);
  });

  test('a declaration gives the ex-date, whether it stands before or after the booking', async () => {
    const declared = '2020-05-20 custom "split" "ABC" 4\n  ex_date: 2020-06-08\n';
    expect(splitsOf(await load(declared + SPLIT_A + SPLIT_B))).toEqual([
      ['4', '2020-06-08', '2020-06-05', []],
    ]);
  });

  test('an account that books none is left out, and is told only to whoever sees it', async () => {
    const ledger = await load(SPLIT_A);
    expect(splitsOf(ledger)).toEqual([['4', null, '2020-06-05', ['Assets:B']]]);
    expect(commodityBook(ledger).factsFor('ABC', ['Assets:B']).splits[0]?.leftOut).toEqual(['Assets:B']);
    expect(commodityBook(ledger).factsFor('ABC', ['Assets:A']).splits[0]?.leftOut).toEqual([]);
  });

  test('two ratios within a week are a fault', async () => {
    const other = SPLIT_B.replace('40 ABC {105 USD', '30 ABC {140 USD');
    expect(commodityBook(await load(SPLIT_A + other)).facts('ABC').faults).toMatchObject([
      { code: 'split_ratios_differ' },
    ]);
  });

  test('rounded units say one for three, and cash in lieu of a fraction leaves the unit costs to say it', async () => {
    const thirds = `
2020-06-05 * "1 for 3"
  Assets:A  -10 ABC {400 USD}
  Assets:A    3.333 ABC {1200.12 USD, 2020-01-02}
  Equity:In
`;
    const lieu = `
2020-06-05 * "1 for 3, a third paid out"
  Assets:A  -10 ABC {400 USD}
  Assets:A    3 ABC {1200 USD, 2020-01-02}
  Assets:Cash  401 USD
  Equity:In
`;
    for (const text of [thirds, lieu]) {
      expect(splitsOf(await load(text + SPLIT_B.replace('2020-06-08', '2021-06-08')))[0]?.[0]).toMatch(
        /^0\.3333333333/,
      );
    }
  });

  test('a transfer, a return of capital and a sale are no splits', async () => {
    const others = `
2020-06-01 * "moved"
  Assets:A  -10 ABC {400 USD}
  Assets:B   10 ABC {400 USD, 2020-01-02}
2020-06-02 * "return of capital"
  Assets:B  -10 ABC {420 USD}
  Assets:B   10 ABC {410 USD, 2020-01-03}
  Assets:Cash  100 USD
2020-06-03 * "sold and bought"
  Assets:B  -10 ABC {400 USD} @ 410 USD
  Assets:B   20 ABC {205 USD}
  Equity:In
`;
    expect(splitsOf(await load(others))).toEqual([]);
  });

  test('metadata of the entry declares one that books only the new units', async () => {
    const ledger = await load(`
2020-06-05 * "split"
  event: "split"
  Assets:A   30 ABC {0 USD}
  Assets:B   30 ABC {0 USD}
`);
    expect(splitsOf(ledger)).toEqual([['4', null, '2020-06-05', []]]);
  });

  test('units are restated by booking: an account that books later changes later', async () => {
    const bought = `
2020-06-06 * "bought between"
  Assets:A   1 ABC {101 USD}
  Equity:In
2020-06-06 * "bought between"
  Assets:B   1 ABC {402 USD}
  Equity:In
`;
    const ledger = await load(SPLIT_A + bought + SPLIT_B);
    const history = ledger.entries.filter((entry): entry is Transaction => entry.type === 'transaction');
    const sizes = unitSizes(history, commodityBook(ledger).facts, isoDate('2020-06-30'));
    const units = history.flatMap(({ postings }) =>
      postings.filter(({ cost }) => cost !== null).map((posting) => sizes.unitsOf(posting).toNumber()),
    );
    expect(units).toEqual([40, 40, -40, 40, 1, 4, -40, 40]);
    const early = unitSizes(history.slice(0, 4), commodityBook(ledger).facts, isoDate('2020-06-06'));
    expect([early.atEnd('Assets:A', 'ABC').toNumber(), early.atEnd('Assets:B', 'ABC').toNumber()]).toEqual([
      1, 4,
    ]);
  });
});

describe('money', () => {
  test('is what the ledger classes so, what it operates in, and national currencies that are not only lots', async () => {
    const ledger = await load(`
2020-01-01 commodity BTC
  asset_class: "crypto"
2020-01-01 commodity POINTS
  asset_class: "currency"
2020-01-02 * "ConocoPhillips, and Colombian pesos of another ledger's"
  Assets:A   1 COP {60 USD}
  Assets:A   1 JPY
  Equity:In
2020-01-02 price ETH 0.07 BTC
2020-01-02 price BTC 9000 USD
`);
    const { facts } = commodityBook(ledger);
    const money = ['USD', 'POINTS', 'JPY', 'GBX', 'DEM', 'BTC', 'ETH', 'COP', 'XAU', 'ABC'];
    expect(money.filter((name) => facts(name).isMoney)).toEqual(['USD', 'POINTS', 'JPY', 'GBX', 'DEM']);
  });

  test('unit size and counters are metadata of the commodity', async () => {
    const { facts } = commodityBook(
      await load(
        '2020-01-01 commodity BOND\n  unit_size: 100\n2020-01-01 commodity HOURS\n  asset_class: "counter"\n',
      ),
    );
    expect([
      facts('BOND').unitSize.toFixed(),
      facts('HOURS').isCounter,
      facts('ABC').unitSize.toFixed(),
    ]).toEqual(['100', true, '1']);
  });
});
