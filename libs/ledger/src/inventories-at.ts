import type { IsoDate } from '@dawsos/contracts';
import { Inventory } from './inventory';
import type { LotCost } from './incomplete';
import type { Cost, Directive, Posting } from './model';
import { LedgerDecimal } from './number';

/**
 * What each account holds at the end of `date` (of the ledger without one), by account name. Accounts that hold nothing
 * are left out.
 */
export function inventoriesAt(entries: readonly Directive[], date?: IsoDate): ReadonlyMap<string, Inventory> {
  const inventories = new Map<string, Inventory>();
  for (const entry of entries) {
    if (date !== undefined && entry.date > date) break;
    if (entry.type !== 'transaction') continue;
    for (const posting of entry.postings) {
      const held = inventories.get(posting.account) ?? new Inventory();
      inventories.set(posting.account, held);
      addPosting(held, posting);
    }
  }
  const holding = [...inventories].filter(([, held]) => held.size > 0);
  return new Map(holding.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Adds a booked posting to an inventory. */
export function addPosting(inventory: Inventory, { units, cost }: Pick<Posting, 'units' | 'cost'>): void {
  inventory.add({
    units: { number: LedgerDecimal.from(units.number), currency: units.currency },
    cost: cost && lotCost(cost),
  });
}

function lotCost(cost: Cost): LotCost {
  // A loaded ledger's costs are lot costs already, and keep their inventory key.
  if ('kind' in cost && cost.number instanceof LedgerDecimal) return cost as LotCost;
  return { ...cost, kind: 'cost', number: LedgerDecimal.from(cost.number) };
}
