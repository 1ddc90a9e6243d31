import { contentHash, isoDate, type JsonValue, type StepTrace, type StepTraceStore } from '@dawsos/contracts';
import { z } from 'zod';
import { openDirective, packWith, snapshotWith, worldWith } from '../__fixtures__/world';
import { type Agent, defineCapability } from '../capability';
import type { World } from '../reads/recording';
import { createAgentRuntime } from '../runtime/agent-runtime';
import { createStepCache, type StepCache } from './step-cache';

const METRICS = {
  recordCircuitBreakerState: () => undefined,
  recordCircuitBreakerFailure: () => undefined,
  timeAgent: <T>(_agent: string, _capability: string, fn: () => Promise<T>) => fn(),
};

function memoryStore(): StepTraceStore & { readonly traces: StepTrace[] } {
  const traces: StepTrace[] = [];
  return {
    traces,
    find: async (key) => traces.filter((trace) => trace.key === key),
    save: async (trace) => void traces.push(trace),
  };
}

/** An agent that counts how often it computes the value of one holding. */
function countingRuntime(stepCache?: StepCache, version = '1') {
  let computed = 0;
  const agent: Agent = {
    name: 'counter',
    version,
    capabilities: [
      defineCapability({
        name: 'test.value',
        description: 'The value of a holding',
        args: z.object({ commodity: z.string() }),
        result: z.object({ price: z.string().nullable(), count: z.number(), rows: z.array(z.string()) }),
        run: ({ commodity }, { pack, ledger, asofDate }) => {
          computed++;
          const price = pack.price(commodity, asofDate);
          const rows = ledger.entries({ to: asofDate }).map(({ location }) => `line ${location.line}`);
          return { rows, price: price?.number.toFixed() ?? null, count: rows.length };
        },
      }),
    ],
  };
  const runtime = createAgentRuntime({
    agents: [agent],
    metrics: METRICS,
    ...(stepCache === undefined ? {} : { stepCache }),
  });
  return {
    computed: () => computed,
    invoke: (world: World, args: Record<string, JsonValue> = { commodity: 'AAPL' }) =>
      runtime.bind(world)({
        stepIndex: 0,
        stepId: 'value',
        capability: 'test.value',
        args,
        dependsOn: [],
        timeoutMs: undefined,
        retries: undefined,
        signal: new AbortController().signal,
      }),
  };
}

const newCache = (store?: StepTraceStore): StepCache =>
  createStepCache({ maxCharacters: 100_000, ...(store === undefined ? {} : { store }) });

describe('the step cache', () => {
  test('gives the same bytes and the same record as without it', async () => {
    const cached = countingRuntime(newCache());
    const plain = countingRuntime();
    const world = worldWith();
    const [first, second, without] = [
      await cached.invoke(world),
      await cached.invoke(world),
      await plain.invoke(world),
    ];
    expect(cached.computed()).toBe(1);
    expect([first.cached, second.cached, without.cached]).toEqual([false, true, false]);
    expect(second.resultJson).toBe(without.resultJson);
    expect(second.result).toEqual(without.result);
    expect(second.record).toEqual(without.record);
  });

  test('holds in a new pack and a new commit while what was read is equal there', async () => {
    const { invoke, computed } = countingRuntime(newCache());
    await invoke(worldWith());
    const pack = packWith(['2025-10-19 1 USD close', '2025-10-22 184.07 USD close']);
    const ledger = snapshotWith([openDirective('Assets:Growth:Cash', 1)], 'd'.repeat(40));
    expect(await invoke(worldWith({ pack, ledger }))).toMatchObject({ cached: true });
    expect(computed()).toBe(1);
  });

  test.each<[string, World]>([
    ['a price that was read changes', worldWith({ pack: packWith(['2025-10-22 185 USD close']) })],
    [
      'a transaction comes in',
      worldWith({
        ledger: snapshotWith(
          [openDirective('Assets:Growth:Cash', 1), openDirective('Assets:Growth:Fees', 2)],
          'e'.repeat(40),
        ),
      }),
    ],
    ['the as-of day is another', worldWith({ asofDate: isoDate('2025-10-21') })],
    ['the portfolio is another', worldWith({ portfolioId: null })],
  ])('computes anew where %s', async (_what, changed) => {
    const { invoke, computed } = countingRuntime(newCache());
    await invoke(worldWith());
    expect(await invoke(changed)).toMatchObject({ cached: false });
    expect(computed()).toBe(2);
    expect(await invoke(worldWith())).toMatchObject({ cached: true });
  });

  test('computes anew for other arguments and for another version of the agent', async () => {
    const cache = newCache();
    const old = countingRuntime(cache);
    await old.invoke(worldWith());
    expect(await old.invoke(worldWith(), { commodity: 'OLD' })).toMatchObject({ cached: false });
    expect(await countingRuntime(cache, '2').invoke(worldWith())).toMatchObject({ cached: false });
  });

  test('another process finds the trace in the store, with equal bytes', async () => {
    const store = memoryStore();
    const here = await countingRuntime(newCache(store)).invoke(worldWith());
    const there = countingRuntime(newCache(store));
    const found = await there.invoke(worldWith());
    expect(there.computed()).toBe(0);
    expect(found).toEqual({ ...here, cached: true });
    expect(store.traces).toHaveLength(1);
    expect(store.traces[0]!.argsHash).toBe(contentHash({ commodity: 'AAPL' }));
  });

  test('a store that fails is told of, and costs no step', async () => {
    const faults: unknown[] = [];
    const broken: StepTraceStore = {
      find: () => Promise.reject(new Error('down')),
      save: () => Promise.reject(new Error('down')),
    };
    const cache = createStepCache({
      maxCharacters: 1_000,
      store: broken,
      onStoreFault: (error) => faults.push(error),
    });
    const { invoke } = countingRuntime(cache);
    expect(await invoke(worldWith())).toMatchObject({ cached: false });
    expect(await invoke(worldWith())).toMatchObject({ cached: true });
    expect(faults).toHaveLength(2);
  });

  test('what is kept in memory is bounded, the least recently used going first', async () => {
    const one = (await countingRuntime().invoke(worldWith())).resultJson.length;
    const { invoke, computed } = countingRuntime(createStepCache({ maxCharacters: 2 * one }));
    await invoke(worldWith(), { commodity: 'AAPL' });
    await invoke(worldWith(), { commodity: 'OLD' });
    await invoke(worldWith(), { commodity: 'AAPL' });
    await invoke(worldWith(), { commodity: 'MSFT' });
    expect(computed()).toBe(3);
    expect(await invoke(worldWith(), { commodity: 'AAPL' })).toMatchObject({ cached: true });
    expect(await invoke(worldWith(), { commodity: 'OLD' })).toMatchObject({ cached: false });
  });

  test('a result is frozen, so no run can change what another gets', async () => {
    const { invoke } = countingRuntime(newCache());
    const { result } = await invoke(worldWith());
    expect(() => ((result as { rows: string[] }).rows[0] = 'changed')).toThrow(TypeError);
  });

  test('keeps nothing that rests on a source: no pin says that it has not changed', async () => {
    let said = 'first';
    let computed = 0;
    const world = worldWith({
      sources: {
        macro: [],
        fundamentals: [],
        news: [
          {
            id: 'paper',
            news: async () => [
              {
                publishedAt: '2025-10-22T00:00:00Z',
                publisher: 'Paper',
                title: said,
                summary: null,
                url: 'https://example.com',
              },
            ],
          },
        ],
      },
    });
    const agent: Agent = {
      name: 'reader',
      version: '1',
      capabilities: [
        defineCapability({
          name: 'test.news',
          description: 'A title',
          args: z.object({}),
          result: z.object({ title: z.string() }),
          run: async (_args, { source, asofDate }) => {
            computed++;
            const found = await source.news('AAPL', asofDate, asofDate);
            return { title: found?.value[0]?.title ?? '' };
          },
        }),
      ],
    };
    const store = memoryStore();
    const stepCache = createStepCache({ maxCharacters: 1_000_000, store });
    const invoke = createAgentRuntime({ agents: [agent], metrics: METRICS, stepCache }).bind(world);
    const step = {
      stepIndex: 0,
      stepId: 'news',
      capability: 'test.news',
      args: {},
      dependsOn: [],
      timeoutMs: undefined,
      retries: undefined,
      signal: new AbortController().signal,
    };
    expect((await invoke(step)).result).toEqual({ title: 'first' });
    said = 'second';
    expect((await invoke(step)).result).toEqual({ title: 'second' });
    expect([computed, store.traces]).toEqual([2, []]);
  });
});
