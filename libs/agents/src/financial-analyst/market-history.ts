import { DawsosError, ONE, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Dated } from '@dawsos/portfolio-math';
import { createUnitPrices, type UnitPrice, type UnitPrices } from '@dawsos/pricing';
import type { CapabilityContext, PackReader } from '../capability';
import { convertedHistory, type Quotation } from './converted-history';

export type { Quotation };

const pricesByContext = new WeakMap<CapabilityContext, UnitPrices>();

/** What one unit is worth, as this run reads it: splits, unit sizes and quotes in what is no money are seen to. */
export function unitPricesOf(context: CapabilityContext): UnitPrices {
  const known = pricesByContext.get(context);
  if (known !== undefined) return known;
  const { pack, ledger, asofDate } = context;
  const made = createUnitPrices(pack, (commodity) => ledger.facts(commodity), asofDate);
  pricesByContext.set(context, made);
  return made;
}

/** @throws DawsosError `price_missing`, `prices_look_adjusted` */
export function requireUnitPrice(commodity: string, date: IsoDate, context: CapabilityContext): UnitPrice {
  const price = unitPricesOf(context).at(commodity, date);
  if (price === undefined) throw priceMissing(commodity, date, context);
  return price;
}

/**
 * The prices of `commodity` from `from` to `to`, the first of them the newest on or before `from`.
 * @throws DawsosError `price_missing`, `prices_look_adjusted`; `rate_missing` where quotes in one currency are to
 * stand beside those in another
 */
export function quotation(
  commodity: string,
  from: IsoDate,
  to: IsoDate,
  context: CapabilityContext,
): Quotation {
  if (isMoney(commodity, context)) return { currency: commodity, prices: null };
  const { currency } = requireUnitPrice(commodity, to, context);
  const { pack } = context;
  const opening = pack.price(commodity, from);
  const series = pack.priceSeries(commodity, from, to);
  const points = opening === undefined || opening.date === from ? series : [opening, ...series];
  const unitPrices = unitPricesOf(context);
  const quotes = points.map((point) => ({ ...point, number: unitPrices.restated(point) }));
  if (quotes.every((quote) => quote.currency === currency)) return { currency, prices: quotes };
  return {
    currency,
    prices: convertedHistory(quotes, currency, { from, to, context, quotation, rateHistory }),
  };
}

/** What the ledger says is money, and what the portfolio is counted in. */
export function isMoney(commodity: string, { ledger }: CapabilityContext): boolean {
  return commodity === ledger.portfolio().baseCurrency || ledger.facts(commodity).isMoney;
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

/** Says what to write where a commodity never had a price: it may be none that has a value. */
function priceMissing(commodity: string, date: IsoDate, { pack }: CapabilityContext): DawsosError {
  const [first] = pack.priceSeries(commodity, '0001-01-01' as IsoDate, pack.asofDate);
  const remedy =
    first === undefined
      ? `; add one, or, if it is to have no value, write ${date} commodity ${commodity} with metadata ` +
        'asset_class: "counter"'
      : '';
  return new DawsosError(
    'price_missing',
    `the pack has no price of ${commodity} on or before ${date}${remedy}`,
    {
      extensions: { commodity, date },
    },
  );
}
