import { propertyRuns } from '@dawsos/testing/property-runs';
import fc from 'fast-check';
import { openPatterns, type Patterns } from '../in-process';
import { bookText, type SmallBook } from './small-book';

/** `npm run laws` sets more runs and a seed of its own; a printed seed is given back as `LAWS_SEED`. */
const RUNS = Number(process.env['LAWS_RUNS'] ?? propertyRuns(200));
const SEED = Number(process.env['LAWS_SEED'] ?? 20_240_101);

let opened: Promise<Patterns> | undefined;

/** The shipped patterns, opened once a file. */
export const shippedPatterns = (): Promise<Patterns> => (opened ??= openPatterns());

/** A ledger and a number that picks where it is changed. */
export type Check = (book: SmallBook, pick: number) => Promise<void>;

/** What does not hold of a ledger, with both texts. */
export class Broken extends Error {
  constructor(message: string, ...books: readonly SmallBook[]) {
    super([message, ...books.map(bookText)].join('\n\n'));
  }
}

async function brokenBy(books: fc.Arbitrary<SmallBook>, check: Check): Promise<string | undefined> {
  const property = fc.asyncProperty(books, fc.nat(999), check);
  const { failed, counterexample, seed, counterexamplePath, errorInstance, numRuns } = await fc.check(
    property,
    {
      seed: SEED,
      numRuns: RUNS,
      maxSkipsPerRun: 1_000,
      endOnFailure: false,
    },
  );
  if (!failed) return undefined;
  if (counterexample === null) throw new Error(`only ${String(numRuns)} ledgers were fit for the law`);
  const [book, pick] = counterexample;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const text = bookText(book);
  const found = `LAWS_SEED=${String(seed)}, path ${String(counterexamplePath)}, pick ${String(pick)}\n${reason}`;
  return found.includes(text) ? found : `${found}\n\n${text}`;
}

const MINUTES = 60_000;

/** A law that holds of every random ledger. */
export function law(name: string, books: fc.Arbitrary<SmallBook>, check: Check): void {
  it(
    name,
    async () => {
      const broken = await brokenBy(books, check);
      if (broken !== undefined) throw new Error(broken);
    },
    120 * MINUTES,
  );
}
