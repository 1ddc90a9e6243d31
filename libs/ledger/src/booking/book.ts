import type { Faults } from '../faults';
import type { BookedDirective, BookedPosting, IncompleteTransaction, ParsedDirective } from '../incomplete';
import { Inventory } from '../inventory';
import type { BookingMethod } from '../model';
import type { FileOptions } from '../options';
import { categorize } from './categorize';
import { interpolateGroup } from './interpolate';
import { bookReductions, type MethodOf } from './reduce';
import { inferTolerances } from './tolerance';

/**
 * Books and interpolates a ledger's transactions, which feed on each other: reductions first, against the lots held
 * before; then, in each currency of balance, the number left out. Augmentations are completed last.
 * A transaction whose currencies cannot be told is left out; a group with a fault loses its postings.
 */
export function book(
  entries: readonly ParsedDirective[],
  options: FileOptions,
  faults: Faults,
): readonly BookedDirective[] {
  const methods = new Map<string, BookingMethod>();
  for (const entry of entries) {
    if (entry.type === 'open' && entry.booking !== null) methods.set(entry.account, entry.booking);
  }
  const methodOf: MethodOf = (account) => methods.get(account) ?? options.bookingMethod;
  const balances = new Map<string, Inventory>();
  const booked: BookedDirective[] = [];
  for (const entry of entries) {
    if (entry.type !== 'transaction') {
      booked.push(entry);
      continue;
    }
    const postings = bookTransaction(entry, balances, methodOf, options, faults);
    if (postings === undefined) continue;
    for (const posting of postings) {
      let balance = balances.get(posting.account);
      if (balance === undefined) balances.set(posting.account, (balance = new Inventory()));
      balance.add(posting);
    }
    booked.push({ ...entry, postings });
  }
  return booked;
}

function bookTransaction(
  entry: IncompleteTransaction,
  balances: ReadonlyMap<string, Inventory>,
  methodOf: MethodOf,
  options: FileOptions,
  faults: Faults,
): readonly BookedPosting[] | undefined {
  const groups = categorize(entry, balances, faults);
  if (groups === undefined) return undefined;
  const tolerances = inferTolerances(entry.postings, options);
  const result: BookedPosting[] = [];
  for (const { currency, postings } of groups) {
    const reduced = bookReductions(entry, postings, balances, methodOf, faults);
    if (reduced !== undefined) result.push(...interpolateGroup(reduced, currency, tolerances, faults));
  }
  return result;
}
