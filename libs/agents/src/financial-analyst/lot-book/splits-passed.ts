import { daysBetween, ONE, type Decimal, type IsoDate } from '@dawsos/contracts';
import { isNear } from './pairing';

/** A split that is booked in several accounts or entries within so many days is one. */
const SAME_SPLIT_DAYS = 7;

/** The splits that a book has gone through so far: an epoch of a commodity is their number. */
export interface SplitsPassed {
  /** Notes a booking of a split; the epoch after it. */
  book(commodity: string, ratio: Decimal, date: IsoDate): number;
  epoch(commodity: string): number;
  /** How many of the newest units one unit of an epoch is. */
  sizeOf(commodity: string, epoch: number): Decimal;
}

export function createSplitsPassed(): SplitsPassed {
  const passed = new Map<string, { ratio: Decimal; date: IsoDate }[]>();
  const of = (commodity: string): { ratio: Decimal; date: IsoDate }[] => passed.get(commodity) ?? [];
  return {
    book(commodity, ratio, date) {
      const splits = of(commodity);
      const known = splits.findIndex(
        (split) => isNear(split.ratio, ratio) && daysBetween(split.date, date) <= SAME_SPLIT_DAYS,
      );
      if (known >= 0) return known + 1;
      passed.set(commodity, [...splits, { ratio, date }]);
      return splits.length + 1;
    },
    epoch: (commodity) => of(commodity).length,
    sizeOf: (commodity, epoch) =>
      of(commodity)
        .slice(epoch)
        .reduce((size, { ratio }) => size.times(ratio), ONE),
  };
}
