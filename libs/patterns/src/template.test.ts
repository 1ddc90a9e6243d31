import type { JsonValue } from '@dawsos/contracts';
import fc from 'fast-check';
import { propertyRuns } from '@dawsos/testing/property-runs';
import type { Scope } from './reference';
import { compileTemplate, renderTemplate } from './template';

const SCOPE: Scope = {
  inputs: { days: 252, name: 'growth', hostile: '{{inputs.days}}', flag: true },
  ctx: {
    pricing_pack_id: 'PP_2025-10-22',
    ledger_commit_hash: 'c'.repeat(40),
    portfolio_id: null,
    asof_date: '2025-10-22',
  },
  results: new Map<string, JsonValue>([
    ['valued', { positions: [{ symbol: 'AAPL', value: '10.50' }], total: null }],
    ['optional', null],
  ]),
  skipped: new Set(['optional']),
};

function render(value: JsonValue): JsonValue {
  const faults: string[] = [];
  const template = compileTemplate(value, [], {
    reference: () => undefined,
    fault: (_path, offset, message) => faults.push(`${offset}: ${message}`),
  });
  return faults.length > 0 ? { faults } : renderTemplate(template, SCOPE, 'step');
}

describe('a template', () => {
  test.each<[JsonValue, JsonValue]>([
    ['{{inputs.days}}', 252],
    ['{{ inputs.flag }}', true],
    ['{{valued.positions}}', [{ symbol: 'AAPL', value: '10.50' }]],
    ['{{valued.positions[0].value}}', '10.50'],
    ['{{valued.total}}', null],
    ['{{ctx.portfolio_id}}', null],
    ['last {{inputs.days}} days of {{inputs.name}}', 'last 252 days of growth'],
    [
      { a: ['{{inputs.days}}', 1], b: 'x' },
      { a: [252, 1], b: 'x' },
    ],
    ['\\{{inputs.days}}', '{{inputs.days}}'],
    ['a } b } c', 'a } b } c'],
  ])('%j gives %j', (template, value) => {
    expect(render(template)).toEqual(value);
  });

  test('any path into a skipped step is null', () => {
    expect(render('{{optional.rows[3].x}}')).toBeNull();
  });

  test('data that looks like a template stays text', () => {
    expect(render('{{inputs.hostile}}')).toBe('{{inputs.days}}');
    expect(render('<{{inputs.hostile}}>')).toBe('<{{inputs.days}}>');
  });

  test.each([
    ['{{valued.missing}}', 'step "step": {{valued.missing}} is not there'],
    ['{{valued.positions[1]}}', '{{valued.positions[1]}} is not there'],
    ['{{valued.constructor}}', '{{valued.constructor}} is not there'],
    ['{{valued.positions.length}}', '{{valued.positions.length}} is not there'],
    ['{{valued.__proto__.polluted}}', 'is not there'],
    ['value: {{valued.positions}}', 'is a list, which cannot stand inside text'],
    ['value: {{valued.total}}', 'is null, which cannot stand inside text'],
  ])('%s is a typed fault at run time', (template, message) => {
    expect(() => render(template)).toThrow(
      expect.objectContaining({
        code: 'reference_missing',
        message: expect.stringContaining(message) as string,
      }),
    );
  });

  test.each([
    ['{{inputs.days', '13: expected "}}" after "inputs.days"'],
    ['{{}}', '2: expected a name such as inputs.x, ctx.asof_date or positions'],
    ['{{inputs}}', '8: expected a name after "inputs", such as inputs.x'],
    ['x {{a b}}', '6: expected "}}" after "a"'],
    ['{{a[-1]}}', '3: expected "}}" after "a"'],
  ])('%s is a fault at its offset', (template, fault) => {
    expect(render(template)).toEqual({ faults: [fault] });
  });

  test('without braces, any value comes back as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        fc.pre(!json.includes('{{'));
        expect(JSON.stringify(render(JSON.parse(json) as JsonValue))).toBe(json);
      }),
    );
  });

  test('never throws but a typed fault, whatever the text', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '{{',
        '}}',
        'inputs',
        '.',
        'days',
        '[',
        '0',
        ']',
        ' ',
        '\\',
        'constructor',
        '__proto__',
        'valued',
      ),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        try {
          render(parts.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'reference_missing' });
        }
      }),
      { numRuns: propertyRuns(1000) },
    );
  });
});
