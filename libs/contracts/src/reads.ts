import { z } from 'zod';

/**
 * One thing that a capability read from the world: what was asked (`key`), what was answered (`hash` of its
 * canonical form), who vouches for it (`source`), and the oldest day it rests on (`value_date`).
 */
export const ReadSchema = z.object({
  kind: z.enum(['price', 'rate', 'ledger', 'source']),
  key: z.string(),
  hash: z.string(),
  sources: z.array(z.string()),
  value_date: z.string().nullable(),
});
export type Read = z.infer<typeof ReadSchema>;

/** What a finished step leaves behind: from it follow provenance, rights, freshness, caching and comparison. */
export const StepRecordSchema = z.object({
  step_index: z.number().int(),
  step_id: z.string(),
  capability: z.string(),
  agent_name: z.string(),
  agent_version: z.string(),
  /** The ids of the steps whose results this step's arguments use. */
  depends_on: z.array(z.string()),
  args_hash: z.string(),
  reads: z.array(ReadSchema),
  result_hash: z.string(),
});
export type StepRecord = z.infer<typeof StepRecordSchema>;

/** A step whose condition did not hold: its null rests on what the condition asked. */
export const SkippedStepSchema = z.object({ step_id: z.string(), depends_on: z.array(z.string()) });
export type SkippedStep = z.infer<typeof SkippedStepSchema>;

/** The pins and the join of the steps' records: what a result rests on. */
export const ProvenanceSchema = z.object({
  pattern_id: z.string(),
  pattern_version: z.string(),
  pricing_pack_id: z.string(),
  pricing_pack_hash: z.string(),
  ledger_commit_hash: z.string(),
  asof_date: z.string(),
  sources: z.array(z.string()),
  oldest_value_date: z.string().nullable(),
  /** Plugins that the ledger names and that were not run. */
  ledger_plugins_not_run: z.array(z.string()),
  steps: z.array(StepRecordSchema),
  /** Absent on results of earlier versions, as `outputs`. */
  skipped: z.array(SkippedStepSchema).optional(),
  /** The step behind each figure of the result, by its name. */
  outputs: z.record(z.string(), z.string()).optional(),
});
export type Provenance = z.infer<typeof ProvenanceSchema>;
