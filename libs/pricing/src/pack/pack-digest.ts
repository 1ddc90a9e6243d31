import type { IsoDate, Sha256Hex } from '@dawsos/contracts';
import type { SeriesText } from './pack-hash';
import type { PackKey } from './pack-id';

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

/** A price that was left out since the commodity has another of the same day, in another currency. */
export type SetAside = {
  readonly commodity: string;
  readonly date: IsoDate;
  readonly number: string;
  readonly currency: string;
  readonly source: string;
};

/** What a build says beside its rows. */
export interface PackReport {
  readonly first_date: IsoDate;
  readonly last_date: IsoDate;
  readonly commodities: number;
  readonly pairs: number;
  /** Prices of a day on which the commodity was also priced in the currency that was taken. */
  readonly set_aside: readonly SetAside[];
  /** How many there are; `set_aside` lists the first thousand. */
  readonly set_aside_count: number;
}
