import { z } from 'zod';
import { deepFreeze } from '../cache/freeze';
import { noteMembers, splitArgs } from './passed-members';

const Points = z.array(z.object({ value: z.string() }));
const Result = z.object({ points: Points, name: z.string() });
const Args = z.strictObject({ points: Points, days: z.int() });

const noted = () => {
  const result = deepFreeze(Result.parse({ points: [{ value: '1' }], name: 'x' }));
  noteMembers(Result, result);
  return result;
};

describe('members of a checked result', () => {
  it('are known where an argument has the same schema; the others are still to be checked', () => {
    const { points } = noted();
    const split = splitArgs(Args, { points, days: 'three' });
    expect(split?.known).toEqual({ points });
    expect(split?.schema.safeParse(split.others).success).toBe(false);
    expect(split?.schema.safeParse({ days: 3 }).success).toBe(true);
    expect(split?.schema.safeParse({ days: 3, more: 1 }).success).toBe(false);
  });

  it('are not known by another schema, as a copy, or where the arguments are checked together', () => {
    const { points } = noted();
    const Others = z.strictObject({ points: z.array(z.object({ value: z.string() })), days: z.int() });
    expect(splitArgs(Others, { points, days: 1 })).toBeUndefined();
    expect(splitArgs(Args, { points: structuredClone(points), days: 1 })).toBeUndefined();
    expect(
      splitArgs(
        Args.refine(() => true),
        { points, days: 1 },
      ),
    ).toBeUndefined();
  });
});
