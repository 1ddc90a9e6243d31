import type { JsonValue } from '@dawsos/contracts';
import { smallWorld } from '../financial-analyst/__fixtures__/small-world';

type Row = Record<string, JsonValue>;
const SALE = ['units', 'term', 'gain_base', 'disallowed_base', 'recognised_base'];

async function report(text: string, asof: string, year = 2024) {
  const world = await smallWorld(text, asof);
  const realised = await world('tax.realized_gains', { tax_year: year });
  const sales = realised['sales'] as Row[];
  return {
    world,
    realised,
    sales,
    rows: sales.map((row) => SALE.map((field) => row[field])),
    washed: (await world('tax.wash_sales', { tax_year: year }))['wash_sales'] as Row[],
    lots: (await world('tax.lot_details'))['lots'] as Row[],
  };
}

const buy = (date: string, units: number, cost: string, more = '') => `
${date} * "Buy"
  Assets:P:ABC   ${units} ABC {${cost}}
  Assets:P:Cash
${more}`;
const sell = (date: string, units: number, lot: string, price: string) => `
${date} * "Sell"
  Assets:P:ABC   -${units} ABC {${lot}} @ ${price}
  Assets:P:Cash  ${units * Number(price.split(' ')[0])} ${price.split(' ')[1] ?? ''}
  Income:Gains`;
const PRICE = '2024-01-01 price ABC 10 CAD\n';

describe('the tax report', () => {
  it('tells short-term from long-term by the day after the acquisition', async () => {
    const { rows } = await report(
      `${PRICE}${buy('2024-01-10', 20, '10 CAD')}${sell('2025-01-10', 5, '2024-01-10', '12 CAD')}${sell('2025-01-11', 5, '2024-01-10', '12 CAD')}`,
      '2025-03-01',
      2025,
    );
    expect(rows).toEqual([
      ['5', 'short', '10', '0', '10'],
      ['5', 'long', '10', '0', '10'],
    ]);
  });

  it('takes the costs of selling off the proceeds and joins those of buying to the basis', async () => {
    const { sales, lots } = await report(
      `${PRICE}
2024-02-01 * "Buy"
  Assets:P:ABC   10 ABC {10 CAD}
  Expenses:Fees   5 CAD
  Assets:P:Cash
2024-03-01 * "Sell"
  Assets:P:ABC   -4 ABC {} @ 12 CAD
  Expenses:Fees   3 CAD
  Assets:P:Cash  45 CAD
  Income:Gains`,
      '2024-04-01',
    );
    expect(sales).toMatchObject([
      { proceeds: '48', selling_costs_base: '3', proceeds_base: '45', basis_base: '42', gain_base: '3' },
    ]);
    expect(lots).toMatchObject([{ units: '6', basis_base: '63', value_base: '60', gain_base: '-3' }]);
  });

  it('counts each amount at the rate of its own day, not one rate and never 1', async () => {
    const { sales } = await report(
      `2024-01-01 price ABC 10 USD
2024-03-01 price USD 1.40 CAD
2024-01-10 * "Buy"
  Assets:P:ABC   10 ABC {10 USD}
  Assets:P:Cash
2024-03-01 * "Sell at the same price"
  Assets:P:ABC  -10 ABC {} @ 10 USD
  Assets:P:Cash 100 USD
  Income:Gains`,
      '2024-04-01',
    );
    // 100 × 1.40 − 100 × 1.30: the dollar's rise alone is the gain.
    expect(sales).toMatchObject([{ proceeds: '100', cost: '100', basis_base: '130', gain_base: '10' }]);
  });

  it('leaves untold what needs a rate that is missing, and names its day', async () => {
    const world = await smallWorld(
      `2024-01-01 price ABC 10 CAD
2024-01-10 * "An old lot"
  Assets:P:ABC   10 ABC {10 USD, 2020-01-01}
  Equity:Opening
2024-03-01 * "Sell"
  Assets:P:ABC  -10 ABC {} @ 10 USD
  Assets:P:Cash 100 USD
  Income:Gains`,
      '2024-04-01',
    );
    expect(await world('tax.realized_gains', { tax_year: 2024 })).toMatchObject({
      sales: [{ proceeds_base: '130', basis_base: null, gain_base: null, recognised_base: null }],
      gaps: [{ code: 'rate_missing', detail: expect.stringContaining('2020-01-01') as string }],
    });
  });

  it('flags a wash sale and carries the loss to the lot that was bought back', async () => {
    const { rows, washed, lots } = await report(
      `${PRICE}${buy('2024-01-10', 10, '10 CAD')}${sell('2024-05-02', 10, '2024-01-10', '7 CAD')}${buy('2024-05-20', 4, '8 CAD')}`,
      '2024-07-01',
    );
    expect(rows).toEqual([['10', 'short', '-30', '12', '-18']]);
    expect(washed).toMatchObject([
      { purchased: '2024-05-20', replaced_units: '4', loss_base: '-30', disallowed_base: '12' },
    ]);
    // 4 × 8 + 12, held 113 days longer.
    expect(lots).toMatchObject([
      { acquired: '2024-05-20', held_from: '2024-01-28', basis_base: '44', wash_basis_base: '12' },
    ]);
  });

  it('sees through a split between the sale and the purchase', async () => {
    const { washed } = await report(
      `${PRICE}${buy('2024-01-10', 10, '10 CAD')}${buy('2024-01-11', 1, '10 CAD')}${sell('2024-05-02', 10, '2024-01-10', '7 CAD')}
2024-05-10 * "Split 2 for 1"
  Assets:P:ABC  -1 ABC {10 CAD, 2024-01-11}
  Assets:P:ABC   2 ABC {5 CAD, 2024-01-11}${buy('2024-05-20', 4, '4 CAD')}`,
      '2024-07-01',
    );
    // Four new units replace two of the old ones: 4 / 20 of the loss of 30.
    expect(washed).toMatchObject([{ replaced_units: '4', disallowed_base: '6' }]);
  });

  it('takes commodities for substantially identical where their metadata says so', async () => {
    const text = (group: string) => `
2024-01-01 commodity NEW
  substantially_identical: "${group}"
2024-01-01 commodity TWIN
  substantially_identical: "index"
2024-01-01 price NEW 10 CAD
2024-01-01 price TWIN 10 CAD
2024-01-10 * "Buy"
  Assets:P:ABC  10 NEW {10 CAD}
  Assets:P:Cash
2024-05-02 * "Sell"
  Assets:P:ABC -10 NEW {} @ 7 CAD
  Assets:P:Cash 70 CAD
  Income:Gains
2024-05-03 * "Buy"
  Assets:P:ABC  10 TWIN {7 CAD}
  Assets:P:Cash`;
    expect((await report(text('index'), '2024-07-01')).washed).toMatchObject([{ replaced_by: 'TWIN' }]);
    expect((await report(text('other'), '2024-07-01')).washed).toEqual([]);
  });

  it('takes no transfer, split or gift for a sale, and no return of a lot for a purchase', async () => {
    const { sales, washed, lots } = await report(
      `2024-01-01 open Assets:P:Elsewhere
${PRICE}${buy('2024-01-10', 10, '10 CAD')}
2024-02-01 * "Within"
  Assets:P:ABC        -10 ABC {10 CAD, 2024-01-10}
  Assets:P:Elsewhere   10 ABC {10 CAD, 2024-01-10}
2024-03-01 * "Given away"
  Assets:P:Elsewhere  -2 ABC {10 CAD, 2024-01-10}
  Equity:Opening       20 CAD
2024-04-01 * "Out"
  Assets:P:Elsewhere  -3 ABC {10 CAD, 2024-01-10}
  Assets:Other         3 ABC {10 CAD, 2024-01-10}
2024-05-01 * "And back"
  Assets:Other        -3 ABC {10 CAD, 2024-01-10}
  Assets:P:ABC         3 ABC {10 CAD, 2024-01-10}`,
      '2024-07-01',
    );
    expect([sales, washed]).toEqual([[], []]);
    expect(lots.map((lot) => [lot['account'], lot['units']])).toEqual([
      ['Assets:P:ABC', '3'],
      ['Assets:P:Elsewhere', '5'],
    ]);
  });

  it('holds a short position at what it was opened for, and names units without a cost', async () => {
    const { realised, lots } = await report(
      `2024-01-01 price NEW 5 CAD
${PRICE}
2024-01-10 * "Short"
  Assets:P:ABC  -10 ABC {10 CAD}
  Assets:P:Cash 100 CAD
2024-01-11 * "In"
  Assets:P:ABC   3 NEW
  Equity:Opening`,
      '2024-07-01',
    );
    expect(lots).toMatchObject([{ commodity: 'ABC', units: '-10', basis_base: '-100', term: 'short' }]);
    expect(realised['gaps']).toMatchObject([{ code: 'cost_missing' }]);
  });

  it('says when the year is not over, and until when a purchase could still disallow a loss', async () => {
    const { realised, world } = await report(
      `${PRICE}${buy('2024-01-10', 10, '10 CAD')}${sell('2024-05-02', 10, '2024-01-10', '7 CAD')}`,
      '2024-05-20',
    );
    expect(realised['period']).toEqual({ start: '2024-01-01', end: '2024-05-20', complete: false });
    const { windows_open } = await world('tax.wash_sales', { tax_year: 2024 });
    expect(windows_open).toEqual([{ date: '2024-05-02', commodity: 'ABC', open_until: '2024-06-01' }]);
  });
});

describe('tax-loss harvesting', () => {
  const LOSSES = `${PRICE}${buy('2023-01-10', 10, '14 CAD')}${buy('2024-06-15', 4, '12 CAD')}2024-06-20 price ABC 9 CAD\n`;

  async function ranked(args: Record<string, JsonValue>) {
    const world = await smallWorld(LOSSES.replaceAll('2023-01-10', '2024-01-10'), '2024-06-30');
    const { lots } = await world('tax.lot_details');
    const { losses } = await world('tax.identify_losses', { lots: lots ?? null, min_loss: '5' });
    const { lots: risks } = await world('tax.wash_sale_check', { losses: losses ?? null });
    const result = await world('tax.rank_opportunities', {
      losses: losses ?? null,
      risks: risks ?? null,
      ...args,
    });
    return { risks: risks as Row[], result };
  }

  it('finds what recent purchases would disallow, and from when they would not', async () => {
    const { risks } = await ranked({ avoid_wash_sales: false });
    expect(risks.map((row) => [row['units'], row['risk'], row['replaced_units'], row['clear_from']])).toEqual(
      [
        ['10', 'partial', '4', '2024-07-16'],
        // The lot of 15 June itself replaces nothing of its own.
        ['4', 'none', '0', '2024-06-30'],
      ],
    );
  });

  it('leaves wash sales out where told to, and says so', async () => {
    const { result } = await ranked({
      avoid_wash_sales: true,
      short_term_rate: '0.5',
      long_term_rate: '0.2',
    });
    expect(result).toMatchObject({
      opportunities: [{ units: '4', harvestable_base: '12', benefit_base: '6' }],
      left_out: [{ units: '10', loss_base: '50', harvestable_base: '30' }],
      total_benefit_base: '6',
      gaps: [],
    });
  });

  it('tells no saving without a rate: there is no default', async () => {
    const { result } = await ranked({ avoid_wash_sales: true });
    expect(result).toMatchObject({
      total_benefit_base: null,
      gaps: [{ figure: 'benefit_base', code: 'input_missing', detail: 'no short_term_rate was given' }],
    });
  });
});
