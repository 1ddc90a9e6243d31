import type { JsonValue } from '@dawsos/contracts';
import fc from 'fast-check';
import { propertyRuns } from '@dawsos/testing/property-runs';
import { holds } from './condition';
import { parseCondition } from './condition-syntax';
import type { Scope } from './reference';

const SCOPE: Scope = {
  inputs: { include: true, days: 252, rate: '0.70', none: null, date: '2025-10-22' },
  ctx: {
    pricing_pack_id: 'PP_2025-10-22',
    ledger_commit_hash: 'c',
    portfolio_id: 'growth',
    asof_date: '2025-10-22',
  },
  results: new Map<string, JsonValue>([
    ['valued', { total: '1204.10', rows: [{ kind: 'equity' }], nothing: null }],
    ['skipped', null],
  ]),
  skipped: new Set(['skipped']),
};

function evaluate(text: string): boolean {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`${parsed.offset}: ${parsed.message}`);
  return holds(parsed.condition, SCOPE, 'step');
}

describe('a condition', () => {
  test.each([
    ['inputs.include', true],
    ['not inputs.include', false],
    ['{{inputs.include}} == true', true],
    ['inputs.days >= 252 and inputs.days < 253', true],
    ['inputs.rate == 0.7', true],
    ['inputs.rate == "0.7"', false],
    ['valued.total > 1204.09', true],
    ['valued.total > 1204.1', false],
    ['valued.total <= 1204.10', true],
    ["valued.rows[0].kind == 'equity'", true],
    ['inputs.date >= "2025-01-01"', true],
    ['inputs.days == "252"', false],
    ['inputs.days != inputs.date', true],
    ['inputs.none == null', true],
    ['inputs.none', false],
    ['inputs.none > 5', false],
    ['inputs.none <= 5', false],
    ['valued.absent == null', true],
    ['null != valued.absent', false],
    ['skipped.any.field == null', true],
    ['skipped.rows[0].x > 1', false],
    ['false or true and false', false],
    ['(false or true) and not false', true],
    ['not not true', true],
    ['-5 < 0', true],
    ['notional == null or true', true],
  ])('%s is %s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  test.each([
    ['valued.absent > 1', 'reference_missing'],
    ['valued.constructor', 'reference_missing'],
    ['inputs.days', 'condition_invalid'],
    ['valued.rows == 1', 'condition_invalid'],
    ['inputs.include < true', 'condition_invalid'],
    ['inputs.days < "abc"', 'condition_invalid'],
  ])('%s fails with the code %s', (text, code) => {
    expect(() => evaluate(text)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ['inputs.days = 5', '12: write "==" to compare'],
    ['1 < 2 < 3', '6: a comparison has two sides; join two with "and"'],
    ['(true', '5: expected ")", found the end'],
    ['true true', '5: expected "and", "or" or the end, found "true"'],
    ['', '0: expected a name such as inputs.x, ctx.asof_date or positions'],
    ['true and', '8: expected a name such as inputs.x, ctx.asof_date or positions'],
    ['and true', '0: expected a value before "and", found "and true"'],
    ['inputs.x; process.exit()', '8: expected "and", "or" or the end, found "; process.ex"'],
    ['{{inputs.x', '10: expected "}}" after "inputs.x"'],
    ['('.repeat(60), '50: nested deeper than 50 levels'],
  ])('%s is a fault at its offset', (text, message) => {
    expect(() => evaluate(text)).toThrow(message);
  });

  test('a million characters are parsed or refused at once', () => {
    const started = performance.now();
    parseCondition('not '.repeat(250_000));
    parseCondition(' '.repeat(1_000_000));
    parseCondition(`${'1'.repeat(1_000_000)}`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('decimals compare by value, however they are written', () => {
    const cents = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(cents, cents, fc.nat({ max: 5 }), (a, b, zeros) => {
        const text = (value: number) => `${(value / 100).toFixed(2)}${'0'.repeat(zeros)}`;
        expect(evaluate(`${text(a)} < ${(b / 100).toFixed(2)}`)).toBe(a < b);
        expect(evaluate(`${text(a)} == ${(b / 100).toFixed(2)}`)).toBe(a === b);
      }),
    );
  });

  test('never throws but a typed fault, whatever the text', () => {
    const token = fc.constantFrom(
      'true',
      'false',
      'null',
      'not',
      'and',
      'or',
      '(',
      ')',
      '==',
      '<',
      '>=',
      '!=',
      '=',
      '1',
      '-2.5',
      "'x'",
      '"',
      '{{',
      '}}',
      'inputs.days',
      'inputs.include',
      'valued.rows',
      'skipped.x',
      'valued.__proto__',
      'constructor',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(token).map((tokens) => tokens.join(' ')),
        ),
        (text) => {
          const parsed = parseCondition(text);
          if (!parsed.ok) {
            expect(parsed.offset).toBeLessThanOrEqual(text.length);
            return;
          }
          try {
            expect(typeof holds(parsed.condition, SCOPE, 'step')).toBe('boolean');
          } catch (error) {
            expect(error).toMatchObject({
              code: expect.stringMatching(/^(reference_missing|condition_invalid)$/) as string,
            });
          }
        },
      ),
      { numRuns: propertyRuns(1000) },
    );
  });
});
