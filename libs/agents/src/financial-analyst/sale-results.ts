import { Decimal, ZERO } from '@dawsos/contracts';
import type { Posting, Transaction } from '@dawsos/ledger';

/** An amount that a posting must have to be the result of sales at a price. */
interface Expected {
  readonly currency: string;
  readonly amount: Decimal;
}

/**
 * The postings among `candidates` whose amount is cost − price × units: of all that the entry sells at a price in
 * that currency; or, one for each, of every posting sold. Beancount balances by cost, so an amount that is exactly
 * that is the result of the sale whatever its account is called. `preferred` settles a tie.
 */
export function provenResults(
  transaction: Transaction,
  candidates: readonly Posting[],
  preferred: (posting: Posting) => boolean,
): Posting[] {
  const each = resultsAtPrice(transaction);
  return [...new Set(each.map(({ currency }) => currency))].flatMap((currency) => {
    const parts = each.filter((one) => one.currency === currency);
    const amount = parts.reduce((sum, one) => sum.plus(one.amount), ZERO);
    const whole = amount.isZero() ? undefined : matching({ currency, amount }, candidates, preferred);
    if (whole !== undefined) return [whole];
    const found: Posting[] = [];
    for (const part of parts) {
      const one = matching(
        part,
        candidates.filter((posting) => !found.includes(posting)),
        preferred,
      );
      if (one === undefined) return [];
      found.push(one);
    }
    return found;
  });
}

/** For each posting with a cost and a price in one currency, what winning or losing on it leaves to be booked. */
function resultsAtPrice({ postings }: Transaction): Expected[] {
  return postings.flatMap(({ units, cost, price }): Expected[] => {
    if (cost === null || price === null || cost.currency !== price.currency) return [];
    const won = price.number.toDecimal().minus(cost.number.toDecimal()).times(units.number.toDecimal());
    return won.isZero() ? [] : [{ currency: cost.currency, amount: won }];
  });
}

function matching(
  { currency, amount }: Expected,
  candidates: readonly Posting[],
  preferred: (posting: Posting) => boolean,
): Posting | undefined {
  const equal = candidates.filter(
    ({ units }) =>
      units.currency === currency &&
      units.number.toDecimal().minus(amount).abs().lessThan(lastDigit(units.number.scale)),
  );
  return equal.length > 1 ? (equal.find(preferred) ?? equal[0]) : equal[0];
}

/** Books are rounded to the digits of the amount that is written. */
const lastDigit = (scale: number): Decimal => new Decimal(10).pow(-Math.max(scale, 0));
