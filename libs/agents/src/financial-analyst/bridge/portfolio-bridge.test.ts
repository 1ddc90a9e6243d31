import { addDays, Decimal, isoDate, type JsonObject, type JsonValue } from '@dawsos/contracts';
import fc from 'fast-check';
import { smallWorld } from '../__fixtures__/small-world';

const ASOF = '2024-12-31';

interface Bridge {
  readonly opening: string;
  readonly closing: string;
  readonly earned: string;
  readonly parts: readonly { readonly key: string; readonly amount: string | null }[];
  readonly income: readonly Readonly<Record<string, string | number | null>>[];
  readonly fees: readonly Readonly<Record<string, string | number | null>>[];
  readonly gaps: readonly JsonValue[];
}

async function bridgeOf(text: string, args: JsonObject = { from: '2024-01-31' }): Promise<Bridge> {
  const run = await smallWorld(text, ASOF);
  return (await run('portfolio.bridge', args)) as unknown as Bridge;
}

const amount = ({ parts }: Bridge, key: string): string | null | undefined =>
  parts.find((part) => part.key === key)?.amount;

const sum = (values: readonly (string | number | null | undefined)[]): Decimal =>
  values.reduce<Decimal>((total, value) => total.plus(value ?? 0), new Decimal(0));

/** Ten shares at 100 CAD and 1,000 USD, from before the period. */
const OPENING = `
2024-01-10 * "Paid in"
  Assets:P:Cash 5000 CAD
  Assets:Other -5000 CAD
2024-01-10 * "Bought"
  Assets:P:ABC 10 ABC {100 CAD}
  Assets:P:Cash -1000 CAD
2024-01-10 * "Dollars"
  Assets:P:Cash 1000 USD
  Assets:Other -1000 USD
2024-01-10 price ABC 100 CAD
`;

describe('the bridge from opening to closing value', () => {
  it('tells flows, income gross, fees, taxes, exchange rates and prices apart', async () => {
    const bridge = await bridgeOf(`${OPENING}
2024-03-01 * "Paid in"
  Assets:P:Cash 700 CAD
  Assets:Other -700 CAD
2024-03-01 * "Taken out, on the same day"
  Assets:P:Cash -200 CAD
  Assets:Other 200 CAD
2024-04-01 open Expenses:Tax
2024-04-01 * "Dividend"
  commodity: "ABC"
  Assets:P:Cash 85 CAD
  Expenses:Tax 15 CAD
  Income:Dividends -100 CAD
2024-05-01 * "Fee"
  Assets:P:Cash -12 CAD
  Expenses:Fees 12 CAD
2024-06-01 price USD 1.50 CAD
2024-06-02 price ABC 130 CAD
`);
    expect([bridge.opening, bridge.closing, bridge.earned]).toEqual(['6300', '7373', '573']);
    expect(bridge.parts.map(({ key, amount: value }) => [key, value])).toEqual([
      ['contributions', '700'],
      ['withdrawals', '-200'],
      ['income', '100'],
      ['fees', '-12'],
      ['taxes', '-15'],
      ['price_gains', '300'],
      ['currency', '200'],
    ]);
    expect(bridge.income).toEqual([
      expect.objectContaining({
        commodity: 'ABC',
        payments: 1,
        gross_base: '100',
        withheld_base: '-15',
        net_base: '85',
      }),
    ]);
    expect(bridge.fees).toEqual([
      expect.objectContaining({
        account: 'Expenses:Fees',
        what: 'Fees: Fees',
        payments: 1,
        amount_base: '-12',
      }),
    ]);
    expect(bridge.gaps).toEqual([]);
  });

  it('counts what happens on the first day into the opening value, and on the last into the bridge', async () => {
    const entries = (day: string): string => `
${day} * "Paid in"
  Assets:P:Cash 50 CAD
  Assets:Other -50 CAD
`;
    const bridge = await bridgeOf(`${OPENING}${entries('2024-01-31')}${entries(ASOF)}`);
    expect([bridge.opening, amount(bridge, 'contributions')]).toEqual(['6350', '50']);
  });

  it('leaves price gains a gap where a rate is missing, and tells the rest', async () => {
    const bridge = await bridgeOf(`${OPENING}
2024-04-01 * "Interest, in a currency without a rate, spent at once"
  Assets:P:Cash 5 XAU
  Income:Dividends -5 XAU
2024-04-01 * "Gone again"
  Assets:P:Cash -5 XAU
  Assets:Other 5 XAU
`);
    expect(amount(bridge, 'income')).toBeNull();
    expect(amount(bridge, 'price_gains')).toBeNull();
    expect(amount(bridge, 'fees')).toBe('0');
    expect(JSON.stringify(bridge.gaps)).toContain('XAU:CAD@2024-04-01');
  });
});

const cents = (most: number): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max: most * 100 }).map((number) => (number / 100).toFixed(2));
const day = fc.integer({ min: 1, max: 330 }).map((days) => addDays(isoDate('2024-01-31'), days));
const money = fc.constantFrom('CAD', 'USD');

/** Entries that leave prices and rates as they are. */
const entry = fc.oneof(
  fc.tuple(day, cents(900), money, fc.boolean()).map(([on, number, code, out]) => {
    const [own, other] = out ? [`-${number}`, number] : [number, `-${number}`];
    return `${on} * "Flow"\n  Assets:P:Cash ${own} ${code}\n  Assets:Other ${other} ${code}\n`;
  }),
  fc
    .tuple(day, cents(50), cents(9), money)
    .map(
      ([on, gross, tax, code]) =>
        `${on} * "Dividend"\n  commodity: "ABC"\n  Assets:P:Cash ${sum([gross, `-${tax}`]).toFixed(2)} ${code}\n` +
        `  Expenses:Tax ${tax} ${code}\n  Income:Dividends -${gross} ${code}\n`,
    ),
  fc
    .tuple(day, cents(5), money)
    .map(
      ([on, fee, code]) => `${on} * "Fee"\n  Assets:P:Cash -${fee} ${code}\n  Expenses:Fees ${fee} ${code}\n`,
    ),
  fc
    .tuple(day, fc.integer({ min: 1, max: 9 }), cents(4))
    .map(
      ([on, units, fee]) =>
        `${on} * "Buy"\n  Assets:P:ABC ${String(units)} ABC {100 CAD}\n  Expenses:Fees ${fee} CAD\n  Assets:P:Cash\n`,
    ),
);
const quote = fc
  .tuple(day, fc.constantFrom('ABC', 'USD'), cents(200))
  .map(([on, base, number]) => `${on} price ${base} ${number} CAD\n`);
/** A commodity has one quote a day: two that differ are refused. */
const lineKey = (line: string): string => (line.includes(' price ') ? line.split(' ', 3).join(' ') : line);
const linesOf = (one: fc.Arbitrary<string>) => fc.uniqueArray(one, { maxLength: 14, selector: lineKey });
const BASE = `2024-01-01 open Expenses:Tax\n${OPENING}`;

describe('over random ledgers, the bridge', () => {
  const laws = { numRuns: 60 };

  it('adds up to the last digit, its rows to their parts, and its flows to those of the value history', async () => {
    await fc.assert(
      fc.asyncProperty(linesOf(fc.oneof(entry, quote)), async (lines) => {
        const run = await smallWorld(BASE + lines.join(''), ASOF);
        const bridge = (await run('portfolio.bridge', { from: '2024-01-31' })) as unknown as Bridge;
        const amounts = bridge.parts.map((part) => part.amount);
        expect(sum([bridge.opening, ...amounts]).toFixed()).toBe(new Decimal(bridge.closing).toFixed());
        const flows = [amount(bridge, 'contributions'), amount(bridge, 'withdrawals')];
        expect(sum([bridge.opening, bridge.earned, ...flows]).toFixed()).toBe(
          new Decimal(bridge.closing).toFixed(),
        );
        const near = (one: Decimal, other: Decimal): void =>
          expect([one.minus(other).abs().lessThan('1e-9'), one.toFixed(), other.toFixed()]).toEqual([
            true,
            one.toFixed(),
            other.toFixed(),
          ]);
        near(sum(bridge.income.map((row) => row['gross_base'])), sum([amount(bridge, 'income')]));
        near(sum(bridge.income.map((row) => row['withheld_base'])), sum([amount(bridge, 'taxes')]));
        near(sum(bridge.fees.map((row) => row['amount_base'])), sum([amount(bridge, 'fees')]));
        const nav = await run('portfolio.historical_nav', { from: '2024-01-31' });
        const points = nav['points'] as unknown as readonly { readonly flow: string }[];
        near(sum(points.slice(1).map(({ flow }) => flow)), sum(flows));
      }),
      laws,
    );
  });

  it('has no price gain while no price moves, and nothing from exchange rates while no rate moves', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 14 }), async (lines) => {
        const bridge = await bridgeOf(BASE + lines.join(''));
        expect([amount(bridge, 'price_gains'), amount(bridge, 'currency')]).toEqual(['0', '0']);
      }),
      laws,
    );
  });

  it('gives to exchange rates what dollars gained, and to prices what shares gained', async () => {
    await fc.assert(
      fc.asyncProperty(cents(200), cents(3), async (price, rate) => {
        const bridge = await bridgeOf(
          `${BASE}2024-06-03 price ABC ${price} CAD\n2024-06-03 price USD ${rate} CAD\n`,
        );
        expect(amount(bridge, 'price_gains')).toBe(new Decimal(price).minus(100).times(10).toFixed());
        expect(amount(bridge, 'currency')).toBe(new Decimal(rate).minus('1.3').times(1000).toFixed());
      }),
      laws,
    );
  });
});
