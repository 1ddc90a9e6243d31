import { z } from 'zod';
import { IsoDateSchema } from './iso-date';
import { JsonValueSchema } from './json';

export const PACK_BUILD_STATES = ['queued', 'running', 'succeeded', 'failed'] as const;
export const PackBuildStateSchema = z.enum(PACK_BUILD_STATES);
export type PackBuildState = z.infer<typeof PackBuildStateSchema>;

/** What a running build is at, in this order. */
export const PACK_BUILD_PHASES = ['reading', 'reconciling', 'writing'] as const;
export const PackBuildPhaseSchema = z.enum(PACK_BUILD_PHASES);
export type PackBuildPhase = z.infer<typeof PackBuildPhaseSchema>;

const CommoditySchema = z.string().regex(/^\/?[A-Z][A-Z0-9'._-]{0,23}$/, {
  error: 'must be a commodity such as AAPL, or a currency such as USD',
});

/** A price that a build should bring: of a commodity, or of money the rate, on or before the day. */
export const WantedQuoteSchema = z.strictObject({ commodity: CommoditySchema, date: IsoDateSchema });
export type WantedQuote = z.output<typeof WantedQuoteSchema>;

export const PackPolicySchema = z
  .string()
  .regex(/^[A-Z0-9]{1,20}$/, { error: 'must be a policy: 1 to 20 upper-case letters and digits' })
  .regex(/^(?!.*D[1-9]\d{0,2}$)/, { error: 'must not end like a restatement (D and a number)' });

/** The body of `POST /v1/packs`. */
export const PackBuildRequestSchema = z.strictObject({
  /** Absent: the newest day that has prices. */
  asof_date: IsoDateSchema.optional(),
  policy: PackPolicySchema.optional(),
  /** Builds again where a pack is sealed; with another content, the new pack supersedes the old. */
  restate: z.strictObject({ reason: z.string().min(1).max(500) }).optional(),
  wanted: z.array(WantedQuoteSchema).max(10_000).optional(),
});
export type PackBuildRequest = z.output<typeof PackBuildRequestSchema>;

/** One build as the API shows it. */
export const PackBuildSchema = z.object({
  build_id: z.uuid(),
  state: PackBuildStateSchema,
  asof_date: z.string().nullable(),
  policy: z.string(),
  restate_reason: z.string().nullable(),
  /** The commit of the ledger that it is made from; null: the one that the builder finds. */
  ledger_commit_hash: z.string().nullable(),
  /** The pack that it builds, once that is known. */
  pack_id: z.string().nullable(),
  /** False when the pack was there already with this content. */
  created: z.boolean().nullable(),
  attempts: z.number().int(),
  phase: PackBuildPhaseSchema.nullable(),
  /** Rows written so far, of so many. */
  rows_done: z.number().int(),
  rows_total: z.number().int().nullable(),
  error_code: z.string().nullable(),
  error_detail: JsonValueSchema.nullable(),
  trace_id: z.string().nullable(),
  created_at: z.iso.datetime(),
  started_at: z.iso.datetime().nullable(),
  finished_at: z.iso.datetime().nullable(),
});
export type PackBuild = z.infer<typeof PackBuildSchema>;

/** What a build's event stream carries; `seq` counts from 1 without a gap and is the SSE id. */
export const PACK_BUILD_EVENT_TYPES = [
  'build.accepted',
  'build.started',
  'build.progress',
  'build.retried',
  'build.finished',
] as const;
export const PackBuildEventTypeSchema = z.enum(PACK_BUILD_EVENT_TYPES);
export type PackBuildEventType = z.infer<typeof PackBuildEventTypeSchema>;
export const PackBuildEventSchema = z.object({
  seq: z.number().int().positive(),
  type: PackBuildEventTypeSchema,
  at: z.iso.datetime(),
  data: z.record(z.string(), JsonValueSchema),
});
export type PackBuildEvent = z.infer<typeof PackBuildEventSchema>;

/** Whether a build will change no more. */
export function isBuildOver(state: PackBuildState): boolean {
  return state === 'succeeded' || state === 'failed';
}
