import type { Decimal, IsoDate, Sha256Hex } from '@dawsos/contracts';

export interface PricePoint {
  readonly commodity: string;
  readonly date: IsoDate;
  readonly number: Decimal;
  readonly currency: string;
  readonly source: string;
}

/** Units of `quote` per unit of `base`; in a series `date` is the day itself, else the oldest link's. */
export interface RatePoint {
  readonly base: string;
  readonly quote: string;
  readonly date: IsoDate;
  readonly number: Decimal;
  /** Who states the links, in the chain's order, each once; none for base = quote. */
  readonly sources: readonly string[];
  /** The day of the newest link. */
  readonly newest: IsoDate;
  /** The money on the way, `base` first and `quote` last. */
  readonly chain: readonly string[];
}

/** What a look-up answered. */
export type PackAnswer = PricePoint | RatePoint | readonly PricePoint[] | readonly RatePoint[] | undefined;

/**
 * A pricing pack in memory: immutable, so a process may cache it by `hash`. It holds the history up to
 * `asofDate`. No look-up ever answers with a value later than was asked for, and a missing one is
 * `undefined`, never 0 or 1.
 */
export interface PricingPack {
  readonly id: string;
  readonly hash: Sha256Hex;
  readonly asofDate: IsoDate;
  /** The length of its canonical text: what it takes in memory goes with it. */
  readonly characters: number;
  /** The newest price on or before `date`. O(log n). */
  price(commodity: string, date: IsoDate): PricePoint | undefined;
  /** Prices with from ≤ date ≤ to, in date order. */
  priceSeries(commodity: string, from: IsoDate, to: IsoDate): readonly PricePoint[];
  /**
   * The rate of the day; 1 for base = quote. Of all chains of pairs, the one whose oldest link is freshest; ties as
   * `RateGraph` says. Each link is the pair's newest rate on or before `date` or the inverse pair's, the pair itself on
   * the same day; fixed parts are no link.
   */
  rate(base: string, quote: string, date: IsoDate): RatePoint | undefined;
  /** The rates of the days on which any link has a rate of that very day, each dated so, in date order. */
  rateSeries(base: string, quote: string, from: IsoDate, to: IsoDate): readonly RatePoint[];
  /**
   * SHA-256 of an answer's canonical text: what a recorded read keeps of it. Answers of this pack are hashed
   * once, since the same look-up gives the same object.
   */
  hashOf(answer: PackAnswer): Sha256Hex;
  /** The commodities that have a price, and the pairs that have a rate (`USD CAD`), in code unit order. */
  readonly commodities: readonly string[];
  readonly pairs: readonly string[];
}
