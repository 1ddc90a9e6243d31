import type { RunExplanation, RunFinding } from '@dawsos/contracts';
import { howAttemptsWent, troubleDuring } from './attempts';
import { isAlive, workerOf, type RunFacts } from './facts';
import { howFastItWent, slowestStep } from './speed';
import { whyItWaits } from './waiting';
import { between, count, duration } from './words';

/** Says why a run waits, stalled, was tried again, failed or was slow: pure, from the facts alone. */
export function explainRun(facts: RunFacts): RunExplanation {
  const { run, now } = facts;
  const alive = facts.workers.filter((worker) => isAlive(worker, now));
  const breakers = breakerStates(alive);
  const findings = [
    ...outcome(facts),
    ...whyItWaits(facts),
    ...openCircuits(facts, breakers),
    ...howAttemptsWent(facts),
    ...howFastItWent(facts),
  ];
  return {
    run_id: run.run_id,
    status: run.status,
    summary: summaryOf(facts, findings),
    findings,
    queue: {
      job: facts.job,
      position: run.status === 'accepted' && facts.job === 'waiting' ? facts.ahead + 1 : null,
      waited_seconds: between(run.created_at, run.started_at ?? run.finished_at ?? now) / 1000,
    },
    workers: {
      alive: alive.length,
      concurrency: alive.reduce((total, { report }) => total + report.concurrency, 0),
      active_jobs: alive.reduce((total, { report }) => total + report.active_jobs, 0),
    },
    attempts: attemptsOf(facts),
    breakers,
    slowest_step: slowestStep(facts),
  };
}

function outcome({ run }: RunFacts): RunFinding[] {
  if (run.status === 'cancelled') {
    return [{ cause: 'cancelled', says: 'It was cancelled by its owner.', next_step: null }];
  }
  if (run.status !== 'failed' || run.error === undefined) return [];
  const step = run.steps.find(({ status }) => status === 'failed');
  const where = step === undefined ? '' : ` in the step ${step.step_id} (${step.capability})`;
  return [
    {
      cause: 'failed',
      says: `It failed with ${run.error.code}${where} at attempt ${String(run.attempts)}: ${run.error.detail}`,
      next_step: run.error.remedy,
    },
  ];
}

/** The worst state of an agent that a living worker reports: each worker has breakers of its own. */
function breakerStates(alive: RunFacts['workers']): RunExplanation['breakers'] {
  const rank = { closed: 0, half_open: 1, open: 2 } as const;
  const worst = new Map<string, keyof typeof rank>();
  for (const { agent_name, state } of alive.flatMap(({ report }) => report.breakers)) {
    if (rank[state] >= rank[worst.get(agent_name) ?? 'closed']) worst.set(agent_name, state);
  }
  return [...worst].map(([agent_name, state]) => ({ agent_name, state }));
}

/** An open circuit matters to a run that is not done, or that it has failed. */
function openCircuits({ run }: RunFacts, breakers: RunExplanation['breakers']): RunFinding[] {
  const failedByIt = run.error?.code === 'circuit_open';
  if (run.finished_at !== null && !failedByIt) return [];
  return breakers
    .filter(({ state }) => state !== 'closed')
    .map(({ agent_name, state }) => ({
      cause: 'circuit_open',
      says: `The circuit breaker of the agent ${agent_name} is ${state === 'open' ? 'open' : 'half open'}: it failed several times in a row, so its steps are refused for a while.`,
      next_step: `Find why ${agent_name} fails (dawsos_executor_circuit_breaker_failures_total, the workers' logs); the breaker tries again by itself.`,
    }));
}

function attemptsOf(facts: RunFacts): RunExplanation['attempts'] {
  return facts.attempts.map((attempt) => {
    const worker = workerOf(facts, attempt);
    const { blockedMs, renewalsFailed } = troubleDuring(attempt, worker);
    return {
      attempt: attempt.attempt,
      worker_id: attempt.workerId,
      started_at: attempt.startedAt.toISOString(),
      ended_at: attempt.endedAt?.toISOString() ?? null,
      ended_as: attempt.endedAs,
      worker:
        worker === undefined
          ? null
          : {
              reported_at: worker.reportedAt.toISOString(),
              event_loop_lag_ms: Math.max(
                blockedMs,
                attempt.endedAt === null ? worker.report.event_loop_lag_ms : 0,
              ),
              locks_renewed_at: worker.report.locks_renewed_at,
              lock_renewals_failed: renewalsFailed,
            },
    };
  });
}

function summaryOf({ run, now }: RunFacts, findings: readonly RunFinding[]): string {
  const ageMs = between(run.created_at, run.finished_at ?? now);
  const causes = new Set(findings.map(({ cause }) => cause));
  const tries = run.attempts > 1 ? `, at attempt ${String(run.attempts)}` : '';
  switch (run.status) {
    case 'accepted':
      return `It waits, accepted ${duration(ageMs)} ago${run.attempts > 0 ? ` and attempted ${count(run.attempts, 'time')}` : ''}.`;
    case 'running':
      return causes.has('worker_silent')
        ? `It has stalled: its worker is silent${tries}.`
        : `It is running${tries}, accepted ${duration(ageMs)} ago.`;
    case 'succeeded':
      return `It succeeded in ${duration(ageMs)}${tries}${causes.has('slow_step') || causes.has('slow_queue') ? ', slower than it should' : ''}.`;
    case 'failed':
      return `It failed after ${duration(ageMs)}${tries}.`;
    case 'cancelled':
      return `It was cancelled after ${duration(ageMs)}${tries}.`;
  }
}
