import type { ColumnType, Generated } from 'kysely';

/** `YYYY-MM-DD` in and out: select it with `::text`, since drivers differ in what they make of a date. */
type DateText = ColumnType<string, string, string>;
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type GeneratedTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;

export interface PacksTable {
  /** `PP_YYYY-MM-DD`, with an optional suffix of policy and restatement. */
  pack_id: string;
  asof_date: DateText;
  policy: string;
  /** 0 for the first pack of a day and policy, n for its n-th restatement. */
  restatement: Generated<number>;
  status: 'warming' | 'fresh' | 'error' | 'stale';
  content_hash: string | null;
  created_at: GeneratedTimestamp;
  updated_at: GeneratedTimestamp;
  /** Set when the pack is sealed; from then on its content cannot change. */
  built_at: Timestamp | null;
  superseded_by: string | null;
  superseded_reason: string | null;
  price_count: Generated<number>;
  rate_count: Generated<number>;
  sources: Generated<string[]>;
  error_code: string | null;
  error_detail: ColumnType<unknown, string | null, string | null>;
  /** What the build reports beside its rows: set-aside prices, coverage, reconciliation. */
  report: ColumnType<unknown, string | null, string | null>;
}

export interface PricesTable {
  pack_id: string;
  commodity: string;
  date: DateText;
  /** Plain digits, as given: never a float. */
  number: string;
  currency: string;
  source: string;
}

/** Units of `quote` per unit of `base`. */
export interface FxRatesTable {
  pack_id: string;
  base: string;
  quote: string;
  date: DateText;
  number: string;
  source: string;
}

export interface PackTables {
  packs: PacksTable;
  prices: PricesTable;
  fx_rates: FxRatesTable;
}
