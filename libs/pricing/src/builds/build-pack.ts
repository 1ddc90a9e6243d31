import type { IsoDate } from '@dawsos/contracts';
import { compareSeries } from '../pack/pack-hash';
import type { BuiltSeries, PackDigest } from '../pack/pack-digest';
import { mergeContext, subjectOf, type SourceQuotes, type SourceStream } from '../sources/merge-quotes';
import { createPackAssembler } from './pack-assembler';
import { DEFAULT_POLICY } from '../pack/pack-id';
import type { Quote } from '../sources/quote';

export interface BuildPackRequest {
  readonly asofDate: IsoDate;
  /** `CLOSE` when absent. */
  readonly policy?: string;
  /** 0 when absent: the first pack of the day and policy. */
  readonly restatement?: number;
  readonly sources: readonly SourceQuotes[];
}

/** A pack ready to be stored. */
export interface BuiltPack extends PackDigest {
  readonly series: readonly BuiltSeries[];
}

/**
 * Builds a pack: every quote on or before `asofDate`, equal ones merged. Pure.
 * @throws DawsosError `pack_unreadable` when two sources disagree (both places named), when a rate is not above
 * 0, or when no quote is left; `invalid_request` for a policy that cannot stand in an id.
 */
export function buildPack(request: BuildPackRequest): BuiltPack {
  const { asofDate, policy = DEFAULT_POLICY, restatement = 0 } = request;
  const context = mergeContext(request.sources);
  const bySubject = new Map<string, Quote[]>();
  for (const { quotes } of request.sources) {
    for (const quote of quotes) {
      if (quote.date > asofDate) continue;
      const subject = subjectOf(quote);
      const own = bySubject.get(subject);
      if (own === undefined) bySubject.set(subject, [quote]);
      else own.push(quote);
    }
  }
  const assembler = createPackAssembler({ asofDate, policy, restatement }, context);
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
