import type { IsoDate, Sha256Hex } from '@dawsos/contracts';
import { compareSeries, type SeriesText } from './canonical-form';
import {
  createMoneyFinder,
  subjectOf,
  type SetAside,
  type SourceQuotes,
  type SourceStream,
} from './merge-quotes';
import { createPackAssembler } from './pack-assembler';
import { DEFAULT_POLICY, type PackKey } from './pack-id';
import type { Quote } from './quote';

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

/** What is known of a pack without its series. Equal quotes give an equal `hash`, in whatever order they came. */
export interface PackDigest {
  readonly id: string;
  readonly key: PackKey;
  readonly hash: Sha256Hex;
  readonly priceCount: number;
  readonly rateCount: number;
  readonly sources: readonly string[];
  readonly sourceReports: readonly SourceReport[];
  readonly report: PackReport;
}

/** A pack ready to be stored. */
export interface BuiltPack extends PackDigest {
  readonly series: readonly BuiltSeries[];
}

/** The same where the series may come one by one, read anew by each iteration, in whatever order. */
export interface StreamedPack extends PackDigest {
  readonly series: Iterable<BuiltSeries> | AsyncIterable<BuiltSeries>;
}

/** What a pack has of one source. */
export interface SourceReport {
  readonly source: string;
  readonly prices: number;
  readonly rates: number;
  readonly firstDate: IsoDate;
  readonly lastDate: IsoDate;
}

/** What a build says beside its rows. */
export interface PackReport {
  readonly first_date: IsoDate;
  readonly last_date: IsoDate;
  readonly commodities: number;
  readonly pairs: number;
  /** Prices of a day on which the commodity was also priced in the currency that was taken. */
  readonly set_aside: readonly SetAside[];
  /** Of which `set_aside` lists the first thousand. */
  readonly set_aside_count: number;
}

/**
 * Builds a pack: every quote on or before `asofDate`, equal ones merged. Pure.
 * @throws DawsosError `pack_unreadable` when two sources disagree (both places named), when a rate is not above
 * 0, or when no quote is left; `invalid_request` for a policy that cannot stand in an id.
 */
export function buildPack(request: BuildPackRequest): BuiltPack {
  const { asofDate, policy = DEFAULT_POLICY, restatement = 0 } = request;
  const finder = createMoneyFinder(request.sources);
  const bySubject = new Map<string, Quote[]>();
  for (const { quotes } of request.sources) {
    for (const quote of quotes) {
      if (quote.date > asofDate) continue;
      finder.see(quote);
      const subject = subjectOf(quote);
      const own = bySubject.get(subject);
      if (own === undefined) bySubject.set(subject, [quote]);
      else own.push(quote);
    }
  }
  const assembler = createPackAssembler({ asofDate, policy, restatement }, finder.context);
  const series: BuiltSeries[] = [];
  for (const subject of [...bySubject.keys()].sort()) {
    series.push(...assembler.add(bySubject.get(subject) ?? []));
  }
  return { ...assembler.finish(), series: series.sort(compareSeries) };
}

/** `newestQuoteDate` of sources whose quotes may come one by one. */
export async function newestStreamedDate(
  sources: readonly SourceStream[],
  limit?: IsoDate,
): Promise<IsoDate | undefined> {
  let newest: IsoDate | undefined;
  for (const { quotes } of sources) {
    for await (const { date } of quotes) {
      if ((limit === undefined || date <= limit) && (newest === undefined || date > newest)) newest = date;
    }
  }
  return newest;
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
