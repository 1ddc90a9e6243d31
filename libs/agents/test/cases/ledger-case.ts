import path from 'node:path';
import { isoDate, type JsonObject } from '@dawsos/contracts';
import { directorySource } from '@dawsos/ledger';
import type { PricingPack } from '@dawsos/pricing';
import { askBooks, openBooks, packOf, type Answer, type Books, type Patterns } from '../in-process';

/** One thing that must hold; `seen` is shown where it does not. */
export type Need = (what: string, holds: boolean, seen: unknown) => void;

export interface OpenCase {
  readonly folder: string;
  readonly books: Books;
  /** Runs a pattern that ships on the portfolio `main`, as of the case's day unless another is named. */
  ask(pattern: string, inputs?: JsonObject, asof?: string): Promise<Answer>;
  readonly need: Need;
}

/** A small ledger with its prices and the right answers, whose reasons stand in `expected.md` beside it. */
export interface LedgerCase {
  /** The day on which it is asked. */
  readonly today: string;
  judge(open: OpenCase): Promise<void>;
}

/** What of a case is not right; empty when all is. */
export async function faultsOf(
  { today, judge }: LedgerCase,
  folder: string,
  patterns: Patterns,
): Promise<string[]> {
  const wrong: string[] = [];
  const market = path.join(folder, 'market');
  const books = await openBooks(directorySource(path.join(folder, 'ledger')), market);
  const packs = new Map<string, PricingPack>();
  await judge({
    folder,
    books,
    ask(pattern, inputs = {}, asof = today) {
      const pack = packs.get(asof) ?? packOf(books, isoDate(asof));
      packs.set(asof, pack);
      return askBooks(patterns, books, { pattern, portfolio: 'main', asof, inputs }, pack);
    },
    need(what, holds, seen) {
      if (!holds) wrong.push(`${what}: saw ${brief(seen)}`);
    },
  });
  return wrong;
}

function brief(seen: unknown): string {
  const text = typeof seen === 'string' ? seen : (JSON.stringify(seen) ?? 'nothing');
  return text.replaceAll(/\s+/g, ' ').slice(0, 600);
}
