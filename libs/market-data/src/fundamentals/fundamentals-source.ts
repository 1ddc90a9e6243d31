import type { Decimal, IsoDate } from '@dawsos/contracts';

/** Figures of one fiscal year, in the currency of the statements; null where the source does not say. */
export interface AnnualStatements {
  /** The last day of the fiscal year. */
  readonly periodEnd: IsoDate;
  /** The day on which the figures became known; null where the source does not say. */
  readonly filed: IsoDate | null;
  readonly currency: string;
  readonly revenue: Decimal | null;
  readonly grossProfit: Decimal | null;
  readonly operatingIncome: Decimal | null;
  readonly interestExpense: Decimal | null;
  readonly netIncome: Decimal | null;
  readonly currentAssets: Decimal | null;
  readonly currentLiabilities: Decimal | null;
  readonly totalDebt: Decimal | null;
  readonly equity: Decimal | null;
  readonly operatingCashFlow: Decimal | null;
  readonly capitalExpenditure: Decimal | null;
}

/** Companies' annual statements from one source, whose `id` the rights registry knows. */
export interface FundamentalsSource {
  readonly id: string;
  /**
   * In order of the fiscal year's end; undefined when the source does not know the symbol.
   * @throws DawsosError `source_malformed`; over HTTP also `source_unavailable` (retryable) and `source_refused`
   */
  annualStatements(symbol: string, signal?: AbortSignal): Promise<readonly AnnualStatements[] | undefined>;
}
