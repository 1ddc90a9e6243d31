import type { Decimal, IsoDate } from '@dawsos/contracts';
import type { Confidence } from './daily-volatility';
import type { FreshnessPolicy } from './pack-age';

export interface Holding {
  readonly commodity: string;
  readonly units: Decimal;
}

export interface WorthPolicy extends FreshnessPolicy {
  /** How often the bound is to hold; 0.99 when absent. */
  readonly confidence?: Confidence;
}

/** A price or a rate that a value rests on. */
export type WorthLink = {
  readonly kind: 'price' | 'rate';
  readonly name: string;
  /** The day of the value; of a chained rate, the oldest link's. */
  readonly date: IsoDate;
  readonly calendar: string;
  readonly age_business_days: number;
  readonly allowed_business_days: number;
  readonly stale: boolean;
  /** The standard deviation of one business day; null where there is too little history to say, and for links that are not stale. */
  readonly daily_volatility: string | null;
};

export type WorthPosition = {
  readonly commodity: string;
  readonly value: string;
  readonly stale: boolean;
  readonly links: readonly WorthLink[];
  /** What the stale links can have moved the value by; null where that cannot be said. */
  readonly bound: string | null;
};

/** A price or rate that is missing or too old. */
export type NeededQuote = {
  readonly kind: 'price' | 'rate';
  /** `NWND`, or `USD CAD`. */
  readonly name: string;
  /** The day that is wanted: the last of its calendar whose close is due. */
  readonly date: IsoDate;
  /** The newest day that the pack has; null for none. */
  readonly last_date: IsoDate | null;
};

export type WorthAssessment = {
  readonly asked: IsoDate;
  readonly base_currency: string;
  /** The share of the gross value of all positions that could be valued. */
  readonly gross_value: string;
  readonly stale_value: string;
  /** Part of the gross value that rests on a stale price or rate, from 0 to 1. */
  readonly stale_share: string;
  readonly confidence: string;
  /** What all stale links can have moved the total by, at that confidence; null where it cannot be said. */
  readonly bound: string | null;
  /** The bound in basis points of the gross value. */
  readonly bound_bp: string | null;
  readonly positions: readonly WorthPosition[];
  readonly needed: readonly NeededQuote[];
};
