import type { Decimal, IsoDate } from '@dawsos/contracts';
import type { CommodityFacts } from '@dawsos/ledger';
import type { PricePoint, RatePoint } from '../pack/pricing-pack';

/** What a valuation asks of a pack. */
export interface QuoteReader {
  readonly asofDate: IsoDate;
  price(commodity: string, date: IsoDate): PricePoint | undefined;
  priceSeries(commodity: string, from: IsoDate, to: IsoDate): readonly PricePoint[];
  rate(base: string, quote: string, date: IsoDate): RatePoint | undefined;
  rateSeries(base: string, quote: string, from: IsoDate, to: IsoDate): readonly RatePoint[];
}

/** What is so of a commodity, as the ledger says. */
export type FactsOf = (commodity: string) => CommodityFacts;

/** What one unit of a commodity is worth, in the units of the as-of day. */
export interface UnitPrice {
  readonly number: Decimal;
  /** A commodity that is money; the commodity itself where it is money. */
  readonly currency: string;
  /** The oldest quote's day; null for money. */
  readonly date: IsoDate | null;
  /** The quotes that it rests on: more than one where the commodity is quoted in something that is no money. */
  readonly quotes: readonly PricePoint[];
}
