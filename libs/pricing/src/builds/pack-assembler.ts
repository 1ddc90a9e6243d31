import { sha256Hex, type IsoDate } from '@dawsos/contracts';
import type { BuiltSeries, PackDigest, SetAside, SourceReport } from '../pack/pack-digest';
import { compareSeries, createPackHash } from '../pack/pack-hash';
import { byPlace, mergeQuotes, type MergeContext } from '../sources/merge-quotes';
import { packId, type PackKey } from '../pack/pack-id';
import type { PriceQuote, Quote, RateQuote } from '../sources/quote';
import { unreadable, type SourceFault } from '../sources/quote';

/** Makes a pack from its subjects, one after the other, and holds none of their quotes. */
export interface PackAssembler {
  /** The series of a subject; subjects come in code unit order, each with all of its quotes. */
  add(quotes: readonly Quote[]): BuiltSeries[];
  /** @throws DawsosError `pack_unreadable` with every fault, or when no quote came and the ledger needs one */
  finish(): PackDigest;
}

/** Bound the report, however bad the sources are. */
const FAULTS_KEPT = 1_000;
const SET_ASIDE_KEPT = 1_000;

/** @throws DawsosError `invalid_request` for a policy that cannot stand in an id */
export function createPackAssembler(key: PackKey, context: MergeContext): PackAssembler {
  const id = packId(key);
  const hash = createPackHash(key.asofDate, key.policy);
  // prices come before rates in the manifest, and pairs are few
  const rateSeries: Omit<BuiltSeries, 'text'>[] = [];
  const sources = new Map<string, SourceReport>();
  const faults: SourceFault[] = [];
  const setAside: SetAside[] = [];
  const counts = { faults: 0, setAside: 0, prices: 0, rates: 0, commodities: 0 };

  function addSeries(series: BuiltSeries): void {
    const { kind, name, hash: own, count } = series;
    if (kind === 'price') {
      hash.add(series);
      counts.commodities += 1;
      counts.prices += count;
    } else {
      rateSeries.push({ kind, name, hash: own, count });
      counts.rates += count;
    }
  }

  return {
    add: (quotes) => {
      const merged = mergeQuotes(quotes, context);
      counts.faults += merged.faults.length;
      counts.setAside += merged.setAside.length;
      faults.push(...merged.faults.slice(0, FAULTS_KEPT - faults.length));
      setAside.push(...merged.setAside.slice(0, SET_ASIDE_KEPT - setAside.length));
      for (const quote of merged.prices) countSource(sources, quote);
      for (const quote of merged.rates) countSource(sources, quote);
      const series = [
        ...seriesOf('price', merged.prices, (quote) => quote.commodity, priceLine),
        ...seriesOf('rate', merged.rates, (quote) => `${quote.base} ${quote.quote}`, rateLine),
      ];
      series.forEach(addSeries);
      return series;
    },
    finish: () => {
      if (counts.faults > 0) throw unreadable(faults.sort(byPlace), counts.faults);
      const reports = [...sources.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
      const dates = reports.flatMap(({ firstDate, lastDate }) => [firstDate, lastDate]).sort();
      if (dates.length === 0 && !context.mayBeEmpty) throw nothing(id, key.asofDate);
      const [first = key.asofDate] = dates;
      const last = dates.at(-1) ?? key.asofDate;
      rateSeries.sort(compareSeries).forEach((series) => hash.add(series));
      return {
        id,
        key,
        hash: hash.end(),
        priceCount: counts.prices,
        rateCount: counts.rates,
        sources: reports.map(({ source }) => source),
        sourceReports: reports,
        report: {
          first_date: first,
          last_date: last,
          commodities: counts.commodities,
          pairs: rateSeries.length,
          set_aside: setAside,
          set_aside_count: counts.setAside,
        },
      };
    },
  };
}

function nothing(id: string, asofDate: IsoDate): Error {
  const message = `no source has a price on or before ${asofDate}`;
  return unreadable([{ place: { file: id, line: 0 }, message }]);
}

function countSource(sources: Map<string, SourceReport>, quote: PriceQuote | RateQuote): void {
  const { source, date, kind } = quote;
  const known = sources.get(source) ?? { source, prices: 0, rates: 0, firstDate: date, lastDate: date };
  sources.set(source, {
    source,
    prices: known.prices + (kind === 'price' ? 1 : 0),
    rates: known.rates + (kind === 'rate' ? 1 : 0),
    firstDate: date < known.firstDate ? date : known.firstDate,
    lastDate: date > known.lastDate ? date : known.lastDate,
  });
}

const priceLine = (quote: PriceQuote): string =>
  `${quote.date} ${quote.number} ${quote.currency} ${quote.source}`;
const rateLine = (quote: RateQuote): string => `${quote.date} ${quote.number} ${quote.source}`;

function seriesOf<Q>(
  kind: BuiltSeries['kind'],
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
