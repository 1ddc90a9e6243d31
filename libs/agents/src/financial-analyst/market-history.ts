import { DawsosError, ONE, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Dated } from '@dawsos/portfolio-math';
import type { CapabilityContext, PackReader } from '../capability';

/** A commodity's prices over a period, in one currency; null where it is money, worth its units. */
export interface Quotation {
  readonly currency: string;
  readonly prices: readonly Dated[] | null;
}

/**
 * The prices of `commodity` from `from` to `to`, the first of them the newest on or before `from`. A
 * commodity with no price at all but with a rate is money.
 *
 * @throws DawsosError `price_missing` where it has neither.
 */
export function quotation(
  pack: PackReader,
  commodity: string,
  from: IsoDate,
  to: IsoDate,
  baseCurrency: string,
): Quotation {
  const newest = pack.price(commodity, to);
  if (newest === undefined) {
    if (isMoney(pack, commodity, to, baseCurrency)) return { currency: commodity, prices: null };
    throw new DawsosError('price_missing', `the pack has no price of ${commodity} on or before ${to}`, {
      extensions: { commodity, date: to },
    });
  }
  const opening = pack.price(commodity, from);
  const series = pack.priceSeries(commodity, from, to);
  const points = opening === undefined || opening.date === from ? series : [opening, ...series];
  const { currency } = newest;
  const prices = points.map((point): Dated =>
    point.currency === currency
      ? point
      : {
          date: point.date,
          number: point.number.times(pack.requireRate(point.currency, currency, point.date)),
        },
  );
  return { currency, prices };
}

export function isMoney(pack: PackReader, commodity: string, date: IsoDate, baseCurrency: string): boolean {
  return commodity === baseCurrency || pack.rate(commodity, baseCurrency, date) !== undefined;
}

/** Units of `quote` per `base` from `from` to `to`, the first the newest on or before `from`. */
export function rateHistory(
  pack: PackReader,
  base: string,
  quote: string,
  from: IsoDate,
  to: IsoDate,
): readonly Dated[] {
  const opening = pack.rate(base, quote, from);
  const series = pack.rateSeries(base, quote, from, to);
  if (opening === undefined || series[0]?.date === from) return series;
  return [{ date: from, number: opening.number }, ...series];
}

/**
 * Base currency per unit of `currency` on a day.
 * @throws DawsosError `rate_missing`: for want of a rate none is 1.
 */
export function rateToBase(currency: string, date: IsoDate, { pack, ledger }: CapabilityContext): Decimal {
  const { baseCurrency } = ledger.portfolio();
  return currency === baseCurrency ? ONE : pack.requireRate(currency, baseCurrency, date);
}
