import { ZERO, type Decimal } from '@dawsos/contracts';
import type { Transaction } from '@dawsos/ledger';
import type { Lack } from '@dawsos/portfolio-math';
import type { OutsidePosting } from '../role';
import { isLack, type InBase } from './base-rates';
import type { Acquired, Disposed } from './changes';

export type Trade = Acquired | Disposed;

/** In base currency, what a trade of an entry cost beside its price. */
export type CostsOf = (trade: Trade) => Decimal | Lack;

/** The entry's postings of role `trading_cost` at the day's rates, shared by value among what it trades. */
export function tradeCosts(
  { date }: Transaction,
  trades: readonly Trade[],
  roles: readonly OutsidePosting[],
  inBase: InBase,
): CostsOf {
  const costs = roles.filter(({ role }) => role === 'trading_cost');
  if (costs.length === 0) return () => ZERO;
  const total = added(
    costs.map(({ posting: { units } }) => inBase(units.number.toDecimal(), units.currency, date)),
  );
  const [first] = trades;
  const isOneCurrency = trades.every(({ currency }) => currency === first?.currency);
  const valueOf = ({ amount, currency }: Trade): Decimal | Lack =>
    isOneCurrency ? amount : inBase(amount, currency, date);
  const values = added(trades.map(valueOf));
  return (trade) => {
    const value = valueOf(trade);
    if (isLack(total)) return total;
    if (trades.length === 1) return total;
    if (isLack(value)) return value;
    if (isLack(values)) return values;
    return values.isZero() ? total.div(trades.length) : total.times(value).div(values);
  };
}

function added(parts: readonly (Decimal | Lack)[]): Decimal | Lack {
  let sum: Decimal = ZERO;
  for (const part of parts) {
    if (isLack(part)) return part;
    sum = sum.plus(part);
  }
  return sum;
}
