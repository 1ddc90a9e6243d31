import type { JsonObject, JsonValue } from '@dawsos/contracts';
import { smallWorld } from './__fixtures__/small-world';

type World = Awaited<ReturnType<typeof smallWorld>>;
type Row = Record<string, JsonValue>;

/** The figures of a period, as the pattern `performance` joins them. */
async function measure(world: World, asked: JsonObject = {}, extra: JsonObject = {}) {
  const nav = await world('portfolio.historical_nav', asked);
  const { points = null, measurement = null, currencies = null } = nav;
  const series = { points, measurement };
  const twr = await world('metrics.compute_twr', { ...series, ...extra });
  const mwr = await world('metrics.compute_mwr', series);
  const attribution = await world('attribution.currency', { ...series, currencies });
  return { nav, twr, mwr, attribution, gaps: twr['gaps'] as Row[] };
}

describe('a coin bought on a Saturday', () => {
  const COIN = `
2024-01-02 price ABC 100 CAD
2024-01-02 * "In"
  Assets:P:ABC  10 ABC {100 CAD}
  Equity:Opening
2024-01-05 price ABC 100 CAD
2024-01-06 price ABC 200 CAD
2024-01-06 * "Deposit, spent at the price of that day"
  Assets:P:ABC  10 ABC {200 CAD}
  Equity:Opening
2024-01-08 price ABC 200 CAD
`;

  it('doubled before, and did nothing after', async () => {
    const { twr } = await measure(await smallWorld(COIN, '2024-01-08'), { lookback_days: 6 });
    expect([twr['twr'], (twr['max_drawdown'] as Row)['depth']]).toEqual(['1', '0']);
  });

  it('is otherwise by the convention that is asked for, which the result prints', async () => {
    const asked = { lookback_days: 6, flow_timing: 'inflow-start-outflow-end' };
    const { twr } = await measure(await smallWorld(COIN, '2024-01-08'), asked);
    expect(twr['twr']).toBe('0.333333333333');
    expect((twr['conventions'] as Row)['twr']).toContain('inflows at the start');
  });
});

describe('a fall over a weekend', () => {
  it('is seen on the day on which it was quoted', async () => {
    const world = await smallWorld(
      `
2024-01-02 price ABC 100 CAD
2024-01-02 * "In"
  Assets:P:ABC  10 ABC {100 CAD}
  Equity:Opening
2024-01-06 price ABC 60 CAD
2024-01-07 price ABC 90 CAD
2024-01-08 price ABC 100 CAD
`,
      '2024-01-08',
    );
    const { twr } = await measure(world, { lookback_days: 6 });
    expect([twr['twr'], twr['max_drawdown']]).toMatchObject([
      '0',
      { depth: '-0.4', trough_date: '2024-01-06' },
    ]);
  });
});

describe('pay that goes to the account', () => {
  it('is a contribution, and what nothing tells is one with the line that would tell it', async () => {
    const world = await smallWorld(
      `
2024-01-01 open Income:Pension:Match
2024-01-02 * "Opening"
  Assets:P:Cash    1000 CAD
  Equity:Opening
2024-01-10 * "Payroll"
  Assets:P:Cash     500 CAD
  Income:Pension:Match
`,
      '2024-01-31',
    );
    const { twr, gaps } = await measure(world);
    expect(twr['twr']).toBe('0');
    expect(gaps[0]).toMatchObject({ code: 'unclassified', needs: ['Income:Pension:Match'] });
    expect((twr['counted'] as Row[])[0]).toMatchObject({
      counted: 'flow',
      amount: '500',
      role: 'unclassified',
    });
  });
});

describe('a flow needs no price of what is outside', () => {
  it('counts at the weight that the entry gives it', async () => {
    const booked = await smallWorld(
      `
2024-01-01 open Assets:Other:Vacation
2024-01-02 * "Opening"
  Assets:P:Cash     1000 CAD
  Assets:Other:Vacation     10 VACHR {30 CAD}
  Equity:Opening
2024-01-10 * "Hours paid out"
  Assets:P:Cash            300 CAD
  Assets:Other:Vacation    -10 VACHR {30 CAD}
`,
      '2024-01-31',
    );
    const { nav, twr } = await measure(booked);
    expect((nav['points'] as Row[]).map((point) => point['flow'])).toEqual(['0', '1000', '300', '0']);
    expect(twr['twr']).toBe('0');
  });
});

describe('the last dividend comes when all is gone', () => {
  const GONE = `
2024-01-02 * "Deposit"
  Assets:P:Cash   1000 CAD
  Equity:Opening
2024-01-03 price ABC 100 CAD
2024-01-03 * "Buy"
  Assets:P:ABC      10 ABC {100 CAD}
  Assets:P:Cash  -1000 CAD
2024-02-05 price ABC 110 CAD
2024-02-05 * "Sell all"
  Assets:P:ABC     -10 ABC {100 CAD} @ 110 CAD
  Assets:P:Cash   1100 CAD
  Income:Gains    -100 CAD
2024-02-06 * "Out"
  Assets:P:Cash  -1100 CAD
  Assets:Other    1100 CAD
2024-03-20 * "Dividend"
  Assets:P:Cash     20 CAD
  Income:Dividends -20 CAD
2024-03-21 * "Out"
  Assets:P:Cash    -20 CAD
  Assets:Other      20 CAD
`;

  it('takes no other figure with it: the return up to then, a rate of all flows, and a gap', async () => {
    const { twr, mwr, attribution, gaps } = await measure(await smallWorld(GONE, '2024-03-31'));
    expect([twr['twr'], attribution['base_return']]).toEqual(['0.1', '0.1']);
    expect(Number(mwr['mwr_annualised'])).toBeGreaterThan(1);
    expect(gaps[0]).toMatchObject({ figure: 'twr', code: 'profit_without_basis', scope: 'day' });
    expect(gaps[0]?.['detail']).toContain('2024-03-20');
  });
});

describe('what has no price', () => {
  const PRESENT = (given: string, gone: string): string => `
2024-01-02 * "Deposit"
  Assets:P:Cash   1000 CAD
  Equity:Opening
${given} * "A present that has no price"
  Assets:P:ABC      10 ODD
  Equity:Opening
${gone} * "Given away again"
  Assets:P:ABC     -10 ODD
  Equity:Opening
2024-03-20 * "Fee"
  Assets:P:Cash    -10 CAD
  Expenses:Fees     10 CAD
`;

  it('leaves the days on which it is held without a value, and the figures those of the days that are known', async () => {
    const { twr, gaps } = await measure(await smallWorld(PRESENT('2024-01-10', '2024-01-20'), '2024-03-31'));
    expect([twr['twr'], twr['span']]).toMatchObject(['-0.01', { start: '2024-01-20' }]);
    expect(gaps.slice(0, 2)).toMatchObject([
      { code: 'price_missing', needs: ['ODD@2024-01-10'] },
      { code: 'value_unknown' },
    ]);
  });

  it('leaves no figure where most of the days are not known; the rate of the flows cannot be told either', async () => {
    const { twr, mwr } = await measure(await smallWorld(PRESENT('2024-01-10', '2024-03-10'), '2024-03-31'));
    expect([twr['twr'], twr['volatility'], twr['max_drawdown']]).toEqual([null, null, null]);
    expect((twr['spans'] as Row[]).length).toBe(2);
    expect(mwr['mwr']).toBeNull();
  });

  it('leaves out what the ledger calls a counter', async () => {
    const counted = `2024-01-01 commodity ODD\n  asset_class: "counter"\n${PRESENT('2024-01-10', '2024-03-10')}`;
    const world = await smallWorld(counted, '2024-03-31');
    const { twr, gaps } = await measure(world);
    expect([twr['twr'], gaps.map(({ code }) => code)]).toEqual(['-0.01', ['under_a_year', 'input_missing']]);
    expect(await world('portfolio.get_valued_positions')).toMatchObject({ total_value: '990', gaps: [] });
  });
});

describe('shares that come in kind', () => {
  it('count once at the market, with a cost or without one', async () => {
    const world = await smallWorld(
      `
2024-01-02 price ABC 10 CAD
2024-01-02 * "Deposit"
  Assets:P:Cash   1000 CAD
  Equity:Opening
2024-01-10 * "Without a cost"
  Assets:P:Cash     10 ABC
  Equity:Opening   -10 ABC
2024-01-11 * "With a cost of long ago"
  Assets:P:ABC      10 ABC {2 CAD, 2020-01-01}
  Equity:Opening
`,
      '2024-01-31',
    );
    const { nav, twr } = await measure(world);
    expect((nav['points'] as Row[]).map((point) => point['flow'])).toEqual(['0', '1000', '100', '100', '0']);
    expect(twr['twr']).toBe('0');
  });
});

describe('periods', () => {
  const YEARS = `
2024-01-02 price ABC 10 CAD
2024-01-02 * "In"
  Assets:P:ABC  100 ABC {10 CAD}
  Equity:Opening
2024-12-29 price ABC 12 CAD
2025-01-31 price ABC 12.6 CAD
2025-02-28 price ABC 12.6 CAD
2025-03-31 price ABC 15 CAD
2025-04-15 price ABC 14 CAD
`;

  it.each([
    ['MTD', { period: 'MTD' }, '2025-03-31', '-0.066666666667'],
    ['QTD', { period: 'QTD' }, '2025-03-31', '-0.066666666667'],
    ['YTD', { period: 'YTD' }, '2024-12-31', '0.166666666667'],
    ['1M', { period: '1M' }, '2025-03-15', '0.111111111111'],
    ['SI', { period: 'SI' }, '2024-01-01', '0.4'],
    ['a year that has ended', { from: '2023-12-31', to: '2024-12-31' }, '2024-01-01', '0.2'],
    ['days back', { lookback_days: 15 }, '2025-03-31', '-0.066666666667'],
  ])('%s', async (_name, asked, start, expected) => {
    const { twr } = await measure(await smallWorld(YEARS, '2025-04-15'), asked);
    expect([(twr['period'] as Row)['start'], twr['twr']]).toEqual([start, expected]);
  });

  it('may not end after the as-of date', async () => {
    const world = await smallWorld(YEARS, '2025-04-15');
    await expect(world('portfolio.historical_nav', { to: '2025-05-01' })).rejects.toMatchObject({
      code: 'capability_args_invalid',
    });
  });

  it('are in another currency what they are in their own, and the exchange rate', async () => {
    const world = await smallWorld(
      `${YEARS}\n2024-12-29 price USD 1.35 CAD\n2025-04-15 price USD 1.40 CAD`,
      '2025-04-15',
    );
    const { twr } = await measure(world, { period: 'YTD', base_currency: 'USD' });
    const [local, rate] = [14 / 12, 1.35 / 1.4];
    expect(Number(twr['twr'])).toBeCloseTo(local * rate - 1, 11);
  });
});

describe('beside a benchmark', () => {
  /** Sixty days of quotes from 2 January 2024 on: X moves twice as much as ABC. */
  const QUOTES = Array.from({ length: 60 }, (_, day) => {
    const date = new Date(Date.UTC(2024, 0, 2 + day)).toISOString().slice(0, 10);
    const move = (day % 7) - 3;
    return `${date} price ABC ${String(100 + move)} CAD\n${date} price XX ${String(200 + 2 * move)} CAD`;
  }).join('\n');
  const HELD = `${QUOTES}
2024-01-02 * "In"
  Assets:P:ABC  10 ABC {97 CAD}
  Equity:Opening
`;

  async function compare(benchmark: JsonObject) {
    const world = await smallWorld(HELD, '2024-03-01');
    const nav = await world('portfolio.historical_nav', { from: '2024-01-02' });
    const { points = null, measurement = null } = nav;
    return world('metrics.compare_benchmark', { points, measurement, benchmark });
  }

  it('which it holds itself, there is no difference', async () => {
    expect(await compare({ ABC: '1' })).toMatchObject({
      active_return: '0',
      beta: '1',
      tracking_error: '0',
      grid: 'daily-365',
      observations: 59,
    });
  });

  it('that moves alike, its beta is 1 as well, and a blend of both has the return of both', async () => {
    const found = await compare({ ABC: '0.5', XX: '0.5' });
    expect([found['beta'], found['benchmark_return'] === found['portfolio_return']]).toEqual(['1', true]);
  });

  it('without a price, the comparison is a gap and the return stands', async () => {
    const found = await compare({ NONE: '1' });
    expect(found).toMatchObject({ benchmark_return: null, beta: null });
    expect(found['portfolio_return']).not.toBeNull();
    expect((found['gaps'] as Row[])[0]).toMatchObject({ figure: 'benchmark_return', code: 'price_missing' });
  });

  it('whose weights do not add up to 1 is refused', async () => {
    await expect(compare({ ABC: '0.5' })).rejects.toThrow(/add up/);
  });

  it("takes today's units at past prices for scenarios, when asked to", async () => {
    const world = await smallWorld(
      `${HELD}\n2024-02-28 * "Sell most"\n  Assets:P:ABC  -9 ABC {97 CAD} @ 99 CAD\n  Assets:P:Cash  891 CAD\n  Income:Gains  -18 CAD`,
      '2024-03-01',
    );
    const nav = await world('portfolio.historical_nav', { from: '2024-01-02' });
    const { points = null, measurement = null } = nav;
    const asked = { points, measurement, confidence: '0.9' };
    const realised = await world('risk.var', asked);
    const current = await world('risk.var', { ...asked, scenarios: 'current-holdings' });
    expect([realised['scenarios'], current['scenarios']]).toEqual([59, 59]);
    // A tenth of the shares are left, nine tenths of the value is money.
    expect(Number(current['value_at_risk_fraction'])).toBeLessThan(
      Number(realised['value_at_risk_fraction']) / 5,
    );
  });
});

describe('a base currency that is asked for', () => {
  it('is that of positions too', async () => {
    const world = await smallWorld(
      '2024-01-02 * "In"\n  Assets:P:Cash  130 CAD\n  Equity:Opening',
      '2024-01-03',
    );
    const found = await world('portfolio.get_valued_positions', { base_currency: 'USD' });
    expect(found).toMatchObject({ base_currency: 'USD', total_value: '100' });
  });
});
