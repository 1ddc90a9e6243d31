import { z } from 'zod';
import { RunStatusSchema } from './run';

/** Why a run is where it is, or went as it did; each has words and, where something can be done, a next step. */
export const RUN_CAUSES = [
  'just_accepted',
  'waits_in_line',
  'no_worker',
  'queue_unreachable',
  'job_missing',
  'waits_for_retry',
  'circuit_open',
  'running',
  'worker_silent',
  'worker_lost',
  'worker_restarted',
  'event_loop_blocked',
  'lock_renewal_failed',
  'taken_over',
  'attempt_failed',
  'given_back',
  'failed',
  'cancelled',
  'slow_queue',
  'slow_step',
  'as_usual',
] as const;
export const RunCauseSchema = z.enum(RUN_CAUSES);
export type RunCause = z.infer<typeof RunCauseSchema>;

export const RunFindingSchema = z.object({
  cause: RunCauseSchema,
  says: z.string(),
  next_step: z.string().nullable().describe('What to do about it; null where there is nothing to do.'),
});
export type RunFinding = z.infer<typeof RunFindingSchema>;

export const JOB_STATES = ['waiting', 'active', 'delayed', 'finished', 'missing', 'unreachable'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** The answer of `GET /v1/runs/{run_id}/explain`: findings in words, the main one first, and the figures behind them. */
export const RunExplanationSchema = z.object({
  run_id: z.uuid(),
  status: RunStatusSchema,
  summary: z.string(),
  findings: z.array(RunFindingSchema),
  queue: z.object({
    job: z.enum(JOB_STATES).describe('What the queue says of the run’s job.'),
    position: z.number().int().nullable().describe('1 is next; null when the run does not wait in line.'),
    waited_seconds: z.number().describe('From acceptance to the first attempt, or until now.'),
  }),
  workers: z.object({
    alive: z.number().int(),
    concurrency: z.number().int(),
    active_jobs: z.number().int(),
  }),
  attempts: z.array(
    z.object({
      attempt: z.number().int(),
      worker_id: z.string(),
      started_at: z.iso.datetime(),
      ended_at: z.iso.datetime().nullable(),
      ended_as: z.string().nullable(),
      worker: z
        .object({
          reported_at: z.iso.datetime(),
          event_loop_lag_ms: z.number().describe('The longest during the attempt, or of the last report.'),
          locks_renewed_at: z.iso.datetime().nullable(),
          lock_renewals_failed: z.number().int().describe('During the attempt.'),
        })
        .nullable(),
    }),
  ),
  breakers: z.array(z.object({ agent_name: z.string(), state: z.enum(['closed', 'open', 'half_open']) })),
  slowest_step: z
    .object({
      step_id: z.string(),
      capability: z.string(),
      duration_ms: z.number(),
      usual_ms: z.number().nullable().describe('The median of past runs of this version of the pattern.'),
      usual_p95_ms: z.number().nullable(),
      past_runs: z.number().int(),
    })
    .nullable(),
});
export type RunExplanation = z.infer<typeof RunExplanationSchema>;
