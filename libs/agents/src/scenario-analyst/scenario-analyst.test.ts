import type { JsonObject, JsonValue } from '@dawsos/contracts';
import { smallWorld } from '../financial-analyst/__fixtures__/small-world';

const BOOK = `
2024-01-01 price ABC 10 USD
2024-01-01 commodity BOND
  sector: "Fixed Income"
2024-01-01 price BOND 100 CAD
2024-01-02 * "Deposit"
  Assets:P:Cash  5000 CAD
  Equity:Opening
2024-01-02 * "Convert"
  Assets:P:Cash  -1300 CAD @@ 1000 USD
  Assets:P:Cash   1000 USD
2024-01-02 * "Buy"
  Assets:P:ABC   50 ABC {10 USD}
  Assets:P:ABC   10 BOND {100 CAD}
  Assets:P:Cash  -500 USD
  Assets:P:Cash -1000 CAD
`;

async function shocked(shocks: JsonObject[], text = BOOK, asof = '2024-03-01') {
  const world = await smallWorld(text, asof);
  const { positions } = await world('portfolio.get_valued_positions');
  return world('scenario.apply_shocks', { positions: positions ?? null, shocks, beta_lookback_days: 365 });
}

const changes = (result: Record<string, JsonValue>): unknown =>
  (result['reached'] as Record<string, JsonValue>[]).map((row) => [row['commodity'], row['change']]);
const unreached = (result: Record<string, JsonValue>): unknown =>
  (result['unreached'] as Record<string, JsonValue>[]).map((row) => row['commodity']);

describe('shocks', () => {
  it('act on the market value, and what none reaches is listed with its weight', async () => {
    const result = await shocked([
      { kind: 'price', sector: 'Technology', change: '-0.2' },
      { kind: 'fx', currency: 'USD', change: '0.1' },
    ]);
    expect(changes(result)).toEqual([
      // 500 USD at 1.30: 650 × 0.8 × 1.1 − 650.
      ['ABC', '-78'],
      ['USD', '65'],
    ]);
    expect(unreached(result)).toEqual(['BOND', 'CAD']);
    expect(result).toMatchObject({
      value_before: '5000',
      change: '-13',
      unreached_weight: '0.74',
      idle_shocks: [],
    });
  });

  it('that reach nothing are named; none turns into another', async () => {
    const result = await shocked([
      { kind: 'price', sector: 'Utilities', change: '-0.5' },
      { kind: 'fx', currency: 'JPY', change: '0.1' },
    ]);
    expect(result).toMatchObject({
      change: '0',
      reached: [],
      idle_shocks: ['sector Utilities -0.5', 'fx JPY 0.1'],
    });
  });

  it('of a factor take the betas that are given, and reach only those', async () => {
    const result = await shocked([
      { kind: 'factor', factor: 'RATES', change: '0.01', betas: { BOND: '-8' } },
    ]);
    expect(changes(result)).toEqual([['BOND', '-80']]);
    expect(result['unreached']).toMatchObject([
      { commodity: 'ABC', reasons: ['no beta to RATES was given'] },
      { commodity: 'CAD' },
      { commodity: 'USD' },
    ]);
  });

  it('of a factor that the pack does not know fail by its name', async () => {
    await expect(shocked([{ kind: 'factor', factor: 'GFC', change: '-0.2' }])).rejects.toMatchObject({
      code: 'price_missing',
    });
  });

  it('say which position has too little history for a beta', async () => {
    const days = Array.from({ length: 40 }, (_, day) => {
      const date = new Date(Date.UTC(2024, 0, 2 + day)).toISOString().slice(0, 10);
      const level = 100 + (day % 5);
      return `${date} price IDX ${String(level)} CAD\n${date} price ABC ${String(level / 10)} USD\n`;
    });
    const result = await shocked(
      [{ kind: 'factor', factor: 'IDX', change: '-0.1' }],
      `${BOOK}${days.join('')}`,
    );
    expect(result['reached']).toMatchObject([
      { commodity: 'ABC', price_change: '-0.1', shocks: ['factor IDX -0.1, beta 1'] },
    ]);
    const [bond] = result['unreached'] as { reasons: string[] }[];
    expect(bond?.reasons[0]).toMatch(/beta to IDX: a beta needs 30 pairs/);
  });

  it('on the base currency are refused', async () => {
    await expect(shocked([{ kind: 'fx', currency: 'CAD', change: '0.1' }])).rejects.toMatchObject({
      code: 'capability_args_invalid',
    });
  });
});
