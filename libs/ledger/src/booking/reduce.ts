import type { Faults } from '../faults';
import {
  MISSING,
  type CostSpec,
  type IncompletePosting,
  type IncompleteTransaction,
  type Units,
} from '../incomplete';
import { Inventory, type Lot } from '../inventory';
import type { BookingMethod } from '../model';
import type { LedgerDecimal } from '../number';
import { METHODS, type Match } from './methods';
import { lotText } from './text';

export type MethodOf = (account: string) => BookingMethod;

/**
 * Books the reductions of a group: each is matched with lots that its account holds, and replaced by one posting a lot.
 * Augmentations get the transaction's date; their cost may still lack a number. @returns undefined on a fault.
 */
export function bookReductions(
  entry: IncompleteTransaction,
  postings: readonly IncompletePosting[],
  balances: ReadonlyMap<string, Inventory>,
  methodOf: MethodOf,
  faults: Faults,
): readonly IncompletePosting[] | undefined {
  // What this group has taken must not be taken twice. Copied only where a later posting could: inventories are large.
  const local = new Map<string, Inventory>();
  const booked: IncompletePosting[] = [];
  for (const [index, posting] of postings.entries()) {
    const { account, cost } = posting;
    const units = wholeUnits(posting);
    if (cost?.kind !== 'spec' || units === undefined) {
      booked.push(posting);
      continue;
    }
    const method = methodOf(account);
    const held = local.get(account) ?? balances.get(account);
    if (method === 'NONE' || held === undefined || !held.isReducedBy(units)) {
      booked.push(cost.date === undefined ? { ...posting, cost: { ...cost, date: entry.date } } : posting);
      continue;
    }
    const matches = matching(held, units, cost);
    const text = lotText(units, cost);
    if (matches.length === 0) {
      const balance = lotsText([...held]);
      faults.report(entry.location, `No position matches "${text}" against balance (${balance})`);
      return undefined;
    }
    const reduction = METHODS[method](units, matches);
    if ('fault' in reduction) {
      faults.report(entry.location, reduction.fault(text, lotsText(matches)));
      return undefined;
    }
    for (const lot of reduction.lots) booked.push({ ...posting, ...lot });
    if (!postings.some((later, place) => place > index && later.account === account)) continue;
    const after = local.get(account) ?? new Inventory(held);
    local.set(account, after);
    for (const lot of reduction.lots) after.add(lot);
  }
  return booked;
}

function wholeUnits({ units }: IncompletePosting): Units | undefined {
  if (units === MISSING || units.number === MISSING || units.currency === MISSING) return undefined;
  return { number: units.number, currency: units.currency };
}

function matching(held: Inventory, units: Units, spec: CostSpec): readonly Match[] {
  const number = statedCost(spec, units);
  const matches: Match[] = [];
  for (const lot of held) {
    if (!isAtCost(lot) || lot.units.currency !== units.currency) continue;
    const { cost } = lot;
    if (number !== undefined && !cost.number.equals(number)) continue;
    if (spec.currency !== MISSING && cost.currency !== spec.currency) continue;
    if (spec.date !== undefined && cost.date !== spec.date) continue;
    if (spec.label && cost.label !== spec.label) continue;
    matches.push(lot);
  }
  return matches;
}

const isAtCost = (lot: Lot): lot is Match => lot.cost !== null;

/** The cost of one unit that a spec states; undefined when it leaves a number out. */
function statedCost({ numberPer, numberTotal }: CostSpec, units: Units): LedgerDecimal | undefined {
  if (numberPer === MISSING || numberTotal === MISSING) return undefined;
  if (numberTotal === undefined) return numberPer;
  const size = units.number.abs();
  return numberTotal.add(numberPer.multiply(size)).divide(size);
}

const LOTS_SHOWN = 10;

/** The first ten of them: an account of a savings plan may hold a thousand. */
function lotsText(lots: readonly Pick<Lot, 'units' | 'cost'>[]): string {
  const shown = lots.slice(0, LOTS_SHOWN).map(({ units, cost }) => lotText(units, cost));
  const more = lots.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${String(more)} more`] : [])].join(', ');
}
