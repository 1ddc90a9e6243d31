import { PACK_STATUSES } from '@dawsos/contracts';
import { mayBecome, requireTransition } from './lifecycle';

const ALLOWED = ['warming fresh', 'warming error', 'fresh stale', 'error warming'];
const all = PACK_STATUSES.flatMap((from) => PACK_STATUSES.map((to) => [from, to] as const));

describe('the life of a pack', () => {
  it.each(all)('from %s to %s', (from, to) => {
    const allowed = ALLOWED.includes(`${from} ${to}`);
    expect(mayBecome(from, to)).toBe(allowed);
    const move = (): void => requireTransition('PP_2025-10-22', from, to);
    if (allowed) expect(move).not.toThrow();
    else expect(move).toThrow(`PP_2025-10-22 is ${from} and cannot become ${to}`);
  });
});
