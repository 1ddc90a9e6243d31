import { z } from 'zod';

export const PACK_STATUSES = ['warming', 'fresh', 'error', 'stale'] as const;
export const PackStatusSchema = z.enum(PACK_STATUSES);
export type PackStatus = z.infer<typeof PackStatusSchema>;

/** A pricing pack without its rows. */
export const PackSummarySchema = z.object({
  pack_id: z.string(),
  asof_date: z.string(),
  policy: z.string(),
  status: PackStatusSchema,
  content_hash: z.string().nullable(),
  created_at: z.iso.datetime(),
  built_at: z.iso.datetime().nullable(),
  superseded_by: z.string().nullable(),
  price_count: z.number().int(),
  rate_count: z.number().int(),
  sources: z.array(z.string()),
  error_code: z.string().nullable(),
});
export type PackSummary = z.infer<typeof PackSummarySchema>;
