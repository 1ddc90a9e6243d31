import type { Decimal, IsoDate } from '@dawsos/contracts';

/** A number on a day: a price, a rate, a quantity after the day's transactions, a cash flow. */
export interface Dated {
  readonly date: IsoDate;
  readonly number: Decimal;
}
