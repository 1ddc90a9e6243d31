import type { StepUpdate } from '@dawsos/runs';
import { createStepReporter } from './step-reporter';

function update(step_index: number, status: StepUpdate['status']): StepUpdate {
  return { step_index, status, cached: false, error_code: null, durationMs: null };
}

const names = (updates: readonly StepUpdate[]) =>
  updates.map(({ step_index, status }) => `${step_index} ${status}`);

/** Writes that the test answers; `next` resolves with the updates of the next one. */
function writes() {
  const made: { batch: readonly StepUpdate[]; answer: (held: boolean) => void; fail: () => void }[] = [];
  let wake = (): void => undefined;
  const record = (batch: readonly StepUpdate[]) =>
    new Promise<boolean>((resolve, reject) => {
      made.push({ batch, answer: resolve, fail: () => reject(new Error('down')) });
      wake();
    });
  return {
    record,
    count: () => made.length,
    next: async () => {
      if (made.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return made.shift()!;
    },
  };
}

describe('reporting steps', () => {
  test('what happens close together is one write, in its order', async () => {
    const { record, next } = writes();
    const steps = createStepReporter({ record, intervalMs: 5, onRefused: () => undefined });
    steps.report(update(0, 'running'));
    steps.report(update(1, 'running'));
    steps.report(update(0, 'succeeded'));
    const first = await next();
    expect(names(first.batch)).toEqual(['0 running', '1 running', '0 succeeded']);
    steps.report(update(1, 'succeeded'));
    first.answer(true);
    expect(names((await next()).batch)).toEqual(['1 succeeded']);
  });

  test('a run that is over before the first write leaves all of it to the outcome', async () => {
    const { record, count } = writes();
    const steps = createStepReporter({ record, intervalMs: 60_000, onRefused: () => undefined });
    steps.report(update(0, 'running'));
    steps.report(update(0, 'succeeded'));
    expect(names(await steps.drain())).toEqual(['0 running', '0 succeeded']);
    expect(count()).toBe(0);
  });

  test('draining waits for the write under way, and gives what came since', async () => {
    const { record, next } = writes();
    const steps = createStepReporter({ record, intervalMs: 1, onRefused: () => undefined });
    steps.report(update(0, 'running'));
    const first = await next();
    steps.report(update(0, 'succeeded'));
    const drained = steps.drain();
    first.answer(true);
    expect(names(await drained)).toEqual(['0 succeeded']);
  });

  test('a write that fails is tried again, with what came since', async () => {
    const { record, next } = writes();
    const steps = createStepReporter({ record, intervalMs: 1, onRefused: () => undefined });
    steps.report(update(0, 'running'));
    (await next()).fail();
    steps.report(update(0, 'succeeded'));
    expect(names((await next()).batch)).toEqual(['0 running', '0 succeeded']);
  });

  test('a refused write tells the attempt, once, and ends the reporting', async () => {
    let refused = 0;
    const { record, next, count } = writes();
    const steps = createStepReporter({ record, intervalMs: 1, onRefused: () => refused++ });
    steps.report(update(0, 'running'));
    (await next()).answer(false);
    await new Promise(setImmediate);
    steps.report(update(0, 'succeeded'));
    expect(await steps.drain()).toEqual([]);
    expect([refused, count()]).toEqual([1, 0]);
  });
});
