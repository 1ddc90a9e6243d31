import { PackSummarySchema, PatternDefinitionSchema, RunSchema } from '@dawsos/contracts';
import { z } from 'zod';

export const RunPageSchema = z.looseObject({
  runs: z.array(RunSchema),
  next_page_token: z.string().nullish(),
});

export const PatternListSchema = z.looseObject({
  patterns: z.array(
    z.looseObject({ id: z.string(), version: z.string(), name: z.string(), description: z.string() }),
  ),
});

/** Read leniently: a newer server may know more than this client. */
export const PatternSchema = PatternDefinitionSchema.partial({ steps: true }).loose();

export const PackListSchema = z.looseObject({ packs: z.array(PackSummarySchema) });

/** A span as it is stored with its run: times in microseconds since the epoch or ISO text. */
export const StoredSpanSchema = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string().nullable(),
  name: z.string(),
  kind: z.string(),
  service: z.string(),
  start_us: z.number(),
  duration_us: z.number(),
  status: z.string(),
  attributes: z.record(z.string(), z.json()),
});
export type StoredSpan = z.infer<typeof StoredSpanSchema>;
export const TraceSchema = z.looseObject({ spans: z.array(StoredSpanSchema) });
