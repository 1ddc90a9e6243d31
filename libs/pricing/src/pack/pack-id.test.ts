import { isoDate, PackIdSchema } from '@dawsos/contracts';
import { packId, parsePackId } from './pack-id';

const asofDate = isoDate('2025-10-22');

describe('a pack id', () => {
  it.each([
    ['CLOSE', 0, 'PP_2025-10-22'],
    ['CLOSE', 2, 'PP_2025-10-22_D2'],
    ['WM4PM', 0, 'PP_2025-10-22_WM4PM'],
    ['WM4PM', 1, 'PP_2025-10-22_WM4PMD1'],
  ])('of policy %s, restatement %d is %s, and back', (policy, restatement, id) => {
    expect(packId({ asofDate, policy, restatement })).toBe(id);
    expect(PackIdSchema.parse(id)).toBe(id);
    expect(parsePackId(id)).toEqual({ asofDate, policy, restatement });
  });

  it.each(['close', 'A B', '', 'A'.repeat(21), 'XD1'])('cannot be made of the policy "%s"', (policy) => {
    expect(() => packId({ asofDate, policy, restatement: 0 })).toThrow('is not a pack policy');
  });

  it.each(['PP_2025-02-30', 'PP_2025-10-22_', 'PP_2025-10-22_x', '2025-10-22', '../PP_2025-10-22'])(
    'is not "%s"',
    (id) => {
      expect(() => parsePackId(id)).toThrow('is not a pack id');
    },
  );
});
