import { sha256Hex, type IsoDate, type Sha256Hex } from '@dawsos/contracts';
import { compareSeries, packHash, type SeriesText } from './canonical-form';
import { mergeQuotes, type SetAside, type SourceQuotes } from './merge-quotes';
import { DEFAULT_POLICY, packId, type PackKey } from './pack-id';
import type { PriceQuote, RateQuote } from './quote';
import { unreadable } from './source-fault';

export interface BuildPackRequest {
  readonly asofDate: IsoDate;
  /** `CLOSE` when absent. */
  readonly policy?: string;
  /** 0 when absent: the first pack of the day and policy. */
  readonly restatement?: number;
  readonly sources: readonly SourceQuotes[];
}

export interface BuiltSeries extends SeriesText {
  readonly hash: Sha256Hex;
  readonly count: number;
}

/** A pack ready to be stored. Equal quotes give an equal `hash`, in whatever order they came. */
export interface BuiltPack {
  readonly id: string;
  readonly key: PackKey;
  readonly hash: Sha256Hex;
  readonly series: readonly BuiltSeries[];
  readonly priceCount: number;
  readonly rateCount: number;
  readonly sources: readonly string[];
  readonly report: PackReport;
}

/** What a build says beside its rows. */
export interface PackReport {
  readonly first_date: IsoDate;
  readonly last_date: IsoDate;
  readonly commodities: number;
  readonly pairs: number;
  /** Prices of a day on which the commodity was also priced in the currency that was taken. */
  readonly set_aside: readonly SetAside[];
}

/**
 * Builds a pack: every quote on or before `asofDate`, equal ones merged. Pure.
 * @throws DawsosError `pack_unreadable` when two sources disagree (both places named), when a rate is not above
 * 0, or when no quote is left; `invalid_request` for a policy that cannot stand in an id.
 */
export function buildPack(request: BuildPackRequest): BuiltPack {
  const { asofDate, policy = DEFAULT_POLICY, restatement = 0 } = request;
  const key: PackKey = { asofDate, policy, restatement };
  const id = packId(key);
  const merged = mergeQuotes(request.sources, asofDate);
  const [first, last] = dateRange([...merged.prices, ...merged.rates]);
  if (first === undefined || last === undefined) {
    const message = `no source has a price on or before ${asofDate}`;
    throw unreadable([{ place: { file: id, line: 0 }, message }]);
  }
  const prices = seriesOf('price', merged.prices, (quote) => quote.commodity, priceLine);
  const rates = seriesOf('rate', merged.rates, (quote) => `${quote.base} ${quote.quote}`, rateLine);
  const series = [...prices, ...rates].sort(compareSeries);
  return {
    id,
    key,
    hash: packHash(asofDate, policy, series),
    series,
    priceCount: merged.prices.length,
    rateCount: merged.rates.length,
    sources: [...new Set([...merged.prices, ...merged.rates].map((quote) => quote.source))].sort(),
    report: {
      first_date: first,
      last_date: last,
      commodities: prices.length,
      pairs: rates.length,
      set_aside: merged.setAside,
    },
  };
}

/** The newest day on or before `limit` that a source has a quote for: the day of the pack to build next. */
export function newestQuoteDate(sources: readonly SourceQuotes[], limit?: IsoDate): IsoDate | undefined {
  let newest: IsoDate | undefined;
  for (const { quotes } of sources) {
    for (const { date } of quotes) {
      if ((limit === undefined || date <= limit) && (newest === undefined || date > newest)) newest = date;
    }
  }
  return newest;
}

function dateRange(quotes: readonly { readonly date: IsoDate }[]): [IsoDate?, IsoDate?] {
  let first = quotes[0]?.date;
  let last = first;
  for (const { date } of quotes) {
    if (first !== undefined && date < first) first = date;
    if (last !== undefined && date > last) last = date;
  }
  return first === undefined || last === undefined ? [] : [first, last];
}

const priceLine = (quote: PriceQuote): string =>
  `${quote.date} ${quote.number} ${quote.currency} ${quote.source}`;
const rateLine = (quote: RateQuote): string => `${quote.date} ${quote.number} ${quote.source}`;

function seriesOf<Q>(
  kind: SeriesText['kind'],
  quotes: readonly Q[],
  nameOf: (quote: Q) => string,
  lineOf: (quote: Q) => string,
): BuiltSeries[] {
  const linesByName = new Map<string, string[]>();
  for (const quote of quotes) {
    const name = nameOf(quote);
    const lines = linesByName.get(name);
    if (lines === undefined) linesByName.set(name, [lineOf(quote)]);
    else lines.push(lineOf(quote));
  }
  return [...linesByName].map(([name, lines]) => {
    // A day stands once in a series and leads its line, so this is the order of dates.
    const text = lines.sort().join('\n');
    return { kind, name, text, hash: sha256Hex(text), count: lines.length };
  });
}
