import { isNationalCurrency } from '@dawsos/contracts';
import type { SetAside } from '../pack/pack-digest';
import type { Place, PriceQuote, Quote, RateQuote, SourceFault } from './quote';

/** One source's quotes, and what it knows of the commodities in them. */
export interface SourceQuotes extends SourceStream {
  readonly quotes: Iterable<Quote>;
}

/** The same where the quotes may come one by one: read anew by each iteration. */
export interface SourceStream {
  readonly quotes: Iterable<Quote> | AsyncIterable<Quote>;
  /** Whether a commodity is money, so that its prices are exchange rates. */
  readonly isMoney?: (commodity: string) => boolean;
  /** The currency that a commodity is quoted in, where it is priced in several on one day. */
  readonly quoteCurrency?: ReadonlyMap<string, string>;
  /** The ledger among the sources needs no price, so that a pack may be empty. */
  readonly needsNoPrice?: boolean;
}

/** What is known of all quotes before the first is merged. */
export interface MergeContext {
  isMoney(commodity: string): boolean;
  quoteCurrency(commodity: string): string | undefined;
  readonly mayBeEmpty: boolean;
}

export interface MergedQuotes {
  /** One a commodity and day. */
  readonly prices: readonly PriceQuote[];
  /** One a pair and day. */
  readonly rates: readonly RateQuote[];
  readonly setAside: readonly SetAside[];
  /** Quotes that contradict one another, and rates that are none. */
  readonly faults: readonly SourceFault[];
}

/** What a quote is of: quotes of different subjects have nothing to do with one another. */
export function subjectOf(quote: Quote): string {
  return quote.kind === 'price' ? quote.commodity : quote.base;
}

/**
 * Joins all quotes of one or more subjects into one price a commodity and day, and one rate a pair and day, whatever
 * order they come in:
 * - a price of money is an exchange rate, and a rate of what is no money is its price: `isMoney` says; a rate in what
 *   is no money is set aside, since chains run through money alone;
 * - equal quotes are one, under the source whose name sorts first; quotes that differ are a fault;
 * - a price that the ledger's plugin drew from trades counts only where no price is stated, the day's last one;
 * - of prices in several currencies on one day, the commodity's own quote currency stands, else one in money, else the
 *   first by name; the others are set aside.
 */
export function mergeQuotes(quotes: readonly Quote[], context: MergeContext): MergedQuotes {
  const prices = new Map<string, PriceQuote>();
  const rates = new Map<string, RateQuote>();
  const implicit = new Map<string, PriceQuote>();
  const faults: SourceFault[] = [];
  const inNoMoney: SetAside[] = [];
  for (const quote of quotes) {
    if (quote.kind === 'price' && quote.implicit) implicit.set(quoteKey(quote), quote);
    else state(quote);
  }
  for (const [key, quote] of implicit) {
    if (!prices.has(key) && !rates.has(rateKey(quote))) state(quote);
  }
  const { kept, setAside } = oneCurrencyADay([...prices.values()], context);
  const aside = [...setAside, ...inNoMoney].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  return { prices: kept, rates: [...rates.values()], setAside: aside, faults };

  function state(quote: Quote): void {
    if (!context.isMoney(subjectOf(quote))) {
      const price = quote.kind === 'price' ? quote : asPrice(quote);
      add(prices, quoteKey(price), price, faults);
      return;
    }
    const rate = quote.kind === 'rate' ? quote : asRate(quote);
    if (!context.isMoney(rate.quote)) {
      const { base, date, number, quote: currency, source } = rate;
      inNoMoney.push({ commodity: base, date, number, currency, source });
      return;
    }
    const fault = rateFault(rate);
    if (fault === undefined) add(rates, rateKey(quote), rate, faults);
    else faults.push({ place: rate.place, message: fault });
  }
}

/** What the sources say of the commodities in their quotes; where none knows money, ISO 4217 does. */
export function mergeContext(sources: readonly SourceStream[]): MergeContext {
  const judges = sources.flatMap(({ isMoney }) => (isMoney === undefined ? [] : [isMoney]));
  return {
    mayBeEmpty: sources.some(({ needsNoPrice }) => needsNoPrice === true),
    isMoney: (commodity) =>
      judges.length === 0 ? isNationalCurrency(commodity) : judges.some((isMoney) => isMoney(commodity)),
    quoteCurrency: (commodity) => {
      for (const { quoteCurrency } of sources) {
        const currency = quoteCurrency?.get(commodity);
        if (currency !== undefined) return currency;
      }
      return undefined;
    },
  };
}

const quoteKey = (quote: PriceQuote): string => `${quote.commodity} ${quote.currency} ${quote.date}`;
const rateKey = (quote: Quote): string =>
  quote.kind === 'price' ? quoteKey(quote) : `${quote.base} ${quote.quote} ${quote.date}`;

function asRate(quote: PriceQuote): RateQuote {
  const { date, number, source, place, commodity, currency } = quote;
  return { kind: 'rate', base: commodity, quote: currency, date, number, source, place };
}

function asPrice({ date, number, source, place, base, quote }: RateQuote): PriceQuote {
  return { kind: 'price', commodity: base, currency: quote, date, number, source, place, implicit: false };
}

function rateFault(rate: RateQuote): string | undefined {
  if (rate.base === rate.quote) return `${rate.base} is priced in itself`;
  if (rate.number === '0' || rate.number.startsWith('-')) {
    return `the rate ${rate.base}/${rate.quote} is ${rate.number}; it must be above 0`;
  }
  return undefined;
}

function add<Q extends PriceQuote | RateQuote>(
  into: Map<string, Q>,
  key: string,
  quote: Q,
  faults: SourceFault[],
): void {
  const stated = into.get(key);
  if (stated === undefined || (stated.number === quote.number && quote.source < stated.source)) {
    into.set(key, quote);
  } else if (stated.number !== quote.number) {
    const [first, second] = [stated, quote].sort(byPlace) as [Q, Q];
    faults.push({
      place: second.place,
      message: `${subject(second)} on ${second.date} is ${second.number} here and ${first.number} at ${at(first.place)}`,
    });
  }
}

const subject = (quote: PriceQuote | RateQuote): string =>
  quote.kind === 'price'
    ? `the price of ${quote.commodity} in ${quote.currency}`
    : `the rate ${quote.base}/${quote.quote}`;
const at = (place: Place): string => `${place.file}:${String(place.line)}`;

export function byPlace(a: { readonly place: Place }, b: { readonly place: Place }): number {
  if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
  return a.place.line - b.place.line;
}

function oneCurrencyADay(
  prices: readonly PriceQuote[],
  context: MergeContext,
): { kept: PriceQuote[]; setAside: SetAside[] } {
  const kept = new Map<string, PriceQuote>();
  const left: PriceQuote[] = [];
  for (const price of prices) {
    const key = `${price.commodity} ${price.date}`;
    const other = kept.get(key);
    if (other === undefined) kept.set(key, price);
    else {
      const own = context.quoteCurrency(price.commodity);
      const rankOf = ({ currency }: PriceQuote): string =>
        `${currency === own ? '0' : context.isMoney(currency) ? '1' : '2'} ${currency}`;
      const [better, worse] = rankOf(price) < rankOf(other) ? [price, other] : [other, price];
      kept.set(key, better);
      left.push(worse);
    }
  }
  const setAside = left.map(({ commodity, date, number, currency, source }) => ({
    commodity,
    date,
    number,
    currency,
    source,
  }));
  return { kept: [...kept.values()], setAside };
}

const placeOf = (item: SetAside): string => `${item.commodity} ${item.date} ${item.currency}`;
