import type { RunFinding } from '@dawsos/contracts';
import { isAlive, workerOf, type AttemptFacts, type RunFacts, type WorkerFacts } from './facts';
import { between, duration } from './words';

/** A report may come a little before the next attempt tells that the lock was gone. */
const SLACK_MS = 10_000;

/** How each attempt but a successful one ended, and the one under way where something is wrong with it. */
export function howAttemptsWent(facts: RunFacts): RunFinding[] {
  return facts.attempts.flatMap((attempt) => {
    if (attempt.endedAt === null) return facts.run.status === 'running' ? inHand(facts, attempt) : [];
    if (attempt.endedAs === 'lock_lost') return [lost(facts, attempt)];
    if (attempt.endedAs === 'shutting_down') return [givenBack(attempt)];
    const isOutcome = attempt.attempt === facts.run.attempts && facts.run.finished_at !== null;
    return isOutcome ? [] : [retried(facts, attempt)];
  });
}

/** Says when the worker's event loop stood still during an attempt, and which renewals failed. */
export function troubleDuring(
  attempt: AttemptFacts,
  worker: WorkerFacts | undefined,
): { readonly blockedMs: number; readonly renewalsFailed: number } {
  const from = attempt.startedAt.getTime();
  const to = (attempt.endedAt?.getTime() ?? Infinity) + SLACK_MS;
  const blocks = (worker?.report.event_loop_blocks ?? []).filter(({ at, ms }) => {
    const end = Date.parse(at);
    return end >= from && end - ms <= to;
  });
  const failed = (worker?.report.lock_renewals_failed ?? []).map((at) => Date.parse(at));
  return {
    blockedMs: Math.max(0, ...blocks.map(({ ms }) => ms)),
    renewalsFailed: failed.filter((at) => at >= from && at <= to).length,
  };
}

function inHand(facts: RunFacts, attempt: AttemptFacts): RunFinding[] {
  const worker = workerOf(facts, attempt);
  const heldMs = between(attempt.startedAt, facts.now);
  const name = nameOf(attempt);
  if (worker === undefined || isAlive(worker, facts.now)) {
    const { blockedMs } = troubleDuring(attempt, worker);
    const now = {
      cause: 'running',
      says: `${name} has computed it for ${duration(heldMs)}.`,
      next_step: null,
    } as const;
    return blockedMs === 0 ? [now] : [now, blocked(name, blockedMs, worker, false)];
  }
  const lock = worker.report.lock_seconds;
  return [
    {
      cause: 'worker_silent',
      says: `${name} has it and has not reported for ${duration(between(worker.reportedAt, facts.now))}: the process is gone, stopped or blocked, or its database connection is.${renewed(worker)}`,
      next_step: `Nothing: another worker takes the run over once its lock has run out (${String(lock)} s) and a check has found it. If none does, start one.`,
    },
  ];
}

function lost(facts: RunFacts, attempt: AttemptFacts): RunFinding {
  const worker = workerOf(facts, attempt);
  const name = nameOf(attempt);
  const { blockedMs, renewalsFailed } = troubleDuring(attempt, worker);
  if (worker !== undefined && blockedMs > 0) return blocked(name, blockedMs, worker, true);
  if (renewalsFailed > 0) {
    return {
      cause: 'lock_renewal_failed',
      says: `${name} could not renew its lock, though its event loop ran: the queue was out of reach, or had lost the lock. Another took the run over.`,
      next_step:
        'Look at the connection between the workers and the queue in that minute, and whether Redis restarted or was flushed.',
    };
  }
  if (worker === undefined || (worker.stoppedAt === null && !isAlive(worker, facts.now))) {
    const since =
      worker === undefined
        ? ''
        : ` (its last report was ${duration(between(worker.reportedAt, facts.now))} ago)`;
    return {
      cause: 'worker_lost',
      says: `${name} was never heard of again${since}: its process ended without a word. The run was taken over.`,
      next_step:
        'See how the process ended: its log, its exit code, and whether the system killed it for memory.',
    };
  }
  if (worker.startedAt > attempt.startedAt) {
    return {
      cause: 'worker_restarted',
      says: `The process of ${name} ended and was started again while it had the run, which was taken over.`,
      next_step:
        'See why it was restarted: its log before the restart, and whether the system killed it for memory.',
    };
  }
  return {
    cause: 'taken_over',
    says: `${name} lost the run to another attempt after ${duration(between(attempt.startedAt, attempt.endedAt ?? facts.now))}; its late result, if any, was discarded.`,
    next_step: null,
  };
}

function blocked(name: string, ms: number, worker: WorkerFacts | undefined, wasLost: boolean): RunFinding {
  const lock =
    worker === undefined
      ? ''
      : `, longer than its lock of ${String(worker.report.lock_seconds)} s would bear`;
  const isLonger = worker !== undefined && ms >= worker.report.lock_seconds * 500;
  return {
    cause: 'event_loop_blocked',
    says: `The event loop of ${name} stood still for ${duration(ms)}${isLonger ? lock : ''}${wasLost ? ', so its lock was not renewed and another took the run over' : ''}.`,
    next_step:
      'Find what computes so long without a pause (the step that ran then, or a machine short of CPU); run fewer at once (WORKER_CONCURRENCY) or raise JOB_LOCK_SECONDS.',
  };
}

function givenBack(attempt: AttemptFacts): RunFinding {
  return {
    cause: 'given_back',
    says: `${nameOf(attempt)} was shutting down and gave the run back.`,
    next_step: null,
  };
}

function retried(facts: RunFacts, attempt: AttemptFacts): RunFinding {
  const code = attempt.endedAs ?? 'unknown';
  const took = duration(between(attempt.startedAt, attempt.endedAt ?? facts.now));
  return {
    cause: 'attempt_failed',
    says: `${nameOf(attempt)} failed with ${code} after ${took}, which may pass, so the run is tried again.`,
    next_step: `See the trace ("dawsos runs show ${facts.run.run_id}") and what ${code} means (/docs/errors#${code}).`,
  };
}

function renewed({ report }: WorkerFacts): string {
  return report.locks_renewed_at === null
    ? ''
    : ` Its locks were last renewed at ${report.locks_renewed_at}.`;
}

const nameOf = ({ attempt, workerId }: AttemptFacts): string => `Attempt ${String(attempt)} (${workerId})`;
