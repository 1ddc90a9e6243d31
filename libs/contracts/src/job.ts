import { z } from 'zod';

/** The whole of a pattern job: a claim check. No client data ever goes here; the worker reads the run from the database. */
export const PatternJobSchema = z.strictObject({
  run_id: z.uuid(),
  pattern_id: z.string(),
  request_id: z.string(),
});
export type PatternJob = z.infer<typeof PatternJobSchema>;

export const PATTERN_QUEUE = 'patterns';
export const PACK_QUEUE = 'packs';
