import type { JsonValue } from '@dawsos/contracts';
import { smallWorld } from './__fixtures__/small-world';

const BOOK = `
2024-01-01 price ABC 10 USD
2024-01-02 * "Deposit"
  Assets:P:Cash  2600 CAD
  Equity:Opening
2024-01-02 * "Convert"
  Assets:P:Cash  -1300 CAD @@ 1000 USD
  Assets:P:Cash   1000 USD
2024-01-02 * "Buy"
  Assets:P:ABC   50 ABC {10 USD}
  Assets:P:Cash -500 USD
2024-01-03 price ABC 11 USD
2024-01-03 price USD 1.40 CAD
2024-01-04 * "Dividend"
  commodity: ABC
  Assets:P:Cash     17 USD
  Expenses:Fees      3 USD
  Income:Dividends -20 USD
2024-01-04 * "Interest, of nothing in particular"
  Assets:P:Cash     5 USD
  Income:Dividends -5 USD
`;

type Row = Record<string, JsonValue>;
const ARGS = { commodity: 'ABC', lookback_days: 30 };

describe('a holding', () => {
  it('has its cost at the rate of the day of the acquisition, and its lots', async () => {
    const world = await smallWorld(BOOK, '2024-01-05');
    expect(await world('holding.position', { commodity: 'ABC' })).toMatchObject({
      quantity: '50',
      value: '770',
      cost_base: '650',
      unrealised_gain_base: '120',
      lots: [{ acquired: '2024-01-02', unit_cost: '10', gain: '50', gain_base: '120' }],
    });
  });

  it('that was never held is refused, naming what is; one that was sold has a quantity of 0', async () => {
    const world = await smallWorld(
      `${BOOK}
2024-01-05 * "Sell"
  Assets:P:ABC  -50 ABC {} @ 11 USD
  Assets:P:Cash 550 USD
  Income:Gains`,
      '2024-01-05',
    );
    await expect(world('holding.position', { commodity: 'XYZ' })).rejects.toThrow(
      /never held "XYZ"; .*ABC, CAD, USD/,
    );
    expect(await world('holding.position', { commodity: 'ABC' })).toMatchObject({
      quantity: '0',
      price: null,
      value: '0',
      lots: [],
    });
  });

  it('has the income that names it, less tax withheld and fees, at the rate of the day', async () => {
    const world = await smallWorld(BOOK, '2024-01-05');
    const income = await world('holding.income', { commodity: 'ABC' });
    expect(income).toMatchObject({
      payments: [{ date: '2024-01-04', gross: '20', withheld: '0', fees: '3', net: '17', net_base: '23.8' }],
      net_base: '23.8',
    });
  });

  it("contributes its profit over the portfolio's value at the start of each day", async () => {
    const world = await smallWorld(BOOK, '2024-01-05');
    const result = await world('holding.contribution', ARGS);
    // 3 January: 50 × (11 × 1.40 − 10 × 1.30) = 120 of 2600; 4 January: 17 × 1.40 of 2770, at a wealth of 2770 / 2600.
    expect(result).toMatchObject({ profit: '143.8', income: '23.8' });
    expect(Number(result['contribution'])).toBeCloseTo(143.8 / 2600, 10);
    // The rest: 500 USD of money rose by 0.10, and 5 USD of interest.
    expect(Number(result['rest'])).toBeCloseTo((50 + 7) / 2600, 10);
  });

  it('contributes nothing by being split, moved or put in at its market value', async () => {
    const world = await smallWorld(
      `${BOOK}
2024-01-05 price ABC 5.5 USD
2024-01-05 * "Split 2 for 1"
  Assets:P:ABC  -50 ABC {10 USD, 2024-01-02}
  Assets:P:ABC  100 ABC {5 USD, 2024-01-02}
2024-01-05 * "Old shares come in"
  Assets:P:ABC   10 ABC {1 USD, 2020-01-01}
  Equity:Opening`,
      '2024-01-05',
    );
    expect(await world('holding.contribution', ARGS)).toMatchObject({ profit: '143.8' });
  });

  it('gains from its purchase price on the day of the purchase, and to its sale price', async () => {
    const world = await smallWorld(
      `2024-01-01 price ABC 10 CAD
2024-01-02 * "Deposit"
  Assets:P:Cash  1000 CAD
  Equity:Opening
2024-01-03 * "Buy above the close"
  Assets:P:ABC   10 ABC {12 CAD}
  Assets:P:Cash
2024-01-04 * "Sell above the close"
  Assets:P:ABC  -10 ABC {} @ 15 CAD
  Assets:P:Cash 150 CAD
  Income:Gains`,
      '2024-01-05',
    );
    const { profit, contribution, rest } = await world('holding.contribution', ARGS);
    expect(profit).toBe('30');
    expect(Number(contribution)).toBeCloseTo(0.03, 12);
    expect(Math.abs(Number(rest))).toBeLessThan(1e-12);
  });

  it('has prices of one unit size, so that neither they nor the figures fall at a split', async () => {
    const world = await smallWorld(
      `${BOOK}
2024-01-04 price ABC 5.5 USD
2024-01-04 * "Split 2 for 1"
  Assets:P:ABC  -50 ABC {10 USD, 2024-01-02}
  Assets:P:ABC  100 ABC {5 USD, 2024-01-02}`,
      '2024-01-05',
    );
    const history = await world('holding.price_history', ARGS);
    expect((history['points'] as Row[]).map((point) => point['y'])).toEqual(['5', '5.5', '5.5']);
    expect(history).toMatchObject({
      price_return: '0.1',
      max_drawdown: '0',
      volatility: null,
      splits: [{ date: '2024-01-04', ratio: '2' }],
      gaps: [{ figure: 'volatility', code: 'insufficient_history' }],
    });
  });

  it('has the transactions that move it or name it', async () => {
    const world = await smallWorld(BOOK, '2024-01-05');
    const { transactions } = await world('ledger.transactions', { commodity: 'ABC' });
    expect((transactions as Row[]).map((row) => row['narration'])).toEqual(['Buy', 'Dividend']);
  });
});
