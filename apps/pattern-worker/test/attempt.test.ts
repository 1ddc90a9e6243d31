import { type Agent, defineCapability } from '@dawsos/agents';
import { DawsosError, sha256Hex } from '@dawsos/contracts';
import { traceContext } from '@dawsos/observability';
import type { ReceivedSpan } from '@dawsos/testing';
import { z } from 'zod';
import { startWorkerRig } from './worker-rig';

jest.setTimeout(60_000);

/** An agent whose steps wait until the test lets them go, or until they are told to stop. */
function gatedAgent() {
  let arrived = (): void => undefined;
  let open = (): void => undefined;
  const reached = new Promise<void>((resolve) => (arrived = resolve));
  const gate = new Promise<void>((resolve) => (open = resolve));
  const agent: Agent = {
    name: 'gate',
    version: '1',
    capabilities: [
      defineCapability({
        name: 'test.wait',
        description: 'Waits',
        args: z.strictObject({}),
        result: z.strictObject({ done: z.boolean() }),
        run: async (_args, { signal }) => {
          arrived();
          await Promise.race([
            gate,
            new Promise((_, reject) =>
              signal.addEventListener('abort', () => reject(signal.reason as Error)),
            ),
          ]);
          return { done: true };
        },
      }),
    ],
  };
  return { agent, reached, open: () => open() };
}

const WAITING = {
  id: 'waiting',
  version: '1.0.0',
  name: 'Waiting',
  description: 'Waits for the test',
  steps: [
    { id: 'wait', capability: 'test.wait', as: 'wait' },
    { id: 'positions', capability: 'ledger.positions', as: 'positions', depends_on: ['wait'] },
  ],
  outputs: ['wait', 'positions'],
};

/** The steps of portfolio_overview that do not run where no benchmark is named. */
const SKIPPED = [{ step_id: 'compare_benchmark', status: 'skipped' }];

describe('a run, from its acceptance to its outcome, on the example ledger', () => {
  let rig: Awaited<ReturnType<typeof startWorkerRig>>;
  beforeAll(async () => {
    rig = await startWorkerRig();
  });
  afterAll(() => rig.stop());

  test('portfolio_overview succeeds with its data, steps, events and provenance', async () => {
    const worker = await rig.startWorker();
    const runId = await rig.accept(worker.patterns, 'portfolio_overview');
    await worker.attempt(runId);
    const run = await rig.get(runId);
    expect(run).toMatchObject({ status: 'succeeded', attempts: 1 });
    expect(Object.keys(run.data!)).toEqual(
      expect.arrayContaining(['valued_positions', 'perf_metrics', 'risk']),
    );
    expect(run.data_hash).toBe(sha256Hex((await rig.result(runId))!));
    expect(run.steps.filter(({ status }) => status !== 'succeeded')).toMatchObject(SKIPPED);
    expect(run.provenance).toMatchObject({
      pricing_pack_hash: rig.pack.content_hash,
      ledger_commit_hash: rig.commit,
      sources: expect.arrayContaining(['ledger']) as unknown,
    });
    expect(run.provenance!.steps).toHaveLength(run.steps.length - SKIPPED.length);
    expect(run.provenance!.steps[0]!.reads.length).toBeGreaterThan(0);
    const events = await rig.events(runId);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ type }) => type === 'run.finished')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'step.finished')).toHaveLength(run.steps.length);
  });

  test('each step and its agent have a span below the attempt, with the attributes of the run', async () => {
    const worker = await rig.startWorker();
    const runId = await rig.accept(worker.patterns, 'portfolio_overview');
    const traceId = await traceContext('attempt', {}, async (span) => {
      await worker.attempt(runId);
      return span.spanContext().traceId;
    });
    const { steps: planned } = worker.patterns.get('portfolio_overview')!;
    const steps = planned.filter(({ id }) => !SKIPPED.some((skipped) => skipped.step_id === id));
    const ofRun = (spans: readonly ReceivedSpan[]) => spans.filter((span) => span.traceId === traceId);
    await rig.traces.until((spans) => ofRun(spans).length >= 2 * steps.length + 1);
    const [root] = rig.traces.tree(traceId);
    expect(root!.children.map(({ span }) => span.name).sort()).toEqual(
      steps.map(({ index }) => `step_${index}`).sort(),
    );
    for (const { span, children } of root!.children) {
      const { index, capability } = steps.find((step) => span.name === `step_${step.index}`)!;
      const ofTheRun = {
        pattern_id: 'portfolio_overview',
        pricing_pack_id: 'PP_2025-10-22',
        ledger_commit_hash: rig.commit,
        request_id: 'req-1',
        user_id: expect.stringMatching(/^[0-9a-f]{8}$/) as unknown,
      };
      expect(span).toMatchObject({
        kind: 'INTERNAL',
        attributes: { ...ofTheRun, step_index: index, capability },
      });
      expect(children.map((child) => child.span.name)).toEqual(['agent_execute']);
      expect(children[0]!.span.attributes).toMatchObject({
        ...ofTheRun,
        agent_name: 'financial_analyst',
        capability,
      });
    }
  });

  test('gives the same bytes with the step cache off, on, and shared between workers', async () => {
    const plain = await rig.startWorker();
    const memory = await rig.startWorker({ stepCache: 'memory' });
    const [first, second] = [
      await rig.startWorker({ stepCache: 'shared' }),
      await rig.startWorker({ stepCache: 'shared' }),
    ];
    const bytes: (string | undefined)[] = [];
    const cached: boolean[] = [];
    for (const worker of [plain, memory, memory, first, second]) {
      const runId = await rig.accept(worker.patterns, 'portfolio_overview', { lookback_days: 90 });
      await worker.attempt(runId);
      bytes.push(await rig.result(runId));
      cached.push(
        (await rig.get(runId)).steps.every(
          ({ status, cached: isCached }) => isCached || status === 'skipped',
        ),
      );
    }
    expect(bytes[0]).toContain('valued_positions');
    expect(new Set(bytes).size).toBe(1);
    expect(cached).toEqual([false, false, true, false, true]);
  });

  test('a cancellation reaches the step at work, and the run stays cancelled', async () => {
    const { agent, reached } = gatedAgent();
    const worker = await rig.startWorker({ agents: [agent], patterns: [WAITING] });
    const runId = await rig.accept(worker.patterns, 'waiting');
    const attempt = worker.attempt(runId);
    const ended = expect(attempt).rejects.toMatchObject({ code: 'run_cancelled' });
    await reached;
    expect(await rig.cancel(runId)).toBe(true);
    await ended;
    expect((await rig.get(runId)).status).toBe('cancelled');
  });

  test('a run taken over by another worker has one outcome; the first attempt is told and drops its work', async () => {
    const slow = gatedAgent();
    const quick = gatedAgent();
    quick.open();
    const stalled = await rig.startWorker({ agents: [slow.agent], patterns: [WAITING] });
    const other = await rig.startWorker({ agents: [quick.agent], patterns: [WAITING] });
    const runId = await rig.accept(stalled.patterns, 'waiting');
    const first = expect(stalled.attempt(runId)).rejects.toMatchObject({ code: 'lock_lost' });
    await slow.reached;
    await other.attempt(runId);
    await first;
    const run = await rig.get(runId);
    expect(run).toMatchObject({ status: 'succeeded', attempts: 2 });
    const events = await rig.events(runId);
    expect(events.filter(({ type }) => type === 'run.finished')).toHaveLength(1);
  });

  test('a shutdown gives the run back, and another worker completes it', async () => {
    const { agent, reached, open } = gatedAgent();
    const worker = await rig.startWorker({ agents: [agent], patterns: [WAITING] });
    const runId = await rig.accept(worker.patterns, 'waiting');
    const controller = new AbortController();
    const attempt = expect(worker.attempt(runId, controller.signal)).rejects.toMatchObject({
      code: 'shutting_down',
    });
    await reached;
    controller.abort(new DawsosError('shutting_down', 'stopping'));
    await attempt;
    expect((await rig.get(runId)).status).toBe('accepted');
    open();
    await worker.attempt(runId);
    expect(await rig.get(runId)).toMatchObject({ status: 'succeeded', attempts: 2 });
  });

  test('a run that ends its worker each time fails at the cap', async () => {
    const gate = gatedAgent();
    const options = { maxAttempts: 2, agents: [gate.agent], patterns: [WAITING] };
    const worker = await rig.startWorker(options);
    const runId = await rig.accept(worker.patterns, 'waiting');
    const lost: Promise<void>[] = [];
    // Two attempts that are not heard of again before the third is made, as after a process exit.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const dying = await rig.startWorker(options);
      lost.push(expect(dying.attempt(runId)).rejects.toMatchObject({ code: 'lock_lost' }));
      while ((await rig.get(runId)).attempts < attempt) await new Promise(setImmediate);
    }
    await expect(worker.attempt(runId)).rejects.toMatchObject({ code: 'attempts_exhausted' });
    expect(await rig.get(runId)).toMatchObject({ status: 'failed', error: { code: 'attempts_exhausted' } });
    await Promise.all(lost);
  });
});
