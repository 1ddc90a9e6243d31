import type { JsonValue } from '@dawsos/contracts';
import { smallWorld } from '../financial-analyst/__fixtures__/small-world';

const BOOK = `
2024-01-01 price ABC 10 USD
2024-01-02 * "In"
  Assets:P:ABC  100 ABC {10 USD}
  Equity:Opening
`;
const NEWS = `
2024-03-01 custom "dividend" "ABC" 0.25 USD
  ex_date: 2024-04-10
  pay_date: 2024-04-24
2024-03-02 custom "split" "ABC" 2
  ex_date: 2024-05-01
2024-03-03 custom "dividend" "XYZ" 9 USD
  ex_date: 2024-04-11
`;

async function upcoming(asof: string, text = NEWS, days = 90) {
  const world = await smallWorld(BOOK + text, asof);
  const found = await world('corporate_actions.upcoming', { days_ahead: days });
  const impact = await world('corporate_actions.calculate_impact', { actions: found['actions'] ?? null });
  return { gaps: found['gaps'], impact, actions: impact['actions'] as Record<string, JsonValue>[] };
}

describe('corporate actions', () => {
  it('of what is held are listed by date, with what they pay in base currency', async () => {
    const { actions, impact } = await upcoming('2024-03-31');
    expect(actions).toMatchObject([
      { kind: 'dividend', days_until: 10, units: '100', income: '25', rate: '1.3', income_base: '32.5' },
      { kind: 'split', ex_date: '2024-05-01', units: '100', units_after: '200' },
    ]);
    expect(impact).toMatchObject({ dividends: 1, splits: 1, income_base: '32.5' });
  });

  it('are not known before the day of their announcement', async () => {
    expect((await upcoming('2024-02-28')).actions).toEqual([]);
    expect((await upcoming('2024-03-01')).actions).toMatchObject([{ kind: 'dividend' }]);
  });

  it('that are past their ex-date are still to be paid, on what was held the day before it', async () => {
    const sale = `${NEWS}
2024-04-10 * "Sell on the ex-date"
  Assets:P:ABC  -60 ABC {} @ 10 USD
  Assets:P:Cash 600 USD
  Income:Gains`;
    expect((await upcoming('2024-04-15', sale)).actions).toMatchObject([
      { kind: 'dividend', status: 'to_be_paid', units: '100', days_until: 9 },
      { kind: 'split', status: 'announced', units: '40' },
    ]);
    expect((await upcoming('2024-04-24', sale)).actions).toMatchObject([{ kind: 'split' }]);
  });

  it('beyond the days asked for are left out', async () => {
    expect((await upcoming('2024-03-31', NEWS, 10)).actions).toMatchObject([{ kind: 'dividend' }]);
    expect((await upcoming('2024-03-31', NEWS, 9)).actions).toEqual([]);
  });

  it('that are announced anew count as they were announced last', async () => {
    const corrected = `${NEWS}
2024-03-20 custom "dividend" "ABC" 0.30 USD
  ex_date: 2024-04-10`;
    expect((await upcoming('2024-03-31', corrected)).actions[0]).toMatchObject({
      amount: '0.3',
      pay_date: null,
    });
  });

  it('that say too little are named with their place', async () => {
    const { gaps, actions } = await upcoming('2024-03-31', '2024-03-01 custom "dividend" "ABC" 0.25');
    expect(actions).toEqual([]);
    expect(gaps).toMatchObject([{ code: 'announcement_unreadable' }]);
    expect(JSON.stringify(gaps)).toMatch(/main\.beancount:\d+: write custom/);
  });

  it('in a currency without a rate fail by name: no dividend is converted at 1', async () => {
    await expect(upcoming('2024-03-31', NEWS.replace('0.25 USD', '0.25 JPY'))).rejects.toMatchObject({
      code: 'rate_missing',
    });
  });
});
