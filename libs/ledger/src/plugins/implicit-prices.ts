import type { Transformation } from '../checks/transformation';
import type { BookedDirective, BookedPosting, BookedTransaction, Units } from '../incomplete';
import { Inventory, type Change } from '../inventory';
import type { Price } from '../model';

const FIELD = '__implicit_prices__';

/** `beancount.plugins.implicit_prices`: a price directive for each posting with a price, or with a cost that reduces no lot. */
export const implicitPrices: Transformation = (entries) => {
  const balances = new Map<string, Inventory>();
  const seen = new Set<string>();
  const result: BookedDirective[] = [];
  for (const entry of entries) {
    result.push(entry);
    if (entry.type !== 'transaction') continue;
    for (const posting of entry.postings) {
      const held = balances.get(posting.account) ?? new Inventory();
      balances.set(posting.account, held);
      const price = implied(entry, posting, held.add(posting));
      if (price === undefined) continue;
      const { number, currency } = price.quote;
      const key = `${entry.date} ${posting.units.currency} ${number.key} ${currency}`;
      if (seen.has(key)) continue;
      seen.add(key);
      result.push(price.entry);
    }
  }
  return result;
};

function implied(
  { date, location }: BookedTransaction,
  { units, cost, price }: BookedPosting,
  change: Change,
): { quote: Units; entry: Price } | undefined {
  const quote = price ?? (cost !== null && change !== 'reduced' ? cost : null);
  if (quote === null) return undefined;
  const amount = { number: quote.number, currency: quote.currency };
  const meta = new Map([
    [FIELD, { kind: 'string' as const, value: price === null ? 'from_cost' : 'from_price' }],
  ]);
  return { quote: amount, entry: { type: 'price', date, currency: units.currency, amount, meta, location } };
}
