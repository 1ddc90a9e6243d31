import { formatFault } from './fault';
import { planPattern } from './plan';
import { parseSource } from './source-text';

const CAPABILITIES = ['ledger.positions', 'pricing.apply_pack', 'metrics.compute_twr'];

interface Step {
  id: string;
  capability?: string;
  args?: object;
  as?: string;
  condition?: string;
  depends_on?: string[];
}

function textOf(steps: Step[], more: object = {}): string {
  const definition = {
    id: 'demo',
    version: '1.0.0',
    name: 'Demo',
    description: 'A test',
    inputs: { days: { type: 'integer', default: 5 }, limits: { type: 'object' } },
    steps: steps.map((step) => ({ capability: 'ledger.positions', as: step.id, ...step })),
    outputs: steps.slice(0, 1).map((step) => step.as ?? step.id),
    ...more,
  };
  return JSON.stringify(definition, null, 2);
}

function plan(text: string) {
  const parsed = parseSource('demo.json', text);
  if (!parsed.ok) throw new Error(parsed.faults.map(formatFault).join('\n'));
  return planPattern(parsed.source, {
    has: (name) => CAPABILITIES.includes(name),
    names: () => CAPABILITIES,
  });
}

function messages(text: string): readonly string[] {
  const result = plan(text);
  return result.ok ? [] : result.faults.map(({ message }) => message);
}

describe('planning a pattern', () => {
  test('dependencies come from templates, conditions and depends_on', () => {
    const result = plan(
      textOf([
        { id: 'last', args: { rows: '{{b.rows}}' }, condition: 'c.total > 0', depends_on: ['a'] },
        { id: 'a' },
        { id: 'b', args: { nested: [{ x: 'v {{a.x}}' }] } },
        { id: 'c', args: { days: '{{inputs.days}}', pack: '{{ctx.pricing_pack_id}}' } },
      ]),
    );
    expect(result.ok && result.plan.steps.map((step) => step.dependencies)).toEqual([[1, 2, 3], [], [1], []]);
  });

  test('a fault in a template stands at its line and column, caret below', () => {
    const result = plan(textOf([{ id: 'a', args: { x: 'days "{{inputs.dys}}"' } }]));
    expect(!result.ok && result.faults.map(formatFault)).toEqual([
      [
        'demo.json:21:24: the pattern has no input "dys"; did you mean "days"?',
        '21 |         "x": "days \\"{{inputs.dys}}\\""',
        `${' '.repeat(5 + 23)}^`,
      ].join('\n'),
    ]);
  });

  test.each([
    ['an unknown result', { args: { x: '{{nope.y}}' } }, 'no step\'s result is called "nope"; there are a'],
    ['an unknown fact', { args: { x: '{{ctx.trace_id}}' } }, 'the context has no "trace_id"'],
    [
      'a field of a number',
      { args: { x: '{{inputs.days.x}}' } },
      'the input "days" is of type integer; it has no fields',
    ],
    [
      'a field of a fact',
      { args: { x: '{{ctx.asof_date.year}}' } },
      'ctx.asof_date is text; it has no fields',
    ],
    [
      'the object prototype',
      { args: { x: '{{constructor.prototype}}' } },
      'no step\'s result is called "constructor"',
    ],
    [
      'an inherited input',
      { args: { x: '{{inputs.constructor}}' } },
      'the pattern has no input "constructor"',
    ],
    ['an open template', { args: { x: '{{inputs.days' } }, 'expected "}}" after "inputs.days"'],
    ['a bad condition', { condition: 'inputs.days = 5' }, 'write "==" to compare'],
    ['an unknown name in a condition', { condition: 'nope == null' }, 'no step\'s result is called "nope"'],
    ['an unknown step to wait for', { depends_on: ['b'] }, 'no step has the id "b"'],
    [
      'an unknown capability',
      { capability: 'ledger.position' },
      'no agent provides "ledger.position"; did you mean "ledger.positions"?',
    ],
    ['a reserved name', { as: 'inputs' }, '"inputs" means something else in templates'],
    ['a step that waits for itself', { args: { x: '{{a}}' } }, 'these steps wait for each other: a → a'],
  ])('refuses %s', (_what, step, message) => {
    expect(messages(textOf([{ id: 'a', ...step }])).join('\n')).toContain(message);
  });

  test('a cycle is shown', () => {
    const steps = [
      { id: 'start' },
      { id: 'a', args: { x: '{{c}}' } },
      { id: 'b', args: { x: '{{a}}' } },
      { id: 'c', condition: 'b != null', depends_on: ['start'] },
    ];
    expect(messages(textOf(steps))).toEqual(['these steps wait for each other: a → c → b → a']);
  });

  test('doubled ids and results, unknown outputs and panels are all reported, in file order', () => {
    const text = textOf([{ id: 'a' }, { id: 'a', as: 'a' }], {
      outputs: ['a', 'b', 'a'],
      presentation: { panels: [{ id: 'p', kind: 'table', title: 'P', source: 'c.rows' }] },
    });
    expect(messages(text)).toEqual([
      'a result "a" stands above already',
      'a step "a" stands above already',
      'no step\'s result is called "b"; did you mean "a"?',
      'the output "a" stands above already',
      'the pattern has no output "c"; did you mean "a"?',
    ]);
  });

  test('what the schema refuses is placed: unknown keys at the key, wrong values at the value', () => {
    const result = plan(textOf([{ id: 'A', ...{ agrs: {} } }]));
    expect(!result.ok && result.faults.map(({ position, message }) => [position.line, message])).toEqual([
      [18, 'steps.0.as: must be lower-case letters, digits and _'],
      [19, 'steps.0.id: must be lower-case letters, digits and _'],
      [20, 'unknown key "agrs"'],
      [24, 'outputs.0: must be lower-case letters, digits and _'],
    ]);
  });

  test('a default or a choice that does not fit its type is a fault', () => {
    const inputs = {
      days: { type: 'integer', default: '5' },
      method: { type: 'string', enum: ['fifo', 1], required: true, default: 'fifo' },
    };
    expect(messages(textOf([{ id: 'a' }], { inputs }))).toEqual([
      'the default must be a whole number',
      'the choice must be text',
      'a required input needs no default; leave one of the two out',
    ]);
  });
});
