import { DawsosError, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Dated } from '@dawsos/portfolio-math';
import type { CapabilityContext, PackReader } from '../capability';

/**
 * A commodity's prices over a period, of the as-of day's units and in one currency; null where it is money, worth its
 * units.
 */
export interface Quotation {
  readonly currency: string;
  readonly prices: readonly Dated[] | null;
}

interface Quote extends Dated {
  readonly commodity: string;
  readonly currency: string;
}

interface Setting {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly context: CapabilityContext;
  /** How other histories are read, a coin's that quotes stand in among them. */
  readonly quotation: (
    commodity: string,
    from: IsoDate,
    to: IsoDate,
    context: CapabilityContext,
  ) => Quotation;
  readonly rateHistory: (
    pack: PackReader,
    base: string,
    quote: string,
    from: IsoDate,
    to: IsoDate,
  ) => readonly Dated[];
}

/**
 * Quotes that are stated in several units, in one currency: each is carried to the next in its own unit and converted
 * day by day, so that a quote in euro, or in a coin, moves as the euro and the coin do until a newer one stands.
 */
export function convertedHistory(quotes: readonly Quote[], currency: string, setting: Setting): Dated[] {
  const { from, to } = setting;
  const units = new Map<string, readonly Dated[]>();
  for (const quote of quotes) {
    if (quote.currency === currency || units.has(quote.currency)) continue;
    units.set(quote.currency, worthOf(quote.currency, currency, setting));
  }
  return quotes.flatMap((quote, index) => {
    const until = quotes[index + 1]?.date;
    if (quote.currency === currency) return [quote];
    const worth = units.get(quote.currency) ?? [];
    const start = quote.date < from ? from : quote.date;
    const opening = newest(worth, start);
    if (opening === undefined) {
      throw new DawsosError(
        'rate_missing',
        `${quote.commodity} is quoted in ${quote.currency} on ${quote.date}, which has no worth in ${currency} by then`,
        { extensions: { base: quote.currency, quote: currency, date: start } },
      );
    }
    const later = worth.filter(
      ({ date }) => date > start && date <= to && (until === undefined || date < until),
    );
    return [{ date: start, number: opening }, ...later].map(({ date, number }) => ({
      date,
      number: quote.number.times(number),
    }));
  });
}

/** What one of the unit is worth in the currency, over the period; the unit may itself be a commodity with a price. */
function worthOf(
  unit: string,
  currency: string,
  { from, to, context, ...histories }: Setting,
): readonly Dated[] {
  const own = histories.quotation(unit, from, to, context);
  const rates =
    own.currency === currency ? null : histories.rateHistory(context.pack, own.currency, currency, from, to);
  if (own.prices === null) return rates ?? [];
  const { prices } = own;
  if (rates === null) return prices;
  const days = [...new Set([...prices, ...rates].map(({ date }) => date))].sort();
  return days.flatMap((date) => {
    const [price, rate] = [newest(prices, date), newest(rates, date)];
    return price === undefined || rate === undefined ? [] : [{ date, number: price.times(rate) }];
  });
}

function newest(series: readonly Dated[], date: IsoDate): Decimal | undefined {
  return series.findLast((point) => point.date <= date)?.number;
}
