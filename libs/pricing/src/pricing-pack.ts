import type { Decimal, IsoDate, Sha256Hex } from '@dawsos/contracts';

export interface PricePoint {
  readonly commodity: string;
  readonly date: IsoDate;
  readonly number: Decimal;
  readonly currency: string;
  readonly source: string;
}

/** Units of `quote` per unit of `base`; `date` is the oldest link's where the rate is inverted or chained. */
export interface RatePoint {
  readonly base: string;
  readonly quote: string;
  readonly date: IsoDate;
  readonly number: Decimal;
  readonly sources: readonly string[];
}

/**
 * A pricing pack in memory: immutable, so a process may cache it by `hash`. It holds the history up to
 * `asofDate`. No look-up ever answers with a value later than was asked for, and a missing one is
 * `undefined`, never 0 or 1.
 */
export interface PricingPack {
  readonly id: string;
  readonly hash: Sha256Hex;
  readonly asofDate: IsoDate;
  /** The newest price on or before `date`. O(log n). */
  price(commodity: string, date: IsoDate): PricePoint | undefined;
  /** Prices with from ≤ date ≤ to, in date order. */
  priceSeries(commodity: string, from: IsoDate, to: IsoDate): readonly PricePoint[];
  /** The newest rate on or before `date`; 1 for base = quote; inverse and cross rates are derived. */
  rate(base: string, quote: string, date: IsoDate): RatePoint | undefined;
  rateSeries(base: string, quote: string, from: IsoDate, to: IsoDate): readonly RatePoint[];
}
