import type { IsoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import { Inventory, type Lot } from './inventory';
import { LedgerDecimal } from './number';

const number = (text: string) => LedgerDecimal.parse(text);
const lot = (units: string, cost?: string, label: string | null = null): Lot => ({
  units: { number: number(units), currency: 'HOOL' },
  cost:
    cost === undefined
      ? null
      : { kind: 'cost', number: number(cost), currency: 'USD', date: '2020-01-01' as IsoDate, label },
});
const contents = (inventory: Inventory) =>
  [...inventory].map(({ units, cost }) => `${units.number.toString()} {${cost?.number.toString() ?? ''}}`);

test('lots of equal cost are one, with the digits of the last', () => {
  const inventory = new Inventory();
  expect(inventory.add(lot('1', '100'))).toBe('created');
  expect(inventory.add(lot('2.0', '100.00'))).toBe('augmented');
  expect(inventory.add(lot('1', '100', 'a'))).toBe('created');
  expect(contents(inventory)).toEqual(['3.0 {100.00}', '1 {100}']);
});

test('a lot that reaches zero leaves, and comes back last', () => {
  const inventory = new Inventory();
  for (const each of [lot('1', '5'), lot('2', '6'), lot('-1.00', '5'), lot('4', '5')]) inventory.add(each);
  expect(contents(inventory)).toEqual(['2 {6}', '4 {5}']);
  expect(inventory.add(lot('0', '9'))).toBe('ignored');
});

const movement = fc.record({ units: fc.integer({ min: -9, max: 9 }), cost: fc.integer({ min: 1, max: 4 }) });

test('holds per cost what was added, and nothing that came to zero', () => {
  fc.assert(
    fc.property(fc.array(movement), (movements) => {
      const inventory = new Inventory();
      const sums = new Map<number, number>();
      for (const { units, cost } of movements) {
        inventory.add(lot(String(units), String(cost)));
        sums.set(cost, (sums.get(cost) ?? 0) + units);
      }
      const expected = [...sums].filter(([, sum]) => sum !== 0).map(([cost, sum]) => `${sum} {${cost}}`);
      expect(contents(inventory).sort()).toEqual(expected.sort());
    }),
  );
});

test('is reduced by units of the other sign than some lot, and a copy goes its own way', () => {
  fc.assert(
    fc.property(fc.array(movement), fc.integer({ min: -5, max: 5 }), (movements, units) => {
      const inventory = new Inventory();
      for (const each of movements) inventory.add(lot(String(each.units), String(each.cost)));
      const amount = { number: number(String(units)), currency: 'HOOL' };
      const opposite = [...inventory].some((held) => held.units.number.sign < 0 !== units < 0);
      expect(inventory.isReducedBy(amount)).toBe(units !== 0 && opposite);
      const before = contents(inventory);
      new Inventory(inventory).add(lot('100', '77'));
      expect(contents(inventory)).toEqual(before);
    }),
  );
});
