import type { RunExplanation, RunFinding, RunStep } from '@dawsos/contracts';
import type { RunFacts } from './facts';
import { between, count, duration } from './words';

/** Fewer past runs say too little. */
const ENOUGH_RUNS = 3;
/** A step is slow when it takes twice its median, its 95th percentile, and this much longer than usual. */
const WORTH_A_WORD_MS = 50;
const LONG_WAIT_MS = 1_000;

type Slowest = NonNullable<RunExplanation['slowest_step']>;

/** The step that took, or has been taking, longest. */
export function slowestStep(facts: RunFacts): Slowest | null {
  const timed = facts.run.steps.map((step) => ({ step, ms: elapsedMs(step, facts.now) }));
  const [slowest] = timed.filter(({ ms }) => ms !== null).sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0));
  if (slowest?.ms === undefined || slowest.ms === null) return null;
  const usual = facts.usual.get(slowest.step.step_index);
  return {
    step_id: slowest.step.step_id,
    capability: slowest.step.capability,
    duration_ms: slowest.ms,
    usual_ms: usual?.medianMs ?? null,
    usual_p95_ms: usual?.p95Ms ?? null,
    past_runs: usual?.runs ?? 0,
  };
}

export function howFastItWent(facts: RunFacts): RunFinding[] {
  return [...longWait(facts), ...stepSpeed(facts)];
}

function elapsedMs(step: RunStep, now: Date): number | null {
  if (step.duration_ms !== null) return step.duration_ms;
  return step.status === 'running' && step.started_at !== null ? between(step.started_at, now) : null;
}

function longWait({ run, now }: RunFacts): RunFinding[] {
  if (run.started_at === null) return [];
  const waitedMs = between(run.created_at, run.started_at);
  const ranMs = between(run.started_at, run.finished_at ?? now);
  if (waitedMs < LONG_WAIT_MS || waitedMs < ranMs) return [];
  return [
    {
      cause: 'slow_queue',
      says: `It waited ${duration(waitedMs)} for a worker and ran ${duration(ranMs)}: the time went into waiting.`,
      next_step: 'If runs often wait (dawsos_queue_wait_seconds), add worker processes.',
    },
  ];
}

function stepSpeed(facts: RunFacts): RunFinding[] {
  const slowest = slowestStep(facts);
  if (slowest === null) return [];
  const { step_id, capability, duration_ms: ms, usual_ms, usual_p95_ms, past_runs } = slowest;
  const name = `The slowest step, ${step_id} (${capability}), took ${duration(ms)}`;
  if (usual_ms === null || usual_p95_ms === null || past_runs < ENOUGH_RUNS) {
    return [
      {
        cause: 'as_usual',
        says: `${name}; too few past runs (${String(past_runs)}) say what is usual.`,
        next_step: null,
      },
    ];
  }
  const against = `${duration(usual_ms)} (95 % within ${duration(usual_p95_ms)}) in ${count(past_runs, 'past run')}`;
  const isSlow = ms >= 2 * usual_ms && ms >= usual_p95_ms && ms - usual_ms >= WORTH_A_WORD_MS;
  if (!isSlow) return [{ cause: 'as_usual', says: `${name}; usual is ${against}.`, next_step: null }];
  return [
    {
      cause: 'slow_step',
      says: `${name}, ${(ms / usual_ms).toFixed(1)} times its usual ${against}.`,
      next_step: `See where the time went below it: dawsos runs show ${facts.run.run_id}. If all steps are slow, the worker's machine is busy.`,
    },
  ];
}
