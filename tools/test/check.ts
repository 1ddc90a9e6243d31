/** What one check or suite came to, in single checks or tests. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const PASSED: Count = { passed: 1, failed: 0, skipped: 0 };
export const FAILED: Count = { passed: 0, failed: 1, skipped: 0 };

export interface Check {
  readonly name: string;
  /** Runs it; what went wrong is on stderr by the time that it resolves. */
  run(): Promise<Count>;
}

export function add(one: Count, other: Count): Count {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/** The line that closes a run; what was skipped is never left out in silence. */
export function closingLine({ passed, failed, skipped }: Count): string {
  const skippedText = skipped === 0 ? '' : `, ${String(skipped)} skipped`;
  return `${String(passed)} passed, ${String(failed)} failed${skippedText}`;
}
