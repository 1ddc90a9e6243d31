import { DawsosError } from '@dawsos/contracts';

/** A place in a file; `line` and `column` count from 1, `column` in UTF-16 units as editors do. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong in a pattern file: a value, collected, so that one run reports all. */
export interface PatternFault {
  readonly position: Position;
  readonly message: string;
  /** The line of the file with a caret under the place. */
  readonly excerpt: string;
}

/** `patterns/x.json:12:9: message`, then the excerpt. */
export function formatFault(fault: PatternFault): string {
  const { file, line, column } = fault.position;
  return `${file}:${line}:${column}: ${fault.message}\n${fault.excerpt}`;
}

/** The faults as one DawsosError `pattern_invalid`; its message lists every fault, its `faults` extension holds them as data. */
export function patternInvalid(faults: readonly PatternFault[]): DawsosError {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return new DawsosError('pattern_invalid', `${count}\n${faults.map(formatFault).join('\n')}`, {
    extensions: {
      faults: faults.map(({ position, message, excerpt }) => ({ ...position, message, excerpt })),
    },
  });
}

/** Faults in the order of the file, so that a reader goes through it once. */
export function inFileOrder(faults: readonly PatternFault[]): readonly PatternFault[] {
  return [...faults].sort(
    (a, b) => a.position.line - b.position.line || a.position.column - b.position.column,
  );
}
