import { ZERO, type Decimal } from '@dawsos/contracts';
import type { Transaction } from '@dawsos/ledger';
import type { CapabilityContext } from '../capability';
import type { LotMovement } from '../financial-analyst/lot-movements';
import { rateToBase } from '../financial-analyst/market-history';

export interface TradingCosts {
  /** Base currency: what selling these units cost. */
  ofSale(movement: LotMovement): Decimal;
  /** Base currency per today's unit: what buying the units of a pool cost; 0 where they were not bought here. */
  readonly perUnit: (pool: string) => Decimal;
}

/** The expenses booked in the transactions of trades, at the day's rates, shared by value among what they trade. */
export function tradingCosts(
  movements: readonly LotMovement[],
  context: CapabilityContext,
  poolOf: (movement: LotMovement) => string,
): TradingCosts {
  const traded = new Map<Transaction, Decimal>();
  for (const movement of movements) {
    if (!isTrade(movement)) continue;
    const { transaction } = movement;
    traded.set(transaction, (traded.get(transaction) ?? ZERO).plus(valueOf(movement, context)));
  }
  const costOf = (movement: LotMovement): Decimal => {
    const total = traded.get(movement.transaction) ?? ZERO;
    const expenses = expensesOf(movement.transaction, context);
    if (expenses.isZero() || total.isZero()) return ZERO;
    const value = valueOf(movement, context);
    return value.equals(total) ? expenses : expenses.times(value).div(total);
  };
  const bought = new Map<string, { units: Decimal; costs: Decimal }>();
  for (const movement of movements) {
    if (movement.kind !== 'bought') continue;
    const pool = poolOf(movement);
    const { units, costs } = bought.get(pool) ?? { units: ZERO, costs: ZERO };
    bought.set(pool, {
      units: units.plus(movement.todaysUnits),
      costs: costs.plus(costOf(movement)),
    });
  }
  return {
    ofSale: costOf,
    perUnit: (pool) => {
      const known = bought.get(pool);
      return known === undefined || known.units.isZero() ? ZERO : known.costs.div(known.units);
    },
  };
}

const isTrade = ({ kind }: LotMovement): boolean => kind === 'bought' || kind === 'sold';

/** What the units changed hands for: the price of a sale, the cost of a purchase. */
function valueOf(
  { kind, posting, cost, units, transaction }: LotMovement,
  context: CapabilityContext,
): Decimal {
  const { number, currency } = kind === 'sold' && posting.price !== null ? posting.price : cost;
  return units
    .abs()
    .times(number.toDecimal())
    .times(rateToBase(currency, transaction.date, context));
}

function expensesOf(transaction: Transaction, context: CapabilityContext): Decimal {
  return transaction.postings
    .filter(({ account }) => context.ledger.account(account).kind === 'expenses')
    .reduce(
      (sum, { units }) =>
        sum.plus(units.number.toDecimal().times(rateToBase(units.currency, transaction.date, context))),
      ZERO,
    );
}
