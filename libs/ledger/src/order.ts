import type { BookedDirective, ParsedDirective } from './incomplete';

type Entry = ParsedDirective | BookedDirective;

/** On one day: opens first, then balances (they hold at its start); documents after transactions; closes last. */
const DAY_ORDER: Readonly<Record<string, number | undefined>> = {
  open: -2,
  balance: -1,
  document: 1,
  close: 2,
};

export function compareEntries(one: Entry, other: Entry): number {
  if (one.date !== other.date) return one.date < other.date ? -1 : 1;
  const order = (DAY_ORDER[one.type] ?? 0) - (DAY_ORDER[other.type] ?? 0);
  return order === 0 ? one.location.line - other.location.line : order;
}

/** Beancount's order: date, kind, line; equal ones stay as they stood. */
export function sortEntries<T extends Entry>(entries: readonly T[]): T[] {
  return [...entries].sort(compareEntries);
}
