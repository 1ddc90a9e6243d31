import { z } from 'zod';
import { JsonValueSchema } from './json';
import { IsoDateSchema } from './iso-date';
import { AwaitingPackSchema, RunStatusSchema } from './run';

/** Lower-case words: `portfolio_overview`. */
export const PatternIdSchema = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, {
  error: 'must be a pattern id: lower-case letters, digits and _, 64 at most',
});
export const PortfolioIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, {
  error: 'must be a portfolio id: letters, digits, _ . -, 64 at most',
});
/** `PP_YYYY-MM-DD`, with an optional policy suffix. */
export const PackIdSchema = z.string().regex(/^PP_\d{4}-\d{2}-\d{2}(_[A-Z0-9]{1,24})?$/, {
  error: 'must be a pack id such as PP_2025-10-22',
});
/** A git ref: a branch, a tag or a commit; never an option, a path or an address. */
export const LedgerRefSchema = z
  .string()
  .max(200)
  .regex(/^(?!.*(\.\.|\/\/|@\{|\.lock(\/|$)))[A-Za-z0-9][A-Za-z0-9._/-]*$/, {
    error: 'must be a branch, a tag or a commit',
  });

/** The body of `POST /v1/execute`. */
export const ExecuteRequestSchema = z.strictObject({
  pattern_id: PatternIdSchema,
  inputs: z.record(z.string().max(64), JsonValueSchema).default({}),
  portfolio_id: PortfolioIdSchema.optional(),
  asof_date: IsoDateSchema.optional(),
  pricing_pack_id: PackIdSchema.optional(),
  ledger_ref: LedgerRefSchema.optional(),
  allow_stale: z.boolean().default(false),
  /** Basis points that prices older than allowed may have moved the portfolio's value by: it decides instead of their age. */
  max_staleness_bps: z.number().min(0).max(10_000).optional(),
  /** Where the pack is not fresh, the run is accepted and waits for the build that mends it. */
  wait_for_fresh: z.boolean().default(false),
  /** How long, at most; the configuration's default when absent. */
  wait_for_fresh_seconds: z.int().min(1).max(86_400).optional(),
});
export type ExecuteRequest = z.output<typeof ExecuteRequestSchema>;
export type ExecuteRequestBody = z.input<typeof ExecuteRequestSchema>;

/** The answer to an accepted submission (202): the run as it stands, and where to follow it. */
export const AcceptedRunSchema = z.object({
  run_id: z.uuid(),
  status: RunStatusSchema,
  pattern_id: z.string(),
  asof_date: z.string(),
  pricing_pack_id: z.string(),
  pack_status: z.string(),
  ledger_commit_hash: z.string(),
  request_id: z.string(),
  trace_id: z.string().nullable(),
  awaiting: AwaitingPackSchema.nullish(),
  links: z.object({ self: z.string(), events: z.string(), cancel: z.string() }),
});
export type AcceptedRun = z.infer<typeof AcceptedRunSchema>;
