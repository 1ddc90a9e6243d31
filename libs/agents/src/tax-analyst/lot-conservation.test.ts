import { addDays, Decimal, isoDate, ZERO } from '@dawsos/contracts';
import fc from 'fast-check';
import { lotWorld } from './__fixtures__/lot-world';

interface ModelLot {
  readonly commodity: string;
  readonly account: string;
  readonly units: Decimal;
  readonly cost: Decimal;
  readonly date: string;
}

/** A ledger as it is written, and what it holds. */
interface Model {
  text: string;
  lots: readonly ModelLot[];
  cash: Decimal;
  income: Decimal;
  shorted: { readonly units: Decimal; readonly price: Decimal; readonly date: string } | null;
}

interface Step {
  readonly op: string;
  readonly pick: number;
  readonly units: number;
  readonly price: number;
  readonly fee: number;
}

const OPS = [
  'buy',
  'buy',
  'sell',
  'sell',
  'split',
  'return',
  'spin-off',
  'merge',
  'move',
  'dividend',
  'reinvest',
  'short',
  'cover',
];

const steps = fc.array(
  fc.record({
    op: fc.constantFrom(...OPS),
    pick: fc.nat({ max: 7 }),
    units: fc.integer({ min: 1, max: 20 }),
    price: fc.integer({ min: 1, max: 90 }),
    fee: fc.nat({ max: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

const END_PRICES = { ABC: 40, NEW: 15, XYZ: 55, SHT: 30 };
const out = ({ units, commodity, cost, date, account }: ModelLot, part = units): string =>
  `  Assets:B:${account} -${part.toFixed()} ${commodity} {${cost.toFixed()} USD, ${date}}`;
const back = ({ units, commodity, cost, account }: ModelLot): string =>
  `  Assets:B:${account} ${units.toFixed()} ${commodity} {${cost.toFixed()} USD}`;
const money = (amount: Decimal): string =>
  amount.isZero() ? '' : `  Assets:B:Cash ${amount.toFixed()} USD\n`;
const fees = (amount: number): string =>
  amount === 0 ? '' : `  Expenses:Commission ${String(amount)} USD\n`;

function write(history: readonly Step[]): Model {
  const model: Model = { text: '', lots: [], cash: new Decimal(100_000), income: ZERO, shorted: null };
  history.forEach((step, index) => {
    play(model, step, addDays(isoDate('2021-01-04'), index * 25));
  });
  return model;
}

function play(model: Model, { op, pick, units, price, fee }: Step, date: string): void {
  const entry = (lines: string): void => {
    model.text += `${date} * "${op}"\n${lines}`;
  };
  const lot = model.lots[pick % Math.max(model.lots.length, 1)];
  const all = (name: string): ModelLot[] => model.lots.filter(({ commodity }) => commodity === name);
  const changed = (own: readonly ModelLot[], by: readonly ModelLot[]): void => {
    model.lots = [...model.lots.filter((one) => !own.includes(one)), ...by];
  };
  const count = new Decimal(units);
  switch (op) {
    case 'buy':
    case 'reinvest': {
      const bought = { commodity: 'ABC', account: 'S', units: count, cost: new Decimal(price), date };
      const cost = count.times(price);
      const isIncome = op === 'reinvest';
      const paid = isIncome ? ZERO : cost.plus(fee);
      entry(
        `${back(bought)}\n${money(paid.negated())}` +
          (isIncome ? `  Income:Dividends -${cost.toFixed()} USD\n` : fees(fee)),
      );
      model.cash = model.cash.minus(paid);
      if (isIncome) model.income = model.income.plus(cost);
      changed([], [bought]);
      return;
    }
    case 'sell': {
      if (lot === undefined) return;
      const part = Decimal.min(lot.units, count);
      const proceeds = part.times(price);
      const result = part.times(lot.cost).minus(proceeds);
      entry(
        `${out(lot, part)}${pick % 2 === 0 ? ` @ ${String(price)} USD` : ''}\n${money(proceeds.minus(fee))}${fees(fee)}` +
          `  Income:Result ${result.toFixed()} USD\n`,
      );
      model.cash = model.cash.plus(proceeds).minus(fee);
      const left = lot.units.minus(part);
      changed([lot], left.isZero() ? [] : [{ ...lot, units: left }]);
      return;
    }
    case 'move': {
      if (lot === undefined) return;
      const moved = { ...lot, account: lot.account === 'S' ? 'T' : 'S', date };
      entry(`${out(lot)}\n${back(moved)}\n`);
      changed([lot], [moved]);
      return;
    }
    case 'dividend': {
      entry(
        `  commodity: ABC\n  Assets:B:Cash ${String(units - 0.25)} USD\n  Expenses:Withholding 0.25 USD\n  Income:Dividends -${String(units)} USD\n`,
      );
      model.cash = model.cash.plus(units).minus('0.25');
      model.income = model.income.plus(units).minus('0.25');
      return;
    }
    case 'short': {
      if (model.shorted !== null) return;
      entry(
        `  Assets:B:S -${String(units)} SHT {${String(price)} USD}\n${money(count.times(price).minus(fee))}${fees(fee)}`,
      );
      model.shorted = { units: count, price: new Decimal(price), date };
      model.cash = model.cash.plus(count.times(price)).minus(fee);
      return;
    }
    case 'cover': {
      const { shorted } = model;
      if (shorted === null) return;
      const cost = shorted.units.times(price);
      const result = cost.minus(shorted.units.times(shorted.price));
      const at = pick % 2 === 0 ? ` @ ${String(price)} USD` : '';
      entry(
        `  Assets:B:S ${shorted.units.toFixed()} SHT {${shorted.price.toFixed()} USD, ${shorted.date}}${at}\n` +
          `${money(cost.plus(fee).negated())}${fees(fee)}  Income:Result ${result.toFixed()} USD\n`,
      );
      model.cash = model.cash.minus(cost).minus(fee);
      model.shorted = null;
      return;
    }
    default:
      event(model, op, all('ABC'), date, { entry, changed });
  }
}

/** What happens to all lots of ABC at once. */
function event(
  model: Model,
  op: string,
  own: readonly ModelLot[],
  date: string,
  to: {
    entry(lines: string): void;
    changed(own: readonly ModelLot[], by: readonly ModelLot[]): void;
  },
): void {
  if (own.length === 0) return;
  const leave = own.map((lot) => out(lot)).join('\n');
  const come = (lots: readonly ModelLot[]): string => lots.map(back).join('\n');
  switch (op) {
    case 'split': {
      const after = own.map((lot) => ({ ...lot, units: lot.units.times(2), cost: lot.cost.div(2), date }));
      to.entry(`${leave}\n${come(after)}\n`);
      to.changed(own, after);
      return;
    }
    case 'return': {
      const least = own.reduce((min, { cost }) => Decimal.min(min, cost), own[0]?.cost ?? ZERO);
      const each = least.div(4);
      const after = own.map((lot) => ({ ...lot, cost: lot.cost.minus(each), date }));
      const paid = own.reduce((sum, { units }) => sum.plus(units.times(each)), ZERO);
      to.entry(`${leave}\n${come(after)}\n${money(paid)}`);
      model.cash = model.cash.plus(paid);
      to.changed(own, after);
      return;
    }
    case 'spin-off': {
      const after = own.flatMap((lot) => [
        { ...lot, cost: lot.cost.times('0.75'), date },
        { ...lot, commodity: 'NEW', cost: lot.cost.times('0.25'), date },
      ]);
      to.entry(`${leave}\n${come(after)}\n`);
      to.changed(own, after);
      return;
    }
    default: {
      const after = own.map((lot) => ({ ...lot, commodity: 'XYZ', date }));
      to.entry(`${leave}\n${come(after)}\n`);
      to.changed(own, after);
    }
  }
}

type Row = Record<string, string | null>;

async function told(model: Model) {
  const prices = Object.entries(END_PRICES)
    .map(([name, price]) => `2022-12-31 price ${name} ${String(price)} USD\n`)
    .join('');
  const head = '2021-01-01 * "In"\n  Assets:B:Cash 100000 USD\n  Equity:In\n';
  const run = await lotWorld(head + model.text + prices, '2022-12-31');
  const years = [
    await run('tax.realized_gains', { tax_year: 2021 }),
    await run('tax.realized_gains', { tax_year: 2022 }),
  ];
  const details = await run('tax.lot_details');
  const rows = (result: Record<string, unknown>, key: string): Row[] => result[key] as Row[];
  return {
    sales: years.flatMap((year) => rows(year, 'sales')),
    gaps: [...years.flatMap((year) => rows(year, 'gaps')), ...rows(details, 'gaps')],
    lots: rows(details, 'lots'),
  };
}

const sum = (rows: readonly Row[], key: string): Decimal =>
  rows.reduce((total, row) => total.plus(row[key] ?? NaN), ZERO);

const unitsByCommodity = (rows: readonly { commodity: string; units: Decimal }[]): Record<string, string> => {
  const units = new Map<string, Decimal>();
  for (const row of rows) units.set(row.commodity, (units.get(row.commodity) ?? ZERO).plus(row.units));
  return Object.fromEntries(
    [...units].sort().map(([name, number]) => [name, number.toDecimalPlaces(8).toFixed()]),
  );
};

describe('the lots of any history of trades, splits, spin-offs, mergers and short positions', () => {
  it('are what is held, and gains with income are the whole gain', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const model = write(history);
        const { sales, lots, gaps } = await told(model);
        expect(gaps).toEqual([]);
        const held = [
          ...model.lots,
          ...(model.shorted ? [{ commodity: 'SHT', units: model.shorted.units.negated() }] : []),
        ];
        expect(
          unitsByCommodity(
            lots.map((row) => ({
              commodity: String(row['commodity']),
              units: new Decimal(row['units'] ?? NaN),
            })),
          ),
        ).toEqual(unitsByCommodity(held));
        const worth = held.reduce(
          (total, { commodity, units }) => total.plus(units.times(END_PRICES[commodity as 'ABC'])),
          model.cash,
        );
        const gain = sum(sales, 'recognised_base').plus(sum(lots, 'gain_base')).plus(model.income);
        expect(gain.minus(worth.minus(100_000)).abs().toNumber()).toBeLessThan(1e-6);
      }),
      { numRuns: 60 },
    );
  });
});
