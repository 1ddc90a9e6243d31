import { z } from 'zod';

/**
 * The whole of a pattern job: a claim check, of which no part is a client's; the worker reads the run from the
 * database. Jobs of earlier versions carry more, which is left unread.
 */
export const PatternJobSchema = z.object({ run_id: z.uuid() });
export type PatternJob = z.infer<typeof PatternJobSchema>;

/** The whole of a pack job: a claim check of a build that stands in the database. */
export const PackJobSchema = z.strictObject({ build_id: z.uuid() });
export type PackJob = z.output<typeof PackJobSchema>;

/** What the schedule adds: build the newest day's pack, which only the builder can name. */
export const NewestPackJobSchema = z.strictObject({ newest: z.literal(true) });
export const PackQueueJobSchema = z.union([PackJobSchema, NewestPackJobSchema]);
export type PackQueueJob = z.output<typeof PackQueueJobSchema>;

export const PATTERN_QUEUE = 'patterns';
export const PACK_QUEUE = 'packs';
