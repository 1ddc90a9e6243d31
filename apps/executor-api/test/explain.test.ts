import {
  DawsosError,
  RunExplanationSchema,
  toProblem,
  type RunExplanation,
  type WorkerReport,
} from '@dawsos/contracts';
import { createWorkerVitalsStore, type StepUpdate, type WorkerVitalsStore } from '@dawsos/runs';
import { startKeyedApi, type KeyedApi } from './keyed-api';

const REPORT: WorkerReport = {
  concurrency: 2,
  active_jobs: 2,
  lock_seconds: 10,
  max_attempts: 2,
  event_loop_lag_ms: 1,
  event_loop_blocks: [],
  locks_renewed_at: null,
  lock_renewals_failed: [],
  breakers: [{ agent_name: 'financial_analyst', state: 'open' }],
};
const step = (durationMs: number): StepUpdate => ({
  step_index: 0,
  status: 'succeeded',
  cached: false,
  error_code: null,
  durationMs,
});

let api: KeyedApi;
let vitals: WorkerVitalsStore;
beforeAll(async () => {
  api = await startKeyedApi();
  vitals = createWorkerVitalsStore(api.harness.database.database);
});
afterAll(() => api.stop());
beforeEach(() => query('delete from worker_vitals'));

async function query(text: string, values: readonly unknown[] = []): Promise<void> {
  await api.harness.database.database.pool.query(text, [...values]);
}
async function explain(runId: string): Promise<RunExplanation> {
  const answer = await api.get(`/v1/runs/${runId}/explain`);
  expect(answer.status).toBe(200);
  return RunExplanationSchema.parse(await answer.json());
}
const causes = (explanation: RunExplanation) => explanation.findings.map(({ cause }) => cause);
const start = async (runId: string, workerId: string): Promise<number> =>
  (await api.harness.execution.start(runId, { workerId, traceparent: null }))?.attempt ?? 0;
const silence = (workerId: string) =>
  query(`update worker_vitals set reported_at = now() - interval '1 minute' where worker_id = $1`, [
    workerId,
  ]);

describe('a run that waits', () => {
  it('says that no worker is there, then its place in the line, then that the queue is away', async () => {
    const ids = [await api.accept(), await api.accept(), await api.accept()];
    const last = ids[2] ?? '';
    await query(
      `update run set created_at = created_at - interval '5 seconds' where run_id = any($1::uuid[])`,
      [ids],
    );
    expect(causes(await explain(last))).toEqual(['no_worker']);

    await vitals.started('busy:1', REPORT);
    const waiting = await explain(last);
    expect(causes(waiting)).toEqual(['waits_in_line', 'circuit_open']);
    expect(waiting.queue).toMatchObject({ job: 'waiting', position: 3 });
    expect(waiting.workers).toEqual({ alive: 1, concurrency: 2, active_jobs: 2 });
    expect(waiting.findings[0]?.next_step).toMatch(/add worker processes/);

    await api.redis.kill();
    expect(causes(await explain(last))).toEqual(['queue_unreachable', 'circuit_open']);
    await api.redis.restart();
  });

  it('says when it is tried again, and why it has to be', async () => {
    const runId = await api.accept();
    await vitals.started('busy:1', { ...REPORT, breakers: [] });
    const attempt = await start(runId, 'busy:1');
    await api.harness.execution.release(runId, attempt, { code: 'agent_failed', message: '' }, 60_000);
    const explanation = await explain(runId);
    // Its job was not taken here, so the queue still has it: the run waits there, after an attempt that failed.
    expect(causes(explanation)).toEqual(['waits_in_line', 'attempt_failed']);
    expect(explanation.attempts).toMatchObject([
      { attempt: 1, worker_id: 'busy:1', ended_as: 'agent_failed' },
    ]);
  });
});

describe('a run in the hands of a worker', () => {
  it('has stalled when the worker is silent, and was lost once another has it', async () => {
    const runId = await api.accept();
    await vitals.started('first:1', { ...REPORT, locks_renewed_at: new Date().toISOString() });
    await start(runId, 'first:1');
    expect(causes(await explain(runId))).toContain('running');
    await silence('first:1');
    const stalled = await explain(runId);
    expect(causes(stalled)).toContain('worker_silent');
    expect(stalled.summary).toMatch(/stalled/);

    await start(runId, 'second:1');
    expect(causes(await explain(runId))).toContain('worker_lost');
    await vitals.report('first:1', {
      ...REPORT,
      event_loop_blocks: [{ at: new Date().toISOString(), ms: 21_000 }],
    });
    const blocked = await explain(runId);
    expect(causes(blocked)).toContain('event_loop_blocked');
    expect(blocked.attempts[0]?.worker).toMatchObject({ event_loop_lag_ms: 21_000 });
  });
});

describe('a run that has ended', () => {
  async function finish(durationMs: number): Promise<string> {
    const runId = await api.accept();
    const attempt = await start(runId, 'done:1');
    await api.harness.execution.recordSteps(runId, attempt, [step(durationMs)]);
    await query(
      `with over as (
         update run set status = 'succeeded', finished_at = now(), next_check = null where run_id = $1)
       update run_attempt set ended_at = now(), ended_as = 'succeeded' where run_id = $1`,
      [runId],
    );
    return runId;
  }

  it('names its slowest step, against the usual time of past runs', async () => {
    for (const durationMs of [90, 100, 110]) await finish(durationMs);
    const explanation = await explain(await finish(700));
    expect(explanation.findings.at(-1)?.says).toMatch(
      /slowest step, lots \(ledger\.positions\), took 700 ms, 7\.0 times its usual 100 ms .* in 3 past runs/,
    );
    expect(causes(await explain(await finish(105)))).toEqual(['as_usual']);
  });

  it('says why it failed and what to do, and that it was cancelled', async () => {
    const failed = await api.accept();
    const attempt = await start(failed, 'done:1');
    const error = toProblem(new DawsosError('price_missing', 'there is no price'), {
      docsUrl: '/docs/errors',
    });
    await api.harness.execution.finish(failed, attempt, { status: 'failed', error, provenance: null });
    const explanation = await explain(failed);
    expect(explanation.findings[0]).toEqual({
      cause: 'failed',
      says: 'It failed with price_missing at attempt 1: there is no price',
      next_step: error.remedy,
    });
    const cancelled = await api.accept();
    await api.post(`/v1/runs/${cancelled}/cancel`);
    expect(causes(await explain(cancelled))).toEqual(['cancelled']);
  });
});
