import type { IsoDate } from '@dawsos/contracts';

export interface NewsItem {
  /** UTC, as the source writes it: `2025-10-20T13:05:00Z`. */
  readonly publishedAt: string;
  readonly publisher: string;
  readonly title: string;
  readonly summary: string | null;
  readonly url: string;
}

/** News on companies from one source, whose `id` the rights registry knows. */
export interface NewsSource {
  readonly id: string;
  /**
   * What was published on the UTC days from `from` to `to`, newest first; undefined when the source does not know the
   * symbol.
   * @throws DawsosError `source_malformed`; over HTTP also `source_unavailable` (retryable) and `source_refused`
   */
  news(
    symbol: string,
    from: IsoDate,
    to: IsoDate,
    signal?: AbortSignal,
  ): Promise<readonly NewsItem[] | undefined>;
}
