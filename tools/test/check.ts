/** What one check or suite came to, in single checks or tests. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  /** The names of those that did not run. */
  readonly skipped: readonly string[];
  /** How long each test file took, in seconds. */
  readonly files: readonly TimedFile[];
}

export interface TimedFile {
  readonly name: string;
  readonly seconds: number;
}

export const NONE: Count = { passed: 0, failed: 0, skipped: [], files: [] };
export const PASSED: Count = { ...NONE, passed: 1 };
export const FAILED: Count = { ...NONE, failed: 1 };

export interface Check {
  readonly name: string;
  /** Runs it; what went wrong is on stderr by the time that it resolves. */
  run(): Promise<Count>;
}

export function add(one: Count, other: Count): Count {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
    files: [...one.files, ...other.files],
  };
}

/** The line that closes a run; what was skipped is never left out in silence. */
export function closingLine({ passed, failed, skipped }: Count): string {
  const skippedText = skipped.length === 0 ? '' : `, ${String(skipped.length)} skipped`;
  return `${String(passed)} passed, ${String(failed)} failed${skippedText}`;
}

const SLOWEST = 10;

/** The files that took longest, a line each. */
export function slowestLines({ files }: Count): readonly string[] {
  return [...files]
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, SLOWEST)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`);
}
