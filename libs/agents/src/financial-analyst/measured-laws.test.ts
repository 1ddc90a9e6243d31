import { addDays, isoDate, type JsonObject, type JsonValue } from '@dawsos/contracts';
import fc from 'fast-check';
import { smallWorld } from './__fixtures__/small-world';

type Row = Record<string, JsonValue>;

const START = isoDate('2024-01-02');
const dayAfter = (days: number): string => addDays(START, days);

/** The figures of a ledger over its first sixty days. */
async function figures(
  ledger: string,
  asked: JsonObject = {},
): Promise<{ twr: Row; mwr: Row; points: Row[] }> {
  const world = await smallWorld(ledger, dayAfter(60));
  const nav = await world('portfolio.historical_nav', { period: 'SI', ...asked });
  const { points = null, measurement = null } = nav;
  const twr = await world('metrics.compute_twr', { points, measurement });
  const mwr = await world('metrics.compute_mwr', { points, measurement });
  return { twr, mwr, points: points as Row[] };
}

interface Deposit {
  readonly day: number;
  readonly amount: number;
}

/** Ten shares, and deposits that buy more at the price of their day. */
const book = fc.record({
  prices: fc.array(fc.integer({ min: 60, max: 160 }), { minLength: 61, maxLength: 61 }),
  deposits: fc.uniqueArray(
    fc.record({ day: fc.integer({ min: 1, max: 59 }), amount: fc.integer({ min: 1, max: 40 }) }),
    { maxLength: 4, selector: ({ day }) => day },
  ),
});
type Book = ReturnType<typeof book.generate> extends { value: infer T } ? T : never;

const quote = (prices: readonly number[], day: number): string =>
  `${dayAfter(day)} price ABC ${String(prices[day])} CAD`;

const opening = ({ prices }: Book): string => `
${dayAfter(0)} * "In"
  Assets:P:ABC  10 ABC {${String(prices[0])} CAD}
  Assets:P:Cash  -${String(10 * (prices[0] ?? 0))} CAD
${dayAfter(0)} * "Money for it"
  Assets:P:Cash  ${String(10 * (prices[0] ?? 0))} CAD
  Equity:Opening
`;

const buying = ({ prices }: Book, { day, amount }: Deposit): string => `
${dayAfter(day)} * "Deposit"
  Assets:P:Cash  ${String(amount * (prices[day] ?? 0))} CAD
  Equity:Opening
${dayAfter(day)} * "Buy"
  Assets:P:ABC   ${String(amount)} ABC {${String(prices[day])} CAD}
  Assets:P:Cash  -${String(amount * (prices[day] ?? 0))} CAD
`;

const every = ({ prices }: Book): string => prices.map((_, day) => quote(prices, day)).join('\n');
const RUNS = { numRuns: 12 };
const near = (one: JsonValue | undefined, other: JsonValue | undefined): boolean =>
  Math.abs(Number(one) - Number(other)) < 1e-10;

describe('laws of measured returns', () => {
  it('units bought at the price of the day earn nothing that day: the return is that of the share', async () => {
    await fc.assert(
      fc.asyncProperty(book, async (one) => {
        const bought = one.deposits.map((deposit) => buying(one, deposit)).join('');
        const { twr } = await figures(every(one) + opening(one) + bought);
        expect(near(twr['twr'], (one.prices[60] ?? 0) / (one.prices[0] ?? 1) - 1)).toBe(true);
      }),
      RUNS,
    );
  });

  it('quotes thinned to the days of flows keep it', async () => {
    await fc.assert(
      fc.asyncProperty(book, async (one) => {
        const bought = one.deposits.map((deposit) => buying(one, deposit)).join('');
        const days = [0, ...one.deposits.map(({ day }) => day), 60];
        const few = days.map((day) => quote(one.prices, day)).join('\n');
        const [all, thin] = [
          await figures(every(one) + opening(one) + bought),
          await figures(few + opening(one) + bought),
        ];
        expect(near(thin.twr['twr'], all.twr['twr'])).toBe(true);
        expect(near(thin.mwr['mwr'], all.mwr['mwr'])).toBe(true);
      }),
      RUNS,
    );
  });

  it('money that comes and goes again on a day changes neither return', async () => {
    await fc.assert(
      fc.asyncProperty(book, fc.integer({ min: 1, max: 59 }), async (one, day) => {
        const through = `
${dayAfter(day)} * "In"
  Assets:P:Cash  5000 CAD
  Equity:Opening
${dayAfter(day)} * "And out"
  Assets:P:Cash  -5000 CAD
  Assets:Other
`;
        const [without, passing] = [
          await figures(every(one) + opening(one)),
          await figures(every(one) + opening(one) + through),
        ];
        expect(near(passing.twr['twr'], without.twr['twr'])).toBe(true);
        expect(near(passing.mwr['mwr'], without.mwr['mwr'])).toBe(true);
      }),
      RUNS,
    );
  });

  it('the value at the start, the flows and the gain are the value at the end', async () => {
    await fc.assert(
      fc.asyncProperty(book, async (one) => {
        const bought = one.deposits.map((deposit) => buying(one, deposit)).join('');
        const { points } = await figures(every(one) + opening(one) + bought);
        const flows = points.slice(1).reduce((sum, point) => sum + Number(point['flow']), 0);
        const units = one.deposits.reduce((sum, { amount }) => sum + amount, 10);
        const paid = one.deposits.reduce((sum, { day, amount }) => sum + amount * (one.prices[day] ?? 0), 0);
        expect(Number(points.at(-1)?.['value'])).toBe(units * (one.prices[60] ?? 0));
        expect(flows).toBe(10 * (one.prices[0] ?? 0) + paid);
      }),
      RUNS,
    );
  });

  it('a deposit of money moved from Saturday to Sunday leaves the return of quotes, and moves the rate', async () => {
    // 2024-01-06 is a Saturday.
    const one: Book = { prices: Array.from({ length: 61 }, (_, day) => 100 + day), deposits: [] };
    const quotes = [0, 3, 6, 60].map((day) => quote(one.prices, day)).join('\n');
    const deposit = (day: number): string =>
      `${dayAfter(day)} * "Deposit"\n  Assets:P:Cash  500 CAD\n  Equity:Opening\n`;
    const [saturday, sunday] = [
      await figures(quotes + opening(one) + deposit(4)),
      await figures(quotes + opening(one) + deposit(5)),
    ];
    expect(saturday.twr['twr']).toBe(sunday.twr['twr']);
    expect(saturday.mwr['mwr_annualised']).not.toBe(sunday.mwr['mwr_annualised']);
  });
});

describe('a fund that was priced once a year', () => {
  const FUND = `
2024-01-02 price ABC 100 CAD
2024-01-02 * "In"
  Assets:P:ABC  10 ABC {100 CAD}
  Equity:Opening
2024-07-01 * "Deposit"
  Assets:P:Cash  500 CAD
  Equity:Opening
2024-12-31 price ABC 110 CAD
`;

  it('has Modified Dietz over a flow at its old price, and says what carried prices would have given', async () => {
    const world = await smallWorld(FUND, '2024-12-31');
    const nav = await world('portfolio.historical_nav', { from: '2024-01-02' });
    const { points = null, measurement = null } = nav;
    const twr = await world('metrics.compute_twr', { points, measurement });
    // 364 days, 184 of them left with 1 July itself.
    expect(Number(twr['twr'])).toBeCloseTo(100 / (1000 + (500 * 184) / 364), 11);
    expect(twr['stretches']).toMatchObject([{ start: '2024-01-02', end: '2024-12-31' }]);
    const carried = 1.0 * (1600 / 1500) - 1;
    expect(Number((twr['stretches'] as Row[])[0]?.['carried'])).toBeCloseTo(carried, 11);
    expect((twr['notes'] as string[])[0]).toContain('flow_value_uncertain');
    const attribution = await world('attribution.currency', {
      points,
      measurement,
      currencies: nav['currencies'] ?? null,
    });
    expect(attribution['base_return']).toBe(attribution['local']);
    const contribution = await world('holding.contribution', { commodity: 'ABC', from: '2024-01-02' });
    expect([contribution['contribution'], contribution['rest']]).toEqual([twr['twr'], '0']);
  });

  it('has no return for those who refuse it', async () => {
    const world = await smallWorld(FUND, '2024-12-31');
    const nav = await world('portfolio.historical_nav', { from: '2024-01-02', flow_timing: 'refuse' });
    const { points = null, measurement = null } = nav;
    const twr = await world('metrics.compute_twr', { points, measurement });
    expect(twr['twr']).toBeNull();
    expect((twr['gaps'] as Row[])[0]).toMatchObject({ code: 'flow_value_stale' });
  });
});
