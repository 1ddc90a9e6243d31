import type { Transformation } from '../checks/transformation';
import type { BookedDirective, BookedPosting, BookedTransaction, Units } from '../incomplete';
import { Inventory, type Change } from '../inventory';
import type { MetaValue, Price } from '../model';

const FIELD = '__implicit_prices__';

/** Metadata of a price that no trade made: that of a move, a split, an opening or a gift. */
export const NO_TRADE = '__no_trade__';

/** `beancount.plugins.implicit_prices`: a price directive for each posting with a price, or with a cost that reduces no lot. */
export const implicitPrices: Transformation = (entries, { options }) => {
  const equity = options.strings.get('name_equity') ?? '';
  const balances = new Map<string, Inventory>();
  const seen = new Set<string>();
  const result: BookedDirective[] = [];
  for (const entry of entries) {
    result.push(entry);
    if (entry.type !== 'transaction') continue;
    for (const posting of entry.postings) {
      const held = balances.get(posting.account) ?? new Inventory();
      balances.set(posting.account, held);
      const price = implied(entry, posting, held.add(posting), equity);
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
  entry: BookedTransaction,
  posting: BookedPosting,
  change: Change,
  equity: string,
): { quote: Units; entry: Price } | undefined {
  const { date, location } = entry;
  const { units, cost, price } = posting;
  const quote = price ?? (cost !== null && change !== 'reduced' ? cost : null);
  if (quote === null) return undefined;
  const amount = { number: quote.number, currency: quote.currency };
  const meta = new Map<string, MetaValue>([
    [FIELD, { kind: 'string', value: price === null ? 'from_cost' : 'from_price' }],
  ]);
  if (!isTrade(entry, posting, equity)) meta.set(NO_TRADE, { kind: 'boolean', value: true });
  return { quote: amount, entry: { type: 'price', date, currency: units.currency, amount, meta, location } };
}

/**
 * What changed hands for money on the day. Units that leave and come back in one entry moved or were split; lots of an
 * older day, or against equity alone, or against other lots, were brought along at a cost that is history.
 */
function isTrade({ date, postings }: BookedTransaction, posting: BookedPosting, equity: string): boolean {
  const own = postings.filter(({ units }) => units.currency === posting.units.currency);
  const others = postings.filter(({ units }) => units.currency !== posting.units.currency);
  const sides = new Set(own.filter(({ cost }) => cost !== null).map(({ units }) => units.number.sign < 0));
  if (sides.size > 1) return false;
  if (posting.price !== null) return true;
  if (posting.cost?.date !== date || others.some(({ cost }) => cost !== null)) return false;
  return others.some(({ account }) => account.split(':', 1)[0] !== equity);
}
