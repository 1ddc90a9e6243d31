import type { Faults } from '../faults';
import type { BookedDirective } from '../incomplete';
import type { Document, LedgerError } from '../model';
import type { FileOptions } from '../options';

/** What a transformation of a ledger's entries may use. */
export interface Context {
  readonly options: FileOptions;
  readonly faults: Faults;
  readonly documents: DocumentFiles;
}

/** What was found among the files, before entries are transformed. */
export interface DocumentFiles {
  /** Whether a document named in the ledger is there. */
  has(filename: string): boolean;
  /** Documents found in the folders of the option `documents`. */
  readonly found: readonly Document[];
  /** What was wrong with these folders. */
  readonly errors: readonly LedgerError[];
}

/** A step of loading, or a plugin: entries in, entries out, faults reported. */
export type Transformation = (
  entries: readonly BookedDirective[],
  context: Context,
) => readonly BookedDirective[];
