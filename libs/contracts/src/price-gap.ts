import { z } from 'zod';
import { IsoDateSchema } from './iso-date';

/** Prices of a commodity, or rates of a pair, that a portfolio's answers need and a pack does not have. */
export const PriceGapSchema = z.object({
  kind: z.enum(['price', 'rate']),
  /** The commodity; of a rate, the money that is priced. */
  commodity: z.string(),
  /** What it is to be priced in. */
  currency: z.string(),
  from: IsoDateSchema,
  to: IsoDateSchema,
  why: z.string(),
  /** What the ledger's commodity directive says it is quoted at (`price: "USD:yahoo/AAPL"`). */
  quoted_at: z.string().nullable(),
});
export type PriceGap = z.infer<typeof PriceGapSchema>;

export const PriceGapsSchema = z.object({
  /** Null where there is no pack yet: then everything is missing. */
  pack_id: z.string().nullable(),
  portfolio_id: z.string().nullable(),
  gaps: z.array(PriceGapSchema),
});
export type PriceGaps = z.infer<typeof PriceGapsSchema>;

/** A portfolio that a request may name. */
export const PortfolioSummarySchema = z.object({
  portfolio_id: z.string(),
  name: z.string(),
  base_currency: z.string(),
});
export type PortfolioSummary = z.infer<typeof PortfolioSummarySchema>;
