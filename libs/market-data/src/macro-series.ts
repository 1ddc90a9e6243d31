import type { Decimal, IsoDate } from '@dawsos/contracts';

/** The value of a period; `date` is the period's first day, as FRED dates it. */
export interface MacroObservation {
  readonly date: IsoDate;
  readonly value: Decimal;
}

export interface MacroSeries {
  /** The source's own id: `CPIAUCSL`. */
  readonly id: string;
  /** In date order, a day once. A period without a value is not there. */
  readonly observations: readonly MacroObservation[];
  /** Periods that the source lists without a value (`.` in FRED's formats). */
  readonly missing: readonly IsoDate[];
}

/** Macro-economic series from one source, whose `id` the rights registry knows. */
export interface MacroSeriesSource {
  readonly id: string;
  /**
   * The observations of periods that begin from `from` to `to`, both included; none when the source has none there.
   * @throws DawsosError `series_not_found`; `source_unavailable` (503, with `Retry-After`), `source_refused` (key or
   * plan) or
   * `source_malformed`
   */
  series(id: string, from: IsoDate, to: IsoDate, signal?: AbortSignal): Promise<MacroSeries>;
}

/** A FRED series id: upper-case letters, digits, `_` and, in a few, `.` or `-`. */
export const SERIES_ID = /^[A-Z0-9][A-Z0-9_.-]{0,63}$/;
