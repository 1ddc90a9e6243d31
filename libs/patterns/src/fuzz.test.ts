import { isDawsosError } from '@dawsos/contracts';
import fc from 'fast-check';
import { propertyRuns } from '@dawsos/testing/property-runs';
import { lintText, parsePattern } from './catalog';

const PATTERN = {
  $schema: './pattern.schema.json',
  id: 'demo',
  version: '1.0.0',
  name: 'Demo',
  description: 'A test',
  inputs: { days: { type: 'integer', default: 5, minimum: 1 }, limits: { type: 'object' } },
  steps: [
    { id: 'a', capability: 'test.a', args: { x: '{{inputs.days}}', y: ['{{ctx.asof_date}}'] }, as: 'a' },
    {
      id: 'b',
      capability: 'test.b',
      args: { z: '{{a.rows[0].x}}' },
      condition: 'a != null',
      as: 'b',
      depends_on: ['a'],
    },
  ],
  outputs: ['a', 'b'],
  presentation: { panels: [{ id: 'p', kind: 'table', title: 'P', source: 'a.rows' }] },
};
const TEXT = JSON.stringify(PATTERN, null, 2);

/** Every place in the pattern, as the keys that lead there. */
function placesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const members = Object.entries(value).map(
    ([key, member]) => [Array.isArray(value) ? Number(key) : key, member] as const,
  );
  return [path, ...members.flatMap(([key, member]) => placesOf(member, [...path, key]))];
}

function replaced(value: unknown, [head, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (head === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, index) => (index === head ? replaced(item, rest, by) : (item as unknown)));
  const object = value as Record<string, unknown>;
  return { ...object, [head]: replaced(object[head], rest, by) };
}

/** A file with any fault gives faults with a line of the file and a caret; it never throws anything else. */
function expectFaultsOrPlan(text: string): void {
  const faults = lintText('demo.json', text);
  const lines = text.split('\n');
  for (const { position, excerpt } of faults) {
    expect(position.line).toBeLessThanOrEqual(lines.length);
    expect(position.column).toBeLessThanOrEqual((lines[position.line - 1]?.length ?? 0) + 1);
    expect(excerpt.endsWith('^')).toBe(true);
  }
  try {
    expect(parsePattern('demo.json', text).steps.length).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  } catch (error) {
    if (!isDawsosError(error)) throw error;
    expect(error.code).toBe('pattern_invalid');
    expect(faults.length).toBeGreaterThan(0);
  }
}

describe('a pattern file with anything wrong', () => {
  test('is a pattern as it stands', () => {
    expect(lintText('demo.json', TEXT)).toEqual([]);
  });

  test('any value in any place gives placed faults or a plan', () => {
    const hostile = fc.constantFrom(
      '{{',
      '{{a}}',
      '{{b}}',
      '{{constructor}}',
      '{{__proto__.x}}',
      'not',
      'a.b.c',
      '',
      null,
      {},
      [],
      -1,
      1e308,
    );
    fc.assert(
      fc.property(fc.constantFrom(...placesOf(PATTERN)), fc.oneof(hostile, fc.jsonValue()), (place, by) => {
        expectFaultsOrPlan(JSON.stringify(replaced(PATTERN, place, by), null, 2));
      }),
      { numRuns: propertyRuns(500) },
    );
  });

  test('any characters cut out or put in give placed faults or a plan', () => {
    const cut = fc.record({
      at: fc.nat({ max: TEXT.length }),
      length: fc.nat({ max: 20 }),
      put: fc.string({ maxLength: 5 }),
    });
    fc.assert(
      fc.property(cut, ({ at, length, put }) => {
        expectFaultsOrPlan(TEXT.slice(0, at) + put + TEXT.slice(at + length));
      }),
      { numRuns: propertyRuns(500) },
    );
  });
});
