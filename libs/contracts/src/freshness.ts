import { z } from 'zod';
import { IsoDateSchema } from './iso-date';
import { JsonValueSchema } from './json';

/** A price or a rate that is missing or too old. */
export const NeededQuoteSchema = z.object({
  kind: z.enum(['price', 'rate']),
  /** `NWND`, or `USD CAD`. */
  name: z.string(),
  /** The day that is wanted. */
  date: z.string(),
  /** The newest day that the pack has; null for none. */
  last_date: z.string().nullable(),
});

/** What a refusal for lack of freshness asks for: the prices, and the pack build that brings them. */
export const RepairOrderSchema = z.object({
  pack_id: z.string(),
  needed: z.array(NeededQuoteSchema),
  /** A request that can be sent as it is. */
  build: z.object({
    method: z.literal('POST'),
    path: z.literal('/v1/packs'),
    body: z.record(z.string(), JsonValueSchema),
  }),
  command: z.string(),
});
export type RepairOrder = z.infer<typeof RepairOrderSchema>;

/** What the gate found when it let a run pass: how much of its portfolio's value rests on prices older than allowed. */
export const RunFreshnessSchema = z.object({
  /** The day that ages were counted to. */
  asked: z.string(),
  pack_age_business_days: z.number().int(),
  base_currency: z.string(),
  /** Part of the gross value, from 0 to 1. */
  stale_share: z.string(),
  /** What the stale prices can have moved the value by, in basis points of it; null where that cannot be said. */
  bound_bp: z.string().nullable(),
  /** How often the bound is to hold. */
  confidence: z.string(),
  /** The limit that was in force; null for none. */
  max_staleness_bps: z.string().nullable(),
  /** Whether any age was allowed. */
  allow_stale: z.boolean(),
  needed: z.array(NeededQuoteSchema),
});
export type RunFreshness = z.infer<typeof RunFreshnessSchema>;

/** What a request asks of the gate; stored with its run, so that it is asked the same again. */
export const GateTermsSchema = z.object({
  pack_id: z.string().nullable(),
  /** The day that the request named. */
  asof_date: IsoDateSchema.nullable(),
  allow_stale: z.boolean(),
  /** A decimal; null: the configuration decides. */
  max_staleness_bps: z.string().nullable(),
  /** How long the run may wait for a fresh pack; null: not at all. */
  wait_seconds: z.number().int().nullable(),
});
export type GateTerms = z.output<typeof GateTermsSchema>;
