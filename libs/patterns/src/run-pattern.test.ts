import {
  canonicalJson,
  DawsosError,
  type InvokeCapability,
  type JsonObject,
  type JsonValue,
} from '@dawsos/contracts';
import { parsePattern } from './catalog';
import { runPattern, type RunPatternOptions, type StepProgress } from './run-pattern';

const CTX = {
  pricing_pack_id: 'PP_2025-10-22',
  ledger_commit_hash: 'c'.repeat(40),
  portfolio_id: 'growth',
  asof_date: '2025-10-22',
};

interface Step {
  id: string;
  capability: string;
  args?: object;
  condition?: string;
  depends_on?: string[];
}

function planOf(steps: Step[], outputs: string[] = steps.map(({ id }) => id)) {
  const definition = {
    id: 'demo',
    version: '1.0.0',
    name: 'Demo',
    description: 'A test',
    inputs: { days: { type: 'integer', default: 5 } },
    steps: steps.map((step) => ({ as: step.id, ...step })),
    outputs,
  };
  return parsePattern('demo.json', JSON.stringify(definition));
}

/** Agents as functions of their arguments; the record says what was asked. */
function invokeWith(
  agents: Record<string, (args: JsonObject, signal: AbortSignal) => Promise<JsonValue> | JsonValue>,
) {
  const invoke: InvokeCapability = async ({ stepIndex, stepId, capability, args, dependsOn, signal }) => {
    const result = await agents[capability]!(args, signal);
    return {
      result,
      resultJson: canonicalJson(result),
      cached: false,
      record: {
        step_index: stepIndex,
        step_id: stepId,
        capability,
        agent_name: 'test',
        agent_version: '1',
        depends_on: [...dependsOn],
        args_hash: canonicalJson(args),
        reads: [],
        result_hash: canonicalJson(result),
      },
    };
  };
  return invoke;
}

function run(
  plan: ReturnType<typeof planOf>,
  invoke: InvokeCapability,
  more: Partial<RunPatternOptions> = {},
) {
  return runPattern(plan, {
    inputs: { days: 5 },
    ctx: CTX,
    invoke,
    metrics: { timeStep: (_pattern, _index, _capability, fn) => fn() },
    signal: new AbortController().signal,
    maxParallel: 4,
    ...more,
  });
}

describe('running a pattern', () => {
  test('results flow through templates, and data is the canonical JSON of the outputs', async () => {
    const plan = planOf(
      [
        { id: 'z', capability: 'a.double', args: { x: '{{b.doubled}}' } },
        { id: 'b', capability: 'a.double', args: { x: '{{inputs.days}}', pack: '{{ctx.pricing_pack_id}}' } },
        { id: 'hidden', capability: 'a.double', args: { x: 0 } },
      ],
      ['z', 'b'],
    );
    const invoke = invokeWith({ 'a.double': ({ x }) => ({ doubled: Number(x) * 2, ключ: 'é' }) });
    const result = await run(plan, invoke);
    expect(result.data).toEqual({ b: { doubled: 10, ключ: 'é' }, z: { doubled: 20, ключ: 'é' } });
    expect(result.dataJson).toBe(canonicalJson(result.data));
    expect(result.records.map(({ step_id, depends_on }) => [step_id, depends_on])).toEqual([
      ['z', ['b']],
      ['b', []],
      ['hidden', []],
    ]);
  });

  test('a skipped step gives null, and its dependents see null', async () => {
    const plan = planOf([
      { id: 'a', capability: 'a.one', condition: 'inputs.days > 100' },
      { id: 'b', capability: 'a.echo', args: { seen: '{{a.rows[0].x}}' } },
      { id: 'c', capability: 'a.one', condition: 'a != null' },
    ]);
    const progress: string[] = [];
    const result = await run(plan, invokeWith({ 'a.one': () => 1, 'a.echo': (args) => args }), {
      onStep: ({ step_index, status }) => progress.push(`${step_index} ${status}`),
    });
    expect(result.dataJson).toBe('{"a":null,"b":{"seen":null},"c":null}');
    expect(progress).toEqual(['0 skipped', '1 running', '2 skipped', '1 succeeded']);
  });

  test('a missing path is a typed fault that names step and path', async () => {
    const plan = planOf([
      { id: 'a', capability: 'a.one' },
      { id: 'b', capability: 'a.one', args: { x: '{{a.rows}}' } },
    ]);
    await expect(run(plan, invokeWith({ 'a.one': () => ({}) }))).rejects.toMatchObject({
      code: 'reference_missing',
      message: expect.stringContaining('step "b": {{a.rows}}') as string,
    });
  });

  test('the first fault cancels the others through their signal', async () => {
    const fault = new DawsosError('price_missing', 'no price of AAPL');
    const plan = planOf([
      { id: 'slow', capability: 'a.slow' },
      { id: 'bad', capability: 'a.bad' },
      { id: 'after', capability: 'a.slow', depends_on: ['slow'] },
    ]);
    const progress: StepProgress[] = [];
    const invoke = invokeWith({
      'a.slow': (_args, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      'a.bad': () => Promise.reject(fault),
    });
    await expect(run(plan, invoke, { onStep: (step) => progress.push(step) })).rejects.toBe(fault);
    const last = new Map(
      progress.map(({ step_index, status, error_code }) => [step_index, [status, error_code]]),
    );
    expect(last.get(0)).toEqual(['cancelled', 'price_missing']);
    expect(last.get(1)).toEqual(['failed', 'price_missing']);
    expect(last.get(2)).toEqual(['cancelled', null]);
  });

  test('a cancelled run throws the reason that its signal carries', async () => {
    const plan = planOf([{ id: 'a', capability: 'a.wait' }]);
    const outer = new AbortController();
    const reason = new DawsosError('lock_lost', 'another worker has it');
    const invoke = invokeWith({
      'a.wait': (_args, signal) => {
        outer.abort(reason);
        return Promise.reject(signal.reason as Error);
      },
    });
    await expect(run(plan, invoke, { signal: outer.signal })).rejects.toBe(reason);
  });

  test('an error that is none of ours is typed', async () => {
    const plan = planOf([{ id: 'a', capability: 'a.throw' }]);
    const invoke = invokeWith({
      'a.throw': () => {
        throw new TypeError('secret');
      },
    });
    await expect(run(plan, invoke)).rejects.toMatchObject({ code: 'internal_error' });
  });

  test('data is the same bytes in whatever order steps finish', async () => {
    const plan = planOf([
      { id: 'a', capability: 'a.wait', args: { turns: 3 } },
      { id: 'b', capability: 'a.wait', args: { turns: 0 } },
      { id: 'c', capability: 'a.wait', args: { turns: 1, after: '{{b}}' } },
    ]);
    const invoke = invokeWith({
      'a.wait': async ({ turns }) => {
        for (let turn = 0; turn < Number(turns); turn++) await new Promise(setImmediate);
        return { turns: turns ?? null };
      },
    });
    const [one, four] = [
      await run(plan, invoke, { maxParallel: 1 }),
      await run(plan, invoke, { maxParallel: 4 }),
    ];
    expect(four.dataJson).toBe(one.dataJson);
    expect(four.records).toEqual(one.records);
  });
});
