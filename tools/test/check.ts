/** What one check or suite came to, in single checks or tests. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  /** The names of those that did not run. */
  readonly skipped: readonly string[];
}

export const PASSED: Count = { passed: 1, failed: 0, skipped: [] };
export const FAILED: Count = { passed: 0, failed: 1, skipped: [] };

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
  };
}

/** The line that closes a run; what was skipped is never left out in silence. */
export function closingLine({ passed, failed, skipped }: Count): string {
  const skippedText = skipped.length === 0 ? '' : `, ${String(skipped.length)} skipped`;
  return `${String(passed)} passed, ${String(failed)} failed${skippedText}`;
}
