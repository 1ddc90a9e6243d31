import fc from 'fast-check';
import { findCycle } from './graph';
import { runDag } from './run-dag';

const NEVER = new AbortController().signal;

/** Graphs in which node `i` waits only for lower ones, then renumbered, so that order and index differ. */
const dag = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc
    .tuple(
      fc.array(fc.array(fc.nat({ max: 1_000 }), { maxLength: 4 }), { minLength: size, maxLength: size }),
      fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
    )
    .map(([picks, names]) => {
      const graph: number[][] = Array.from({ length: size }, () => []);
      picks.forEach((needed, node) => {
        if (node === 0) return;
        graph[names[node]!] = [...new Set(needed.map((pick) => names[pick % node]!))];
      });
      return graph;
    }),
);

describe('running a DAG', () => {
  test('each node runs once, after all it waits for, within the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        dag,
        fc.integer({ min: 1, max: 4 }),
        fc.scheduler(),
        async (graph, limit, scheduler) => {
          const done = new Set<number>();
          let active = 0;
          const started: number[] = [];
          const finished = runDag({
            dependencies: graph,
            maxParallel: limit,
            signal: NEVER,
            run: async (node) => {
              expect(graph[node]!.every((needed) => done.has(needed))).toBe(true);
              expect(++active).toBeLessThanOrEqual(limit);
              started.push(node);
              await scheduler.schedule(Promise.resolve(), `node ${node}`);
              active--;
              done.add(node);
            },
          });
          await scheduler.waitFor(finished);
          expect([...started].sort((a, b) => a - b)).toEqual([...graph.keys()]);
        },
      ),
    );
  });

  test('independent nodes are at work at the same time', async () => {
    let atWork = 0;
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    await runDag({
      dependencies: [[], [], []],
      maxParallel: 3,
      signal: NEVER,
      run: async () => {
        if (++atWork === 3) open();
        await gate;
      },
    });
    expect(atWork).toBe(3);
  });

  test('the first fault aborts those at work, starts no other, and is thrown once all have settled', async () => {
    const fault = new Error('first');
    const started: number[] = [];
    let cancelled = false;
    const run = runDag({
      dependencies: [[], [], [0], []],
      maxParallel: 2,
      signal: NEVER,
      run: async (node, signal) => {
        started.push(node);
        if (node === 0) throw fault;
        await new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('stopped'))),
        );
      },
    }).finally(() => (cancelled = true));
    await expect(run).rejects.toBe(fault);
    expect(started).toEqual([0, 1]);
    expect(cancelled).toBe(true);
  });

  test('an aborted run throws the reason and starts nothing more', async () => {
    const outer = new AbortController();
    const started: number[] = [];
    const reason = new Error('lock lost');
    const run = runDag({
      dependencies: [[], [0]],
      maxParallel: 1,
      signal: outer.signal,
      run: async (node) => {
        started.push(node);
        outer.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(started).toEqual([0]);
    await expect(
      runDag({ dependencies: [[]], maxParallel: 1, signal: outer.signal, run: async () => undefined }),
    ).rejects.toBe(reason);
  });
});

describe('looking for a cycle', () => {
  test('finds none where nodes wait only for earlier ones', () => {
    fc.assert(fc.property(dag, (graph) => expect(findCycle(graph)).toBeUndefined()));
  });

  test('a found cycle follows edges and comes back to its start', () => {
    const graph = fc.array(fc.array(fc.nat({ max: 7 }), { maxLength: 3 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(graph, (edges) => {
        const cycle = findCycle(edges);
        if (cycle === undefined) return;
        expect(cycle.at(0)).toBe(cycle.at(-1));
        cycle.slice(1).forEach((node, index) => expect(edges[cycle[index]!]).toContain(node));
      }),
    );
  });

  test('a chain of 100,000 nodes is no problem', () => {
    const chain = Array.from({ length: 100_000 }, (_, node) => (node === 0 ? [] : [node - 1]));
    expect(findCycle(chain)).toBeUndefined();
    expect(findCycle([[99_999], ...chain.slice(1)])).toHaveLength(100_001);
  });
});
