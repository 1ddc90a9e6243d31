import type { JsonObject } from '@dawsos/contracts';
import { smallWorld } from '../financial-analyst/__fixtures__/small-world';

const BOOK = `
2024-01-01 price ABC 10 USD
2024-01-01 price NEW 20 CAD
2024-01-02 * "Deposit"
  Assets:P:Cash  2000 CAD
  Equity:Opening
2024-01-02 * "Convert"
  Assets:P:Cash  -1300 CAD @@ 1000 USD
  Assets:P:Cash   1000 USD
2024-01-02 * "Buy"
  Assets:P:ABC   50 ABC {10 USD}
  Assets:P:Cash -500 USD
`;

const POLICY = { drift_band: '0', min_trade_value: '0', lot_size: '1', untargeted: 'refuse' };

async function proposed(policy: JsonObject) {
  const world = await smallWorld(BOOK, '2024-01-05');
  const { positions } = await world('portfolio.get_valued_positions');
  const rows = (positions as JsonObject[]).map((row) =>
    Object.fromEntries(
      ['commodity', 'is_cash', 'price', 'price_currency', 'rate', 'value'].map((field) => [
        field,
        row[field] ?? null,
      ]),
    ),
  );
  return world('optimizer.propose_trades', { positions: rows, ...POLICY, ...policy });
}

describe('proposed trades', () => {
  it('bring weights to their targets, with all money as one and prices in base currency', async () => {
    const { trades, cash_before, cash_after, total_value } = await proposed({
      targets: { ABC: '0.5', NEW: '0.25', CAD: '0.25' },
    });
    // 2000 CAD in all: 650 of ABC at 13 CAD, 1350 of money.
    expect([total_value, cash_before, cash_after]).toEqual(['2000', '1350', '512']);
    expect(trades).toEqual([
      { action: 'buy', commodity: 'ABC', units: '26', unit_price: '13', value: '338' },
      { action: 'buy', commodity: 'NEW', units: '25', unit_price: '20', value: '500' },
    ]);
  });

  it('are none for weights that do not add up to exactly 1', async () => {
    await expect(proposed({ targets: { ABC: '0.5', CAD: '0.49' } })).rejects.toThrow(/exactly 1/);
  });

  it('sell nothing that the policy forgot: it says what to do with it, or is refused', async () => {
    await expect(proposed({ targets: { NEW: '1' } })).rejects.toThrow(/ABC: held, but without a target/);
    expect(await proposed({ targets: { NEW: '1' }, untargeted: 'keep' })).toMatchObject({
      total_value: '1350',
      kept: ['ABC'],
      trades: [{ action: 'buy', commodity: 'NEW', units: '67' }],
    });
    expect(await proposed({ targets: { CAD: '1' }, untargeted: 'sell' })).toMatchObject({
      trades: [{ action: 'sell', commodity: 'ABC', units: '50' }],
    });
  });

  it('fail by name for a target without a price', async () => {
    await expect(proposed({ targets: { ABC: '0.5', GONE: '0.5' } })).rejects.toMatchObject({
      code: 'price_missing',
    });
  });

  it('name what kept a weight from its target', async () => {
    const result = await proposed({
      targets: { ABC: '0.5', NEW: '0.25', CAD: '0.25' },
      max_turnover: '0.1',
      min_trade_value: '100',
      bands: { ABC: '0.2' },
    });
    expect(result).toMatchObject({
      turnover: '0.1',
      trades: [{ commodity: 'NEW', units: '10', value: '200' }],
      allocation: [{ name: 'ABC', limits: ['band'] }, { name: 'NEW', limits: ['turnover'] }, { name: 'CAD' }],
    });
  });

  it('are judged by concentration and the distance from the targets', async () => {
    const world = await smallWorld(BOOK, '2024-01-05');
    const { allocation } = await proposed({ targets: { ABC: '0.5', NEW: '0.25', CAD: '0.25' } });
    const rows = (allocation as JsonObject[]).map(({ target: _target, limits: _limits, ...row }) => row);
    const { states } = await world('optimizer.analyze_impact', { allocation: rows, base_currency: 'CAD' });
    expect(states).toMatchObject([
      { when: 'before', positions: 1, concentration: '0.105625', cash_weight: '0.675', total_drift: '0.425' },
      { when: 'after', positions: 2, cash_weight: '0.256', total_drift: '0.006' },
    ]);
  });
});
