import { BOOKING_DAYS, type CommodityFacts } from '@dawsos/ledger';
import { addDays, DawsosError, ONE, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { CommoditySplit } from '@dawsos/ledger';
import { effectiveSplits, FAR_DAYS, type EffectiveSplit } from './ex-date';
import type { PricePoint } from '../pack/pricing-pack';
import type { FactsOf, QuoteReader, UnitPrice } from './quote-reader';

/** The quotes of a pack as the worth of one unit: of the as-of day's size, and in money. */
export interface UnitPrices {
  /**
   * On the newest quote on or before `date`; undefined where there is none.
   * @throws DawsosError `prices_look_adjusted` where no quote before a split can be told from one after it
   */
  at(commodity: string, date: IsoDate): UnitPrice | undefined;
  /** A quote's number for one of the as-of day's units. @throws DawsosError `prices_look_adjusted` */
  restated(point: PricePoint): Decimal;
  /** The splits of a commodity, and when its quotes changed. */
  splits(commodity: string): readonly EffectiveSplit[];
}

/** Quotes in one another without end are a mistake of the ledger's. */
const LONGEST_CHAIN = 8;

/** By the series that a pack answers with, which is one object for a question, and the splits of a ledger. */
const foundBySeries = new WeakMap<
  readonly PricePoint[],
  Map<readonly CommoditySplit[], readonly EffectiveSplit[]>
>();

/** Finding the jump of a split takes a logarithm a quote: every step of every run asks for the same one. */
function found(
  splits: readonly CommoditySplit[],
  series: readonly PricePoint[],
  find: () => readonly EffectiveSplit[],
): readonly EffectiveSplit[] {
  if (series.length === 0) return find();
  const bySplits =
    foundBySeries.get(series) ?? new Map<readonly CommoditySplit[], readonly EffectiveSplit[]>();
  foundBySeries.set(series, bySplits);
  const known = bySplits.get(splits) ?? find();
  bySplits.set(splits, known);
  return known;
}

/** `asOf` is the day whose units everything is restated to: those that the ledger has booked by then. */
export function createUnitPrices(quotes: QuoteReader, factsOf: FactsOf, asOf: IsoDate): UnitPrices {
  const known = new Map<string, readonly EffectiveSplit[]>();

  function splits(commodity: string): readonly EffectiveSplit[] {
    const made = known.get(commodity) ?? effective(commodity);
    known.set(commodity, made);
    return made;
  }

  function effective(commodity: string): readonly EffectiveSplit[] {
    const facts = factsOf(commodity);
    const days = facts.splits.flatMap(({ exDate, bookedOn }) => (exDate === null ? [bookedOn] : [])).sort();
    const [first] = days;
    if (first == null) return effectiveSplits(facts.splits, []);
    const from = addDays(first, -2 * FAR_DAYS);
    const opening = quotes.price(commodity, addDays(from, -1));
    const series = quotes.priceSeries(commodity, from, asOf);
    const own = [...(opening === undefined ? [] : [opening]), ...series].filter(
      ({ source }) => !facts.adjustedSources.includes(source),
    );
    return found(facts.splits, series, () => effectiveSplits(facts.splits, own));
  }

  /** Splits gone by in the quote and not yet in the as-of day's units, and the other way round. */
  function factor({ commodity, date, source }: PricePoint, adjusted: readonly string[]): Decimal {
    let product = ONE;
    for (const { ratio, exDate, bookedOn, basis } of splits(commodity)) {
      const isAdjusted = adjusted.includes(source);
      const isBooked = bookedOn !== null && bookedOn <= asOf;
      if (basis === 'untellable' && !isAdjusted && date < addDays(exDate, FAR_DAYS)) {
        throw looksAdjusted(commodity, ratio, exDate, source);
      }
      const isGoneBy = exDate <= (isAdjusted ? quotes.asofDate : date);
      if (isBooked && !isGoneBy) product = product.div(ratio);
      else if (!isBooked && isGoneBy) product = product.times(ratio);
    }
    return product;
  }

  function restated(point: PricePoint): Decimal {
    const facts = factsOf(point.commodity);
    const { unitSize, splits: own, adjustedSources } = facts;
    const number = unitSize.equals(ONE) ? point.number : point.number.div(unitSize);
    if (own.length === 0) return number;
    requireClearSplits(facts, asOf);
    return number.times(factor(point, adjustedSources));
  }

  function at(commodity: string, date: IsoDate, passed = 0): UnitPrice | undefined {
    if (factsOf(commodity).isMoney) return { number: ONE, currency: commodity, date: null, quotes: [] };
    const point = quotes.price(commodity, date);
    if (point === undefined || passed > LONGEST_CHAIN) return undefined;
    const number = restated(point);
    const { currency } = point;
    if (factsOf(currency).isMoney) return { number, currency, date: point.date, quotes: [point] };
    const unit = at(currency, date, passed + 1);
    // a unit without a price may still have a rate, which whoever converts asks for
    if (unit === undefined) return { number, currency, date: point.date, quotes: [point] };
    return {
      number: number.times(unit.number),
      currency: unit.currency,
      date: unit.date !== null && unit.date < point.date ? unit.date : point.date,
      quotes: [point, ...unit.quotes],
    };
  }

  return { at: (commodity, date) => at(commodity, date), restated, splits };
}

/** Two ratios, or an account that held units and books nothing in the days for it: then nobody knows what is held. */
function requireClearSplits({ commodity, faults, splits }: CommodityFacts, asOf: IsoDate): void {
  const fault = faults.find(({ date }) => date <= asOf);
  if (fault !== undefined) throw unclear(commodity, fault.date, fault.detail);
  for (const { ratio, bookedOn, exDate, leftOut } of splits) {
    const day = bookedOn ?? exDate;
    if (day === null || leftOut.length === 0 || addDays(day, BOOKING_DAYS) > asOf) continue;
    const detail =
      `${commodity} was split ${ratio.toFixed()} for 1 (${day}); ${leftOut.join(', ')} held it and does not book ` +
      `that: book it there within ${String(BOOKING_DAYS)} days, or give the entry that does metadata event: "split"`;
    throw unclear(commodity, day, detail);
  }
}

const unclear = (commodity: string, date: IsoDate, detail: string): DawsosError =>
  new DawsosError('split_unclear', detail, { extensions: { commodity, date } });

function looksAdjusted(commodity: string, ratio: Decimal, day: IsoDate, source: string): DawsosError {
  return new DawsosError(
    'prices_look_adjusted',
    `${commodity} was split ${ratio.toFixed()} for 1 about ${day}, and its prices do not change by that: write ` +
      `custom "split" "${commodity}" ${ratio.toFixed()} with metadata ex_date; or, if the prices of ${source} are ` +
      `adjusted for splits, custom "source" "${source}" with metadata adjusted: "splits"`,
    { extensions: { commodity, date: day, source } },
  );
}
