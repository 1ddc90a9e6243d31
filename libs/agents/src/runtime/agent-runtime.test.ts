import { setTimeout as delay } from 'node:timers/promises';
import { DawsosError, type JsonObject, type JsonValue, type StepInvocation } from '@dawsos/contracts';
import { z } from 'zod';
import { worldWith } from '../__fixtures__/world';
import { type Agent, type CapabilityContext, defineCapability } from '../capability';
import { type AgentRuntimeOptions, createAgentRuntime } from './agent-runtime';

type Run = (args: { days: number }, context: CapabilityContext) => JsonValue | Promise<JsonValue>;

function agentOf(run: Run, name = 'tester', capability = 'test.run'): Agent {
  const days = z.strictObject({ days: z.int().positive() });
  return {
    name,
    version: '1.2.3',
    capabilities: [
      defineCapability({
        name: capability,
        description: 'A test',
        args: days,
        result: z.strictObject({ n: z.number() }),
        run: run as never,
      }),
    ],
  };
}

function runtimeOf(run: Run, options: Partial<AgentRuntimeOptions> = {}) {
  const states: string[] = [];
  let failures = 0;
  const metrics: AgentRuntimeOptions['metrics'] = {
    recordCircuitBreakerState: (_agent, state) => states.push(state),
    recordCircuitBreakerFailure: () => failures++,
    timeAgent: (_agent, _capability, fn) => fn(),
  };
  const retry = { initialDelayMs: 1, maxDelayMs: 2, random: () => 0.5 };
  const runtime = createAgentRuntime({ agents: [agentOf(run)], metrics, retry, ...options });
  return {
    states,
    failures: () => failures,
    runtime,
    invoke: (change: Partial<StepInvocation> & { args?: JsonObject } = {}) =>
      runtime.bind(worldWith())({
        stepIndex: 3,
        stepId: 'risk',
        capability: 'test.run',
        args: { days: 5 },
        dependsOn: ['valued'],
        timeoutMs: undefined,
        retries: undefined,
        signal: new AbortController().signal,
        ...change,
      }),
  };
}

/** What `fault` says, `times` times, then a result. */
function failing(times: number, fault: () => Error): { run: Run; calls: () => number } {
  let calls = 0;
  return {
    calls: () => calls,
    run: () => {
      if (++calls <= times) throw fault();
      return { n: calls };
    },
  };
}

const busy = () => new DawsosError('store_unavailable', 'busy');

describe('the registry of agents', () => {
  test('two agents that claim one capability are refused at the start, both named', () => {
    const agents = [agentOf(() => ({ n: 1 }), 'one'), agentOf(() => ({ n: 1 }), 'two')];
    expect(() => runtimeOf(() => ({ n: 1 }), { agents })).toThrow(
      expect.objectContaining({
        code: 'capability_conflict',
        message: 'the agents "one" and "two" both claim "test.run"; remove it from one',
      }),
    );
  });

  test('lists its capabilities, and an unknown one is an error that does so too', async () => {
    const { runtime, invoke } = runtimeOf(() => ({ n: 1 }));
    expect(runtime.catalog.names()).toEqual(['test.run']);
    expect(runtime.catalog.has('constructor')).toBe(false);
    expect(runtime.describe()).toEqual([{ name: 'test.run', description: 'A test', agentName: 'tester' }]);
    await expect(invoke({ capability: 'test.walk' })).rejects.toMatchObject({
      code: 'capability_unknown',
      message: 'no agent provides "test.walk"; there are test.run',
    });
  });
});

describe('running a step', () => {
  test('leaves its record: who computed what from which reads', async () => {
    const { invoke } = runtimeOf((_args, { pack, asofDate }) => {
      pack.price('AAPL', asofDate);
      return { n: 1 };
    });
    const { record, resultJson, cached } = await invoke();
    expect(record).toMatchObject({
      step_index: 3,
      step_id: 'risk',
      capability: 'test.run',
      agent_name: 'tester',
      agent_version: '1.2.3',
      depends_on: ['valued'],
      reads: [{ kind: 'price', key: 'AAPL@2025-10-22' }],
    });
    expect([resultJson, cached]).toEqual(['{"n":1}', false]);
  });

  test('the reads of an attempt that failed are not in the record', async () => {
    let attempt = 0;
    const { invoke } = runtimeOf((_args, { pack, asofDate }) => {
      if (attempt++ > 0) return { n: 1 };
      pack.price('AAPL', asofDate);
      throw busy();
    });
    expect((await invoke()).record.reads).toEqual([]);
  });

  test.each<[JsonObject, string]>([
    [{}, '/args/days'],
    [{ days: 'five' }, '/args/days'],
    [{ days: 5, 'a/b': 1 }, '/args/a~1b'],
  ])('arguments %j are refused by field, and the agent is not to blame', async (args, pointer) => {
    const { invoke, failures } = runtimeOf(() => ({ n: 1 }));
    await expect(invoke({ args })).rejects.toMatchObject({
      code: 'capability_args_invalid',
      errors: [{ pointer }],
      message: expect.stringContaining('step "risk" (test.run)') as string,
    });
    expect(failures()).toBe(0);
  });

  test('a result that the schema does not allow is the fault of the agent', async () => {
    const { invoke, failures } = runtimeOf(() => ({ n: 'one' }));
    await expect(invoke()).rejects.toMatchObject({
      code: 'capability_result_invalid',
      message: expect.stringContaining('/result/n') as string,
    });
    expect(failures()).toBe(1);
  });

  test('what an agent throws stays in the cause: the message holds none of it', async () => {
    const secret = new TypeError('account 12345');
    const { invoke } = runtimeOf(() => {
      throw secret;
    });
    await expect(invoke()).rejects.toMatchObject({
      code: 'agent_failed',
      message: 'step "risk": the agent tester failed in test.run',
      cause: secret,
    });
  });
});

describe('retries', () => {
  test('an error marked retryable is tried again, two times by default', async () => {
    const twice = failing(2, busy);
    expect((await runtimeOf(twice.run).invoke()).result).toEqual({ n: 3 });
    const thrice = failing(3, busy);
    await expect(runtimeOf(thrice.run).invoke()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(thrice.calls()).toBe(3);
  });

  test('the step says how often', async () => {
    const once = failing(1, busy);
    await expect(runtimeOf(once.run).invoke({ retries: 0 })).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    const four = failing(4, busy);
    expect((await runtimeOf(four.run).invoke({ retries: 4 })).result).toEqual({ n: 5 });
  });

  test.each([
    ['a missing price', () => new DawsosError('price_missing', 'no price')],
    ['an error of the code', () => new TypeError('x is undefined')],
  ])('%s is not tried again', async (_what, fault) => {
    const run = failing(1, fault);
    await expect(runtimeOf(run.run).invoke()).rejects.toBeInstanceOf(DawsosError);
    expect(run.calls()).toBe(1);
  });
});

describe('time', () => {
  test('a step that takes too long fails with step_timeout, heard by the agent or not', async () => {
    let aborted = false;
    const { invoke } = runtimeOf((_args, { signal }) => {
      signal.addEventListener('abort', () => (aborted = true));
      return new Promise<never>(() => undefined);
    });
    await expect(invoke({ timeoutMs: 20, retries: 0 })).rejects.toMatchObject({
      code: 'step_timeout',
      message: 'step "risk" (test.run) took longer than 20 ms',
    });
    expect(aborted).toBe(true);
  });

  test('a cancelled run ends the step at once with the reason, and nobody is blamed', async () => {
    const controller = new AbortController();
    const reason = new DawsosError('lock_lost', 'another worker has it');
    const { invoke, failures } = runtimeOf(() => {
      setImmediate(() => controller.abort(reason));
      return new Promise<never>(() => undefined);
    });
    await expect(invoke({ signal: controller.signal })).rejects.toBe(reason);
    await expect(invoke({ signal: controller.signal })).rejects.toBe(reason);
    expect(failures()).toBe(0);
  });
});

describe('the circuit breaker', () => {
  const breaker = { failures: 3, halfOpenAfterMs: 60 };

  test('opens after faults in a row, refuses, tries once after a while, and closes on success', async () => {
    const run = failing(3, () => new Error('broken'));
    const { invoke, states, failures, runtime } = runtimeOf(run.run, { breaker });
    for (let call = 0; call < 3; call++)
      await expect(invoke()).rejects.toMatchObject({ code: 'agent_failed' });
    await expect(invoke()).rejects.toMatchObject({
      code: 'circuit_open',
      retryable: true,
      retryAfterSeconds: 1,
    });
    expect(run.calls()).toBe(3);
    expect(runtime.breakerStates()).toEqual([{ agentName: 'tester', state: 'open' }]);
    await delay(80);
    expect((await invoke()).result).toEqual({ n: 4 });
    expect(states).toEqual(['closed', 'open', 'half_open', 'closed']);
    expect(failures()).toBe(3);
  });

  test('a fault in the trial opens it again', async () => {
    const run = failing(4, () => new Error('broken'));
    const { invoke, states } = runtimeOf(run.run, { breaker });
    for (let call = 0; call < 3; call++) await expect(invoke()).rejects.toThrow();
    await delay(80);
    await expect(invoke()).rejects.toMatchObject({ code: 'agent_failed' });
    await expect(invoke()).rejects.toMatchObject({ code: 'circuit_open' });
    expect(states).toEqual(['closed', 'open', 'half_open', 'open']);
  });

  test.each([
    ['missing prices', () => new DawsosError('price_missing', 'no price'), {}],
    ['bad arguments', () => new Error('not reached'), { args: { days: -1 } }],
  ])('%s never open it', async (_what, fault, change) => {
    const { invoke, states } = runtimeOf(failing(10, fault).run, { breaker });
    for (let call = 0; call < 10; call++) await expect(invoke(change)).rejects.toBeInstanceOf(DawsosError);
    expect(states).toEqual(['closed']);
  });

  test('one agent’s breaker leaves the others alone', async () => {
    const agents = [
      agentOf(failing(9, () => new Error('broken')).run, 'bad', 'test.bad'),
      agentOf(() => ({ n: 1 }), 'good'),
    ];
    const { invoke } = runtimeOf(() => ({ n: 1 }), { agents, breaker });
    for (let call = 0; call < 4; call++) await expect(invoke({ capability: 'test.bad' })).rejects.toThrow();
    expect((await invoke()).result).toEqual({ n: 1 });
  });
});
