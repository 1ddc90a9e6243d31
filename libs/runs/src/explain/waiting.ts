import type { RunFinding } from '@dawsos/contracts';
import { isAlive, type RunFacts } from './facts';
import { between, count, duration } from './words';

/** The sweeper gives a run without a job one a second after its acceptance, and looks twice a second. */
const SOON_MS = 2_000;

/** Why a run that no worker has now is not being computed. */
export function whyItWaits(facts: RunFacts): RunFinding[] {
  const { run, now, attempts } = facts;
  if (run.status !== 'accepted') return [];
  const pause = attempts.length === 0 ? undefined : waitsForRetry(facts);
  if (pause !== undefined) return [pause];
  const waitedMs = between(attempts.at(-1)?.endedAt ?? run.created_at, now);
  const alive = facts.workers.filter((worker) => isAlive(worker, now));
  if (alive.length === 0) {
    return [
      {
        cause: 'no_worker',
        says: `It has waited ${duration(waitedMs)} and no worker is alive${lastSeen(facts)}.`,
        next_step:
          'Start a worker (it is part of "dawsos up"), or see why those there do not come up: their logs and /readyz. The run is safe and will be taken.',
      },
    ];
  }
  if (facts.job === 'unreachable') {
    return [
      {
        cause: 'queue_unreachable',
        says: `It has waited ${duration(waitedMs)} and the queue does not answer, so no worker can be given it.`,
        next_step:
          'Bring the queue back (Redis at REDIS_URL, or the PostgreSQL that carries it). The run is committed; its job is added again by itself.',
      },
    ];
  }
  if (facts.job === 'missing' || facts.job === 'finished') return [withoutJob(facts, waitedMs)];
  return [inLine(facts, waitedMs, alive)];
}

function waitsForRetry({ attempts, nextCheck, now, workers, job }: RunFacts): RunFinding | undefined {
  const last = attempts.at(-1);
  if (last === undefined || nextCheck === null || job === 'waiting' || job === 'active') return undefined;
  const inMs = between(now, nextCheck);
  if (inMs <= 0) return undefined;
  const cap = Math.max(0, ...workers.map(({ report }) => report.max_attempts));
  const of = cap === 0 ? '' : ` of at most ${String(cap)}`;
  return {
    cause: 'waits_for_retry',
    says: `Attempt ${String(last.attempt)}${of} ended with ${last.endedAs ?? 'no word'}; the next begins in about ${duration(inMs)}.`,
    next_step: 'Nothing: it is tried again by itself. "dawsos runs watch" follows it.',
  };
}

function withoutJob({ nextCheck, now }: RunFacts, waitedMs: number): RunFinding {
  if (waitedMs < SOON_MS) return justAccepted(waitedMs);
  const soon = nextCheck === null ? 0 : Math.max(0, between(now, nextCheck));
  return {
    cause: 'job_missing',
    says: `It has waited ${duration(waitedMs)} and the queue has no job of it: the job was lost, or never added.`,
    next_step: `Nothing: the sweeper of the workers adds it again, in about ${duration(soon)}. If it says so for long, look for "sweep failed" in the workers' logs.`,
  };
}

function justAccepted(waitedMs: number): RunFinding {
  return {
    cause: 'just_accepted',
    says: `It was accepted ${duration(waitedMs)} ago and is on its way to a worker.`,
    next_step: null,
  };
}

function inLine(facts: RunFacts, waitedMs: number, alive: RunFacts['workers']): RunFinding {
  const room = sum(alive.map(({ report }) => report.concurrency));
  const active = sum(alive.map(({ report }) => report.active_jobs));
  if (facts.ahead === 0 && active < room && waitedMs < SOON_MS) return justAccepted(waitedMs);
  const blocked = Math.max(0, ...alive.map(({ report }) => report.event_loop_lag_ms));
  const lag = blocked < 1_000 ? '' : `; an event loop stood still for ${duration(blocked)} lately`;
  return {
    cause: 'waits_in_line',
    says:
      `It has waited ${duration(waitedMs)} and is number ${(facts.ahead + 1).toLocaleString('en')} in the queue; ` +
      `${count(alive.length, 'worker')} with room for ${count(room, 'run')} at once, ${String(active)} at work${lag}.`,
    next_step:
      active >= room
        ? 'The workers are full: add worker processes, or raise WORKER_CONCURRENCY where their CPU has room.'
        : 'The workers have room: if it does not start within seconds, look for "queue connection" in their logs.',
  };
}

function lastSeen({ workers, now }: RunFacts): string {
  const newest = workers.reduce<Date | undefined>(
    (latest, { reportedAt }) => (latest === undefined || reportedAt > latest ? reportedAt : latest),
    undefined,
  );
  return newest === undefined ? '' : `; the last one reported ${duration(between(newest, now))} ago`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
