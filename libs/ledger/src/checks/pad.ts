import { balanceTolerance } from '../booking/tolerance';
import { lotText } from '../booking/text';
import type { BookedDirective, BookedPosting, BookedTransaction, Units } from '../incomplete';
import { Inventory } from '../inventory';
import type { Pad } from '../model';
import { LedgerDecimal } from '../number';
import { compareEntries } from '../order';
import { isWithin } from './accounts';
import type { Context, Transformation } from './transformation';

/** An event in an account's life: a directive, or one posting of a transaction. */
interface AccountEvent {
  readonly entry: BookedDirective;
  readonly posting?: BookedPosting;
}

/** Inserts, behind each pad, the transactions that make the next balance of its account come true, one a currency. */
export const pad: Transformation = (entries, context) => {
  const pads = entries.filter((entry) => entry.type === 'pad');
  if (pads.length === 0) return entries;
  const inserted = new Map<Pad, BookedTransaction[]>(pads.map((entry) => [entry, []]));
  const byAccount = eventsByAccount(entries);
  for (const account of [...new Set(pads.map((entry) => entry.account))].sort()) {
    padAccount(account, byAccount, inserted, context);
  }
  return entries.flatMap((entry): readonly BookedDirective[] => {
    if (entry.type !== 'pad') return [entry];
    const transactions = inserted.get(entry) ?? [];
    if (transactions.length === 0) context.faults.report(entry.location, 'Unused Pad entry');
    return [entry, ...transactions];
  });
};

function eventsByAccount(entries: readonly BookedDirective[]): ReadonlyMap<string, readonly AccountEvent[]> {
  const byAccount = new Map<string, AccountEvent[]>();
  const add = (account: string, event: AccountEvent) => {
    const events = byAccount.get(account);
    if (events === undefined) byAccount.set(account, [event]);
    else events.push(event);
  };
  for (const entry of entries) {
    if (entry.type === 'transaction') {
      for (const posting of entry.postings) add(posting.account, { entry, posting });
    } else if (entry.type === 'pad' || entry.type === 'balance') {
      add(entry.account, { entry });
    }
  }
  return byAccount;
}

function padAccount(
  account: string,
  byAccount: ReadonlyMap<string, readonly AccountEvent[]>,
  inserted: ReadonlyMap<Pad, BookedTransaction[]>,
  { options, faults }: Context,
): void {
  const events = [...byAccount]
    .flatMap(([name, own]) => (isWithin(name, account) ? own : []))
    .sort((one, other) => compareEntries(one.entry, other.entry));
  const held = new Inventory();
  let active: Pad | undefined;
  let padded = new Set<string>();
  for (const { entry, posting } of events) {
    if (posting !== undefined) {
      held.add(posting);
    } else if (entry.type === 'pad') {
      if (entry.account !== account) continue;
      active = entry;
      padded = new Set();
    } else if (entry.type === 'balance') {
      const { currency, number } = entry.amount;
      const difference = number.subtract(unitsOf(held, currency));
      const isOff = difference.abs().compare(balanceTolerance(entry, options)) > 0;
      if (isOff && active !== undefined && !padded.has(currency)) {
        for (const lot of held) {
          if (lot.units.currency !== currency || lot.cost === null) continue;
          const lots = [...held].map((each) => lotText(each.units, each.cost)).join(', ');
          faults.report(entry.location, `Attempt to pad an entry with cost for balance: (${lots})`);
        }
        const units = { number: difference, currency };
        inserted.get(active)?.push(padding(active, units, entry.amount));
        held.add({ units, cost: null });
      }
      padded.add(currency);
    }
  }
}

function unitsOf(held: Inventory, currency: string): LedgerDecimal {
  let total = LedgerDecimal.ZERO;
  for (const { units } of held) if (units.currency === currency) total = total.add(units.number);
  return total;
}

function padding(entry: Pad, units: Units, target: Units): BookedTransaction {
  const posting = (account: string, number: LedgerDecimal): BookedPosting => ({
    account,
    units: { number, currency: units.currency },
    cost: null,
    price: null,
    flag: null,
    meta: new Map(),
    interpolated: false,
  });
  const wanted = `${target.number.toString()} ${target.currency}`;
  return {
    type: 'transaction',
    date: entry.date,
    meta: entry.meta,
    location: entry.location,
    flag: 'P',
    payee: null,
    narration: `(Padding inserted for Balance of ${wanted} for difference ${lotText(units, null)})`,
    tags: [],
    links: [],
    postings: [posting(entry.account, units.number), posting(entry.sourceAccount, units.number.negate())],
  };
}
