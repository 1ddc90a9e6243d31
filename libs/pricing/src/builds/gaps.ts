import { daysBetween, type IsoDate, type WantedQuote } from '@dawsos/contracts';
import type { PricingPack } from '../pack/pricing-pack';

/** A commodity without a price of the pack's own day: the last known one stands in. */
export type Gap = {
  readonly commodity: string;
  /** The last known price's day; null where there is none. */
  readonly last_date: IsoDate | null;
  readonly age_days: number | null;
};

export type GapReport = {
  /** The policy: the last known price stands in for a missing one of up to so many calendar days. */
  readonly last_known_within_days: number;
  /** Filled under the policy. */
  readonly filled: readonly Gap[];
  /** Older than the policy allows, or never priced: a look-up still says how old, and the freshness gate judges it. */
  readonly missing: readonly Gap[];
  /** Prices that were asked for and are not there for their day. */
  readonly wanted_missing: readonly WantedQuote[];
};

/** What is not priced on the pack's own day, of the commodities that it is expected to price. */
export function gapsOf(
  pack: PricingPack,
  expected: Iterable<string>,
  wanted: readonly WantedQuote[],
  withinDays: number,
): GapReport {
  const gaps = [...new Set(expected)].sort().flatMap((commodity) => {
    const date = lastDate(pack, commodity, pack.asofDate);
    if (date === pack.asofDate) return [];
    return [{ commodity, last_date: date, age_days: date && daysBetween(date, pack.asofDate) }];
  });
  const isFilled = ({ age_days: age }: Gap): boolean => age !== null && age <= withinDays;
  return {
    last_known_within_days: withinDays,
    filled: gaps.filter(isFilled),
    missing: gaps.filter((gap) => !isFilled(gap)),
    wanted_missing: wanted.filter(({ commodity, date }) => lastDate(pack, commodity, date) !== date),
  };
}

/** The newest day by `date` on which the commodity has a price or, being money, a rate to or from any other. */
function lastDate(pack: PricingPack, commodity: string, date: IsoDate): IsoDate | null {
  const price = pack.price(commodity, date);
  if (price !== undefined) return price.date;
  const dates = pack.pairs.flatMap((pair) => {
    const [base = '', quote = ''] = pair.split(' ');
    return base === commodity || quote === commodity ? (pack.rate(base, quote, date)?.date ?? []) : [];
  });
  return dates.sort().at(-1) ?? null;
}
