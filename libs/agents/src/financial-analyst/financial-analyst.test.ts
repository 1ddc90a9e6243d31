import type { JsonValue } from '@dawsos/contracts';
import { smallWorld } from './__fixtures__/small-world';

const FUNDED = `
2024-01-01 price ABC 10 USD
2024-01-02 * "Deposit"
  Assets:P:Cash      2000 CAD
  Equity:Opening
2024-01-02 * "Convert at the close's rate"
  Assets:P:Cash     -1300 CAD @@ 1000 USD
  Assets:P:Cash      1000 USD
2024-01-02 * "Buy"
  Assets:P:ABC         50 ABC {10 USD}
  Assets:P:Cash      -500 USD
`;

type World = Awaited<ReturnType<typeof smallWorld>>;

async function nav(world: World, lookbackDays = 30) {
  const result = await world('portfolio.historical_nav', { lookback_days: lookbackDays });
  const points = result['points'] as { date: string; value: string; flow: string }[];
  return {
    result,
    points,
    flows: points.filter(({ flow }) => flow !== '0').map(({ date, flow }) => [date, flow]),
  };
}

async function performance(world: World, extra: Record<string, JsonValue> = {}) {
  const { result } = await nav(world);
  return world('metrics.compute_twr', { points: result['points'] ?? null, ...extra });
}

async function attribution(world: World) {
  const { result } = await nav(world);
  return world('attribution.currency', {
    points: result['points'] ?? null,
    currencies: result['currencies'] ?? null,
  });
}

describe('valued positions', () => {
  it('are units × price × rate, with money a position of its own', async () => {
    const world = await smallWorld(`${FUNDED}\n2024-01-03 price ABC 12 USD`, '2024-01-03');
    const { positions, total_value } = await world('portfolio.get_valued_positions');
    const rows = positions as Record<string, JsonValue>[];
    expect(
      rows.map((row) => [row['commodity'], row['quantity'], row['value'], row['unrealised_gain']]),
    ).toEqual([
      ['ABC', '50', '780', '100'],
      ['CAD', '700', '700', null],
      ['USD', '500', '650', null],
    ]);
    expect(total_value).toBe('2130');
  });

  it('are null and a gap for want of a price, never 0; the others are told', async () => {
    const world = await smallWorld(
      '2024-01-02 * "In"\n  Assets:P:ABC  1 ABC {10 XYZ}\n  Assets:P:Cash  5 CAD\n  Equity:Opening',
      '2024-01-03',
    );
    const found = await world('portfolio.get_valued_positions');
    expect(found).toMatchObject({ total_value: null, partial_total: { value: '5', known: 1, of: 2 } });
    expect(found['positions']).toMatchObject([
      { commodity: 'ABC', quantity: '1', value: null, weight: null },
      { commodity: 'CAD', value: '5' },
    ]);
    expect(
      (found['gaps'] as { figure: string; code: string }[]).map(({ figure, code }) => [figure, code]),
    ).toEqual([
      ['value of ABC', 'price_missing'],
      ['total_value', 'price_missing'],
      ['weight', 'price_missing'],
    ]);
  });

  it('are null and a gap for want of a rate, which is never 1', async () => {
    const world = await smallWorld(
      '2024-01-02 price ABC 10 XYZ\n2024-01-02 * "In"\n  Assets:P:ABC  1 ABC {10 XYZ}\n  Equity:Opening',
      '2024-01-03',
    );
    const found = await world('portfolio.get_valued_positions');
    expect(found['positions']).toMatchObject([{ local_value: '10', rate: null, value: null }]);
    expect(found['gaps']).toMatchObject([
      { code: 'rate_missing', scope: 'row', needs: ['XYZ:CAD@2024-01-03'] },
      { figure: 'total_value' },
      { figure: 'weight' },
    ]);
  });

  it('do not look ahead: a later price is not there', async () => {
    const world = await smallWorld(`${FUNDED}\n2024-01-05 price ABC 99 USD`, '2024-01-04');
    const { positions } = await world('portfolio.get_valued_positions');
    expect((positions as Record<string, JsonValue>[])[0]).toMatchObject({
      price: '10',
      price_date: '2024-01-01',
    });
  });

  it('name what the ledger does not classify, instead of calling it "Other"', async () => {
    const world = await smallWorld(
      '2024-01-01 price NEW 5 CAD\n2024-01-02 * "In"\n  Assets:P:ABC  2 NEW {5 CAD}\n  Equity:Opening',
      '2024-01-03',
    );
    const { positions } = await world('portfolio.get_valued_positions');
    const { sectors, without_sector } = await world('portfolio.sector_allocation', {
      positions: (positions as Record<string, JsonValue>[]).map((row) => ({
        commodity: row['commodity'] ?? null,
        asset_class: row['asset_class'] ?? null,
        sector: row['sector'] ?? null,
        price_currency: row['price_currency'] ?? null,
        value: row['value'] ?? null,
      })),
    });
    expect(sectors).toEqual([{ key: null, value: '10', weight: '1', positions: 1 }]);
    expect(without_sector).toEqual(['NEW']);
  });
});

describe('external flows', () => {
  it('a young portfolio starts empty on the day before its first transaction', async () => {
    const { points, flows } = await nav(await smallWorld(FUNDED, '2024-01-03'));
    expect(points[0]).toEqual({ date: '2024-01-01', value: '0', flow: '0' });
    expect(flows).toEqual([['2024-01-02', '2000']]);
  });

  it('dividends, fees and realised gains are return, not flow', async () => {
    const world = await smallWorld(
      `${FUNDED}
2024-01-03 * "Dividend"
  Assets:P:Cash        20 USD
  Income:Dividends
2024-01-04 * "Fee"
  Assets:P:Cash       -10 CAD
  Expenses:Fees
2024-01-05 * "Sell"
  Assets:P:ABC        -50 ABC {10 USD} @ 11 USD
  Assets:P:Cash       550 USD
  Income:Gains`,
      '2024-01-05',
    );
    expect((await nav(world)).flows).toEqual([['2024-01-02', '2000']]);
    // 20 USD of dividend, −10 CAD of fee, 50 USD of gain: 2000 → 2081.
    expect(Number((await performance(world))['twr'])).toBeCloseTo(81 / 2000, 9);
  });

  it('an account opened with flow: "external" is outside though it is income', async () => {
    const world = await smallWorld(
      `${FUNDED}\n2024-01-03 * "Pay"\n  Assets:P:Cash  100 CAD\n  Income:Salary`,
      '2024-01-04',
    );
    expect((await nav(world)).flows).toEqual([
      ['2024-01-02', '2000'],
      ['2024-01-03', '100'],
    ]);
    expect((await performance(world))['twr']).toBe('0');
  });

  it("money from an account outside counts at the day's rate", async () => {
    const world = await smallWorld(
      `${FUNDED}\n2024-01-04 price USD 1.40 CAD\n2024-01-04 * "Transfer"\n  Assets:P:Cash  100 USD\n  Assets:Other`,
      '2024-01-04',
    );
    expect((await nav(world)).flows.at(-1)).toEqual(['2024-01-04', '140']);
  });

  it('a contribution in kind counts at its market value, not at the cost it brings along', async () => {
    const world = await smallWorld(
      `${FUNDED}\n2024-01-03 * "Old shares"\n  Assets:P:ABC  10 ABC {2 USD, 2020-01-01}\n  Equity:Opening`,
      '2024-01-04',
    );
    expect((await nav(world)).flows.at(-1)).toEqual(['2024-01-03', '130']);
    expect((await performance(world))['twr']).toBe('0');
  });

  it('a withdrawal leaves the return alone', async () => {
    const world = await smallWorld(
      `${FUNDED}\n2024-01-03 * "Out"\n  Assets:P:Cash  -500 CAD\n  Assets:Other`,
      '2024-01-04',
    );
    expect((await nav(world)).flows.at(-1)).toEqual(['2024-01-03', '-500']);
    expect((await performance(world))['twr']).toBe('0');
  });

  it('what happens on a weekend counts on its own day', async () => {
    // 2024-01-06 is a Saturday.
    const world = await smallWorld(
      `${FUNDED}\n2024-01-06 * "Deposit"\n  Assets:P:Cash  50 CAD\n  Equity:Opening\n2024-01-08 price ABC 10 USD\n2024-01-09 price ABC 10 USD`,
      '2024-01-09',
    );
    expect((await nav(world)).flows.at(-1)).toEqual(['2024-01-06', '50']);
  });
});

describe('a split', () => {
  it('changes neither value nor return, though the price drops', async () => {
    const world = await smallWorld(
      `${FUNDED}
2024-01-04 price ABC 5 USD
2024-01-04 * "Split 2 for 1"
  Assets:P:ABC  -50 ABC {10 USD}
  Assets:P:ABC  100 ABC {5 USD, 2024-01-02}`,
      '2024-01-04',
    );
    const { points } = await nav(world);
    expect(points.map(({ value }) => value)).toEqual(['0', '2000', '2000']);
    expect((await performance(world))['twr']).toBe('0');
  });
});

describe('currency attribution', () => {
  it('splits a day into prices, rates and both', async () => {
    const world = await smallWorld(
      `${FUNDED}\n2024-01-03 price ABC 11 USD\n2024-01-03 price USD 1.43 CAD`,
      '2024-01-03',
    );
    // On 2000 CAD: local 50 USD × 1.30 = 65; fx 1000 USD × 0.13 = 130; both 50 × 0.13 = 6.5.
    const found = await attribution(world);
    expect([found['local'], found['fx'], found['interaction']]).toEqual(['0.0325', '0.065', '0.00325']);
    expect(found['base_return']).toBe('0.10075');
    expect(found['base_return']).toBe((await performance(world))['twr']);
  });

  it('books a conversion at a worse rate than the close as a currency loss', async () => {
    const world = await smallWorld(
      `${FUNDED}\n2024-01-03 * "Convert"\n  Assets:P:Cash  -100 USD @@ 120 CAD\n  Assets:P:Cash  120 CAD`,
      '2024-01-03',
    );
    const found = await attribution(world);
    expect([found['local'], found['fx'], found['conversion']]).toEqual(['0', '-0.005', '-0.005']);
  });

  it('keeps a fee on a conversion and a gain on a sale for another currency as local', async () => {
    const world = await smallWorld(
      `${FUNDED}
2024-01-03 price ABC 12 USD
2024-01-03 * "Sell for Canadian dollars"
  Assets:P:ABC       -50 ABC {10 USD} @ 12 USD
  Assets:P:Cash      770 CAD @@ 592.307692307692307692307692 USD
  Expenses:Fees     7.692307692307692307692308 USD
  Income:Gains      -100 USD`,
      '2024-01-03',
    );
    const found = await attribution(world);
    // 100 USD of gain less 10 CAD of fee, at 1.30: 120 CAD on 2000.
    expect(Number(found['local'])).toBeCloseTo(0.06, 12);
    expect(Number(found['fx'])).toBeCloseTo(0, 12);
  });
});

describe('too little to say', () => {
  it('states a gap for each figure instead of a default', async () => {
    const found = await performance(await smallWorld(FUNDED, '2024-01-03'));
    expect(found).toMatchObject({ twr_annualised: null, volatility: null, sharpe: null });
    expect(
      (found['gaps'] as { figure: string; code: string }[]).map(({ figure, code }) => [figure, code]),
    ).toEqual([
      ['volatility', 'insufficient_history'],
      ['twr_annualised', 'under_a_year'],
      ['sharpe', 'input_missing'],
    ]);
  });

  it('has no value at risk without a scenario in the tail', async () => {
    const world = await smallWorld(FUNDED, '2024-01-03');
    const { points } = await nav(world);
    const found = await world('risk.var', { points, confidence: '0.95' });
    expect([found['value_at_risk'], found['tail']]).toEqual([null, null]);
    expect(
      (found['gaps'] as { figure: string; code: string }[]).map(({ figure, code }) => [figure, code]),
    ).toEqual(
      ['value_at_risk', 'expected_shortfall', 'value_at_risk_fraction', 'expected_shortfall_fraction'].map(
        (figure) => [figure, 'insufficient_history'],
      ),
    );
  });

  it('has no money-weighted return without flows of both signs', async () => {
    const world = await smallWorld(FUNDED, '2024-01-03');
    const found = await world('metrics.compute_mwr', {
      points: [{ date: '2024-01-03', value: '1', flow: '0' }],
    });
    expect(found).toMatchObject({ mwr: null, mwr_annualised: null });
    expect(found['gaps']).toMatchObject([{ code: 'no_solution' }, { figure: 'mwr' }]);
  });

  it('has no history before the first transaction', async () => {
    const world = await smallWorld('', '2024-01-03');
    const { result, points } = await nav(world);
    expect([points, result['period']]).toEqual([[], null]);
    const { measurement = null } = result;
    const twr = await world('metrics.compute_twr', { points, measurement });
    expect(twr['gaps']).toMatchObject([
      { code: 'insufficient_history' },
      { figure: 'twr_annualised' },
      { figure: 'volatility' },
      { figure: 'max_drawdown' },
      { figure: 'sharpe' },
    ]);
  });
});

describe('money-weighted return', () => {
  it('counts the opening value: money that lay there is not a gain', async () => {
    const points = [
      { date: '2022-01-03', value: '1000', flow: '0' },
      { date: '2023-01-03', value: '1100', flow: '0' },
    ];
    const world = await smallWorld(FUNDED, '2024-01-03');
    expect(await world('metrics.compute_mwr', { points })).toMatchObject({
      mwr_annualised: '0.1',
      mwr: '0.1',
      flows: 0,
    });
  });

  it('annualises once', async () => {
    const points = [
      { date: '2021-01-03', value: '1000', flow: '0' },
      { date: '2023-01-03', value: '1210', flow: '0' },
    ];
    const world = await smallWorld(FUNDED, '2024-01-03');
    expect(await world('metrics.compute_mwr', { points })).toMatchObject({
      mwr_annualised: '0.1',
      mwr: '0.21',
    });
  });
});

describe('ledger', () => {
  it('lists lots by account, commodity and cost', async () => {
    const world = await smallWorld(FUNDED, '2024-01-03');
    const { positions } = await world('ledger.positions');
    expect(positions).toMatchObject([
      {
        account: 'Assets:P:ABC',
        commodity: 'ABC',
        units: '50',
        cost: { number: '10', currency: 'USD', date: '2024-01-02' },
      },
      { account: 'Assets:P:Cash', commodity: 'CAD', units: '700', cost: null },
      { account: 'Assets:P:Cash', commodity: 'USD', units: '500', cost: null },
    ]);
  });

  it('gives the last transactions of a period and says how many there are', async () => {
    const world = await smallWorld(FUNDED, '2024-01-03');
    const found = await world('ledger.transactions', { limit: 1 });
    expect(found['total']).toBe(3);
    expect(found['transactions']).toMatchObject([{ narration: 'Buy' }]);
  });
});
