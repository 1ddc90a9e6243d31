import { isNationalCurrency, ONE, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { SourceLocation } from '../model';

/** Where a ledger changes the units of a commodity for a split: the entry there, in the accounts that it names. */
export interface SplitBooking {
  readonly date: IsoDate;
  readonly location: SourceLocation;
  readonly accounts: readonly string[];
}

/** A split of a commodity: one event, however many accounts and lots book it. */
export interface CommoditySplit {
  readonly commodity: string;
  /** Units after for a unit before: 4 for a split of four for one, 0.1 for one of one for ten. */
  readonly ratio: Decimal;
  /** The first day on which quotes are of the new unit, where the ledger declares it. */
  readonly exDate: IsoDate | null;
  /** The day of the first booking in the ledger; null where the split is declared and not booked. */
  readonly bookedOn: IsoDate | null;
  readonly bookings: readonly SplitBooking[];
  /** Accounts that held the commodity on that day and do not book the split. */
  readonly leftOut: readonly string[];
}

/** Two bookings near each other that say different things of one split. */
export interface CommodityFault {
  readonly code: 'split_ratios_differ';
  readonly date: IsoDate;
  readonly detail: string;
}

/** What is so of a commodity itself, and of no entry or account. */
export interface CommodityFacts {
  readonly commodity: string;
  readonly isMoney: boolean;
  /** Metadata `asset_class` of the commodity directive. */
  readonly assetClass: string | null;
  /** Metadata `asset_class: "counter"`: hours, miles, allowances; it has no value. */
  readonly isCounter: boolean;
  /** Units that one quote is of (metadata `unit_size`): 100 where a bond is quoted in per cent; else 1. */
  readonly unitSize: Decimal;
  /** In order of their days. */
  readonly splits: readonly CommoditySplit[];
  readonly faults: readonly CommodityFault[];
  /**
   * Sources whose quotes are adjusted for splits (`custom "source" "NAME"` with metadata `adjusted: "splits"`); none
   * where the commodity was never split.
   */
  readonly adjustedSources: readonly string[];
}

/** The facts of a commodity about which no ledger says anything. */
export function undeclaredFacts(commodity: string): CommodityFacts {
  return {
    commodity,
    isMoney: isNationalCurrency(commodity),
    assetClass: null,
    isCounter: false,
    unitSize: ONE,
    splits: [],
    faults: [],
    adjustedSources: [],
  };
}
