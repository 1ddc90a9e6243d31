import type { BookedPosting, Units } from '../incomplete';
import type { LedgerDecimal } from '../number';

/** What a posting weighs in its transaction's balance: at cost, else at price, else its units. */
export function weightOf({ units, cost, price }: Pick<BookedPosting, 'units' | 'cost' | 'price'>): Units {
  if (cost !== null) return { number: cost.number.multiply(units.number), currency: cost.currency };
  if (price !== null) return { number: price.number.multiply(units.number), currency: price.currency };
  return units;
}

/** The sum of weights by currency. As in an inventory, zeros leave no trace, not even their digits after the point. */
export function residualOf(postings: readonly BookedPosting[]): ReadonlyMap<string, LedgerDecimal> {
  const residual = new Map<string, LedgerDecimal>();
  for (const posting of postings) {
    const { number, currency } = weightOf(posting);
    const held = residual.get(currency);
    const sum = held === undefined ? number : held.add(number);
    if (!sum.isZero) residual.set(currency, sum);
    else if (held !== undefined) residual.delete(currency);
  }
  return residual;
}
