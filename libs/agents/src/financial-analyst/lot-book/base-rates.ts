import { ONE, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Lack } from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../../capability';

/** Base currency for an amount on a day, or why it cannot be told. */
export type InBase = (amount: Decimal, currency: string, date: IsoDate | null) => Decimal | Lack;

export const isLack = (value: Decimal | Lack): value is Lack => 'code' in value;

/** Converts at the pack's rate of the day; a missing rate, or a day that the ledger leaves out, is a lack. */
export function createInBase({ pack, ledger }: CapabilityContext): InBase {
  const { baseCurrency } = ledger.portfolio();
  const known = new Map<string, Decimal | Lack>();
  const rateOn = (currency: string, date: IsoDate | null): Decimal | Lack => {
    if (currency === baseCurrency) return ONE;
    if (date === null) {
      return {
        code: 'lot_undated',
        detail: `a cost in ${currency} has no day's rate, its lot being undated`,
      };
    }
    const rate = pack.rate(currency, baseCurrency, date);
    if (rate !== undefined) return rate.number;
    return {
      code: 'rate_missing',
      detail: `there is no rate of ${currency} to ${baseCurrency} on or before ${date}`,
    };
  };
  return (amount, currency, date) => {
    const key = `${currency} ${date ?? ''}`;
    const rate = known.get(key) ?? rateOn(currency, date);
    known.set(key, rate);
    return isLack(rate) ? rate : rate.equals(ONE) ? amount : amount.times(rate);
  };
}
