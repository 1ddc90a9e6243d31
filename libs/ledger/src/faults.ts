import type { LedgerError, SourceLocation } from './model';

/** Collects a ledger's faults in the order in which they are found. */
export class Faults {
  readonly errors: LedgerError[] = [];

  report(location: SourceLocation, message: string): void {
    this.errors.push({ location, message });
  }
}

/** Where Beancount files what stands at no line: a file that is missing or read twice. */
export const LOAD_LOCATION: SourceLocation = { file: '<load>', line: 0 };
