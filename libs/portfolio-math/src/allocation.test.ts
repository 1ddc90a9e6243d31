import { Decimal } from '@dawsos/contracts';
import fc from 'fast-check';
import { allocate, weight } from './allocation';

describe('allocation', () => {
  it('sums by key, the largest first, the unknown apart and last', () => {
    const rows = [
      { key: 'Tech', value: new Decimal(30) },
      { key: null, value: new Decimal(50) },
      { key: 'Energy', value: new Decimal(10) },
      { key: 'Tech', value: new Decimal(10) },
    ];
    expect(
      allocate(rows).map((row) => [row.key, row.value!.toFixed(), row.weight?.toFixed(), row.count]),
    ).toEqual([
      ['Tech', '40', '0.4', 2],
      ['Energy', '10', '0.1', 1],
      [null, '50', '0.5', 1],
    ]);
  });

  it('has no weights where the total is zero', () => {
    expect(weight(new Decimal(1), new Decimal(0))).toBeNull();
  });

  it('has weights that add up to one, whatever the size', () => {
    const item = fc.record({
      key: fc.constantFrom('a', 'b', null),
      value: fc.integer({ min: 1, max: 1e9 }).map((n) => new Decimal(n)),
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1 }), (items) => {
        const sum = allocate(items).reduce((total, row) => total.plus(row.weight!), new Decimal(0));
        expect(sum.minus(1).abs().lessThan('1e-25')).toBe(true);
      }),
    );
  });
});
