import { DawsosError, type JsonObject } from '@dawsos/contracts';
import fc from 'fast-check';
import { parseInputs } from './inputs';

const PATTERN: Parameters<typeof parseInputs>[0] = {
  id: 'demo',
  inputs: {
    lookback_days: { type: 'integer', default: 252, minimum: 1, maximum: 5000 },
    method: { type: 'string', enum: ['fifo', 'lifo'], required: true },
    since: { type: 'date' },
    threshold: { type: 'decimal', minimum: 0 },
    tags: { type: 'array', max_length: 2 },
    limits: { type: 'object' },
  },
};

function errorsOf(inputs: JsonObject): readonly string[] {
  try {
    parseInputs(PATTERN, inputs);
  } catch (error) {
    if (error instanceof DawsosError && error.code === 'invalid_inputs') {
      return error.errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
    }
    throw error;
  }
  return [];
}

describe('the inputs of a run', () => {
  test('get their defaults, and null where optional and absent', () => {
    expect(parseInputs(PATTERN, { method: 'fifo' })).toEqual({
      lookback_days: 252,
      method: 'fifo',
      since: null,
      threshold: null,
      tags: null,
      limits: null,
    });
  });

  test.each<[JsonObject, string]>([
    [{}, '/inputs/method is required'],
    [{ method: null }, '/inputs/method must be text'],
    [{ method: 'hifo' }, '/inputs/method must be one of "fifo", "lifo"'],
    [{ method: 'fifo', lookback_days: '30' }, '/inputs/lookback_days must be a whole number'],
    [{ method: 'fifo', lookback_days: 1.5 }, '/inputs/lookback_days must be a whole number'],
    [{ method: 'fifo', lookback_days: 0 }, '/inputs/lookback_days must be at least 1'],
    [{ method: 'fifo', lookback_days: 5001 }, '/inputs/lookback_days must be at most 5000'],
    [{ method: 'fifo', since: '2025-02-30' }, '/inputs/since must be a calendar day written YYYY-MM-DD'],
    [
      { method: 'fifo', threshold: 0.5 },
      '/inputs/threshold must be a decimal number in quotes, such as "1204.10"',
    ],
    [{ method: 'fifo', threshold: '-0.01' }, '/inputs/threshold must be at least 0'],
    [{ method: 'fifo', tags: ['a', 'b', 'c'] }, '/inputs/tags must have at most 2 items'],
    [{ method: 'fifo', limits: [] }, '/inputs/limits must be an object'],
    [
      { method: 'fifo', lookback_day: 3 },
      '/inputs/lookback_day the pattern "demo" has no such input; did you mean "lookback_days"?',
    ],
    [
      { method: 'fifo', 'a/b~c': 1 },
      '/inputs/a~1b~0c the pattern "demo" has no such input; there are limits, lookback_days, method, since, tags, threshold',
    ],
  ])('%j is refused, naming the field', (inputs, message) => {
    expect(errorsOf(inputs)).toEqual([message]);
  });

  test('all faults are reported at once', () => {
    expect(errorsOf({ since: 1, tags: 'x' })).toHaveLength(3);
  });

  test('keys of the object prototype are unknown inputs', () => {
    const hostile = JSON.parse(
      '{"method":"fifo","__proto__":{"x":1},"constructor":{"prototype":1}}',
    ) as JsonObject;
    expect(errorsOf(hostile).map((error) => error.split(' ')[0])).toEqual([
      '/inputs/__proto__',
      '/inputs/constructor',
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('what was accepted is accepted again, unchanged', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(PATTERN.inputs)), fc.jsonValue()), (given) => {
        const inputs = { method: 'fifo', ...given } as JsonObject;
        if (errorsOf(inputs).length > 0) return;
        const parsed = parseInputs(PATTERN, inputs);
        expect(parseInputs(PATTERN, parsed)).toEqual(parsed);
      }),
    );
  });

  test.each<[string, string | undefined]>([
    ['0.03', undefined],
    ['-1', undefined],
    ['3', '/inputs/rate must be a fraction: 3 is 300 %; write 0.03 for 3 %'],
    ['-2.5', '/inputs/rate must be a fraction: -2.5 is -250 %; write -0.025 for -2.5 %'],
  ])('that are fractions refuse the percentage that was meant: %s', (rate, problem) => {
    const pattern = { id: 'demo', inputs: { rate: { type: 'decimal', unit: 'fraction' } } } as const;
    const parse = () => parseInputs(pattern, { rate });
    if (problem === undefined) expect(parse()).toEqual({ rate });
    else expect(parse).toThrow(problem.slice('/inputs/rate '.length));
  });
});
