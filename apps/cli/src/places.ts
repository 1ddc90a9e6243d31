import { resolve } from 'node:path';

/** The folders that the CLI works in. */
export interface Places {
  /** The project: patterns, examples, the other apps. */
  readonly root: string;
  /** What the embedded services keep. */
  readonly data: string;
  /** Whether `data` was named; else a ledger of one's own has a folder below `booksFolder`. */
  readonly isNamed: boolean;
  readonly booksFolder: string;
}

export function findPlaces(
  environment: Readonly<Record<string, string | undefined>>,
  dataOption: string | undefined,
): Places {
  const root = environment['DAWSOS_ROOT'] ?? resolve(__dirname, '..', '..', '..');
  const named = dataOption ?? (environment['DAWSOS_DATA'] || undefined);
  return {
    root,
    data: resolve(named ?? resolve(root, '.dawsos', 'data')),
    isNamed: named !== undefined,
    booksFolder: resolve(root, '.dawsos', 'books'),
  };
}
