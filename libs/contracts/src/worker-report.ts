import { z } from 'zod';

/** Entries of each list in a report: a report is bounded, however bad a worker's day is. */
const MOST = 20;

/** What a worker says of itself every few seconds, so that a run's fate can be explained. No client's data. */
export const WorkerReportSchema = z.object({
  concurrency: z.number().int(),
  active_jobs: z.number().int(),
  lock_seconds: z.number(),
  max_attempts: z.number().int(),
  /** The longest that the event loop stood still since the report before. */
  event_loop_lag_ms: z.number(),
  /** Long standstills, with when they ended. */
  event_loop_blocks: z.array(z.object({ at: z.iso.datetime(), ms: z.number() })).max(MOST),
  locks_renewed_at: z.iso.datetime().nullable(),
  lock_renewals_failed: z.array(z.iso.datetime()).max(MOST),
  breakers: z
    .array(z.object({ agent_name: z.string(), state: z.enum(['closed', 'open', 'half_open']) }))
    .max(100),
});
export type WorkerReport = z.infer<typeof WorkerReportSchema>;
