import { z } from 'zod';
import { RunFreshnessSchema } from './freshness';
import { JsonValueSchema } from './json';
import { ProblemSchema } from './problem';
import { ProvenanceSchema } from './reads';

/** accepted (committed, waiting) → running → succeeded | failed | cancelled. */
export const RUN_STATUSES = ['accepted', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export const RunStatusSchema = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof RunStatusSchema>;
export const FINAL_RUN_STATUSES: readonly RunStatus[] = ['succeeded', 'failed', 'cancelled'];

export function isFinal(status: RunStatus): boolean {
  return FINAL_RUN_STATUSES.includes(status);
}

export const STEP_STATUSES = ['pending', 'running', 'succeeded', 'skipped', 'failed', 'cancelled'] as const;
export const StepStatusSchema = z.enum(STEP_STATUSES);
export type StepStatus = z.infer<typeof StepStatusSchema>;

export const RunStepSchema = z.object({
  step_index: z.number().int(),
  step_id: z.string(),
  capability: z.string(),
  status: StepStatusSchema,
  started_at: z.iso.datetime().nullable(),
  duration_ms: z.number().nullable(),
  cached: z.boolean(),
  error_code: z.string().nullable(),
});
export type RunStep = z.infer<typeof RunStepSchema>;

/** A figure that the rights of its sources keep back, and what would lift that. */
export const WithheldFigureSchema = z.object({
  figure: z.string(),
  sources: z.array(z.string()),
  blocks: z.array(z.object({ source: z.string(), reason: z.string(), remedy: z.string() })),
});

/** An accepted run that waits for a fresh pack, and until when at most. */
export const AwaitingPackSchema = z.object({ pack_id: z.string(), until: z.iso.datetime() });

/** A run as the API shows it. `data` stands only on a succeeded run, `error` only on a failed one. */
export const RunSchema = z.object({
  run_id: z.uuid(),
  status: RunStatusSchema,
  pattern_id: z.string(),
  pattern_version: z.string(),
  portfolio_id: z.string().nullable(),
  asof_date: z.string(),
  pricing_pack_id: z.string(),
  pack_status: z.string(),
  ledger_commit_hash: z.string(),
  request_id: z.string(),
  trace_id: z.string().nullable(),
  /** Present on a run that waits for a fresh pack: its status is `accepted`. */
  awaiting: AwaitingPackSchema.optional(),
  /** What the gate found; absent while the run waits. */
  freshness: RunFreshnessSchema.optional(),
  /** From when the gate would refuse the result; null where age never does: a day or a pack was named, or any age allowed. */
  valid_until: z.iso.datetime().nullable(),
  attempts: z.number().int(),
  created_at: z.iso.datetime(),
  started_at: z.iso.datetime().nullable(),
  finished_at: z.iso.datetime().nullable(),
  steps: z.array(RunStepSchema),
  data: z.record(z.string(), JsonValueSchema).optional(),
  /** With data: whether every figure could be told. What could not stands in the gaps of its result. */
  complete: z.boolean().optional(),
  data_hash: z.string().optional(),
  provenance: ProvenanceSchema.optional(),
  /** What must stand beside the figures that are shown. */
  attributions: z.array(z.string()).optional(),
  /** Figures that may not be displayed: null in `data`. `data_hash` is that of the whole result. */
  withheld: z.array(WithheldFigureSchema).optional(),
  error: ProblemSchema.optional(),
});
export type Run = z.infer<typeof RunSchema>;

/** What a run's event stream carries; `seq` numbers a run's events from 1 without a gap and is the SSE id. */
export const RUN_EVENT_TYPES = [
  'run.accepted',
  'run.awaiting_pack',
  'run.pack_ready',
  'run.started',
  'step.started',
  'step.finished',
  'run.finished',
] as const;
export const RunEventTypeSchema = z.enum(RUN_EVENT_TYPES);
export type RunEventType = z.infer<typeof RunEventTypeSchema>;
export const RunEventSchema = z.object({
  seq: z.number().int().positive(),
  type: RunEventTypeSchema,
  at: z.iso.datetime(),
  data: z.record(z.string(), JsonValueSchema),
});
export type RunEvent = z.infer<typeof RunEventSchema>;
