import { DawsosError, type RepairOrder } from '@dawsos/contracts';
import { describeError } from '../cli-error';

const quote = (index: number): RepairOrder['needed'][number] => ({
  kind: 'price',
  name: `C${String(index)}`,
  date: '2025-10-24',
  last_date: null,
});
const order = (needed: RepairOrder['needed']): RepairOrder => ({
  pack_id: 'PP_2025-10-24',
  needed,
  build: { method: 'POST', path: '/v1/packs', body: { asof_date: '2025-10-24' } },
  command: 'dawsos packs build --asof 2025-10-24',
});
const refusal = (repair: RepairOrder) =>
  new DawsosError('pack_not_fresh', 'PP_2025-10-17 is stale', { extensions: { repair } });

describe('a repair order in words', () => {
  it('says what is missing or too old, and the command that mends it', () => {
    const needed: RepairOrder['needed'] = [
      { kind: 'price', name: 'NWND', date: '2025-10-24', last_date: '2025-10-17' },
      { kind: 'rate', name: 'USD CAD', date: '2025-10-24', last_date: null },
    ];
    expect(describeError(refusal(order(needed)), false)).toEqual([
      'dawsos: PP_2025-10-17 is stale',
      '  needs  price of NWND on 2025-10-24: the pack has that of 2025-10-17',
      '         rate of USD CAD on 2025-10-24: the pack has none',
      '  fix    dawsos packs build --asof 2025-10-24',
      '         or wait for that build with --wait-for-fresh, or take old prices with --allow-stale',
      '  code   pack_not_fresh',
    ]);
  });

  it('shows ten of many', () => {
    const lines = describeError(
      refusal(order(Array.from({ length: 25 }, (_unused, index) => quote(index)))),
      false,
    );
    expect(lines.filter((line) => line.includes('price of'))).toHaveLength(10);
    expect(lines).toContain('         and 15 more');
  });
});
