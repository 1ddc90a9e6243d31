import { smallWorld } from './__fixtures__/small-world';

type Row = Record<string, unknown>;
const rowOf = (result: Record<string, unknown>, commodity: string): Row =>
  (result['positions'] as Row[]).find((row) => row['commodity'] === commodity) ?? {};
const gapsOf = (result: Record<string, unknown>): string[] =>
  (result['gaps'] as Row[]).map(({ figure, code }) => `${String(figure)} ${String(code)}`);

const BUY = `
2024-01-02 * "In"
  Assets:P:Cash  5000 USD
  Equity:Opening
2024-01-03 * "Buy"
  Assets:P:ABC  10 ABC {100 USD}
  Assets:P:Cash  -1000 USD
`;

describe('the value of a holding', () => {
  it('says of which days its price and rate are, and how it is converted', async () => {
    const world = await smallWorld(
      `${BUY}
2024-01-04 price ABC 110 USD
2024-02-01 price USD 1.40 CAD`,
      '2024-02-03',
    );
    const result = await world('portfolio.get_valued_positions');
    expect(rowOf(result, 'ABC')).toMatchObject({
      price_date: '2024-01-04',
      rate_date: '2024-02-01',
      route: ['USD', 'CAD'],
      age_days: 30,
    });
    expect(rowOf(result, 'USD')).toMatchObject({ price_date: null, route: ['USD', 'CAD'], age_days: 2 });
  });

  it('goes on through what it is quoted in, and is no money for being quoted in', async () => {
    const world = await smallWorld(
      `${BUY}
2024-01-01 commodity COIN
  asset_class: "crypto"
2024-01-01 open Assets:P:Coin
2024-01-04 * "Buy a coin"
  Assets:P:Coin  1 COIN {50 USD}
  Assets:P:Cash  -50 USD
2024-01-04 price COIN 60 USD
2024-01-05 price ABC 2 COIN`,
      '2024-01-10',
    );
    const result = await world('portfolio.get_valued_positions');
    expect(rowOf(result, 'ABC')).toMatchObject({
      price: '120',
      price_currency: 'USD',
      price_date: '2024-01-04',
    });
    expect(rowOf(result, 'ABC')['route']).toEqual(['COIN', 'USD', 'CAD']);
    expect(rowOf(result, 'COIN')).toMatchObject({ is_cash: false, price: '60', cost_basis: '50' });
  });

  it('is a gap of its row where quotes before a split look adjusted for it', async () => {
    const world = await smallWorld(
      `${BUY}
2024-01-03 price ABC 50 USD
2024-01-09 * "2 for 1"
  Assets:P:ABC  -10 ABC {100 USD}
  Assets:P:ABC  20 ABC {50 USD, 2024-01-03}
2024-01-10 price ABC 51 USD`,
      '2024-01-12',
    );
    const result = await world('portfolio.get_valued_positions');
    expect([rowOf(result, 'ABC')['value'], result['total_value']]).toEqual([null, null]);
    expect(gapsOf(result)).toContain('value of ABC prices_look_adjusted');
    expect(rowOf(result, 'USD')['value']).not.toBeNull();
  });

  it('is told where the source of the quotes is declared as adjusted', async () => {
    const world = await smallWorld(
      `${BUY}
2024-01-01 custom "source" "ledger"
  adjusted: "splits"
2024-01-03 price ABC 50 USD
2024-01-09 * "2 for 1"
  Assets:P:ABC  -10 ABC {100 USD}
  Assets:P:ABC  20 ABC {50 USD, 2024-01-03}
2024-01-10 price ABC 51 USD`,
      '2024-01-12',
    );
    expect(rowOf(await world('portfolio.get_valued_positions'), 'ABC')).toMatchObject({
      price: '51',
      quantity: '20',
    });
    const prices = await world('holding.price_history', { commodity: 'ABC', lookback_days: 20 });
    expect((prices['points'] as Row[]).map(({ y }) => y)).toEqual(['50', '51']);
  });

  it('is a gap where an account that held it leaves its split out, once the days for it are over', async () => {
    const book = `${BUY}
2024-01-01 open Assets:P:Other
2024-01-04 * "Moved"
  Assets:P:ABC  -4 ABC {100 USD}
  Assets:P:Other  4 ABC {100 USD, 2024-01-03}
2024-01-08 price ABC 100 USD
2024-01-09 * "2 for 1, here alone"
  Assets:P:ABC  -6 ABC {100 USD}
  Assets:P:ABC  12 ABC {50 USD, 2024-01-03}
2024-01-09 price ABC 51 USD`;
    const late = await (await smallWorld(book, '2024-01-20'))('portfolio.get_valued_positions');
    expect(gapsOf(late)).toContain('value of ABC split_unclear');
    expect(JSON.stringify(late['gaps'])).toContain('Assets:P:Other');
  });

  it('is a gap where quotes are a hundred times what was paid, until the unit is declared', async () => {
    const book = `${BUY}\n2024-01-03 price ABC 10010 USD\n`;
    const unclear = await (await smallWorld(book, '2024-01-05'))('portfolio.get_valued_positions');
    expect(gapsOf(unclear)).toContain('value of ABC unit_size_unclear');
    expect(JSON.stringify(unclear['gaps'])).toContain('unit_size: 100');
    const declared = `${BUY}\n2024-01-03 price BOND 10010 USD\n`
      .replaceAll(' ABC', ' BOND')
      .concat('2024-01-01 commodity BOND\n  unit_size: 100\n');
    const told = await (await smallWorld(declared, '2024-01-05'))('portfolio.get_valued_positions');
    expect(rowOf(told, 'BOND')).toMatchObject({ price: '100.1', value: '1301.3' });
  });

  it('is the same in pence as in pounds, without a rate of pence', async () => {
    const book = (quote: string) => `${BUY}
2024-01-04 price GBP 1.70 CAD
2024-01-05 price ABC ${quote}`;
    const [pence, pounds] = await Promise.all(
      ['12345 GBX', '123.45 GBP'].map(async (quote) =>
        (await smallWorld(book(quote), '2024-01-06'))('portfolio.get_valued_positions'),
      ),
    );
    expect(rowOf(pence ?? {}, 'ABC')).toMatchObject({ price_currency: 'GBX', route: ['GBX', 'GBP', 'CAD'] });
    expect(rowOf(pence ?? {}, 'ABC')['value']).toBe(rowOf(pounds ?? {}, 'ABC')['value']);
  });
});
