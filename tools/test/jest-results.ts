import { readFileSync } from 'node:fs';
import type { Count } from './check.ts';

/** The members of Jest's `--json` output that say how many tests ran and how they ended. */
interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not even be loaded: none of their tests are counted elsewhere. */
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly { readonly assertionResults: readonly JestTest[] }[];
}

interface JestTest {
  readonly status: string;
  readonly fullName: string;
}

const NOT_RUN: readonly string[] = ['pending', 'skipped', 'todo', 'disabled'];

/** Counts what Jest says that it ran; no result at all is one failure, and so is a run in which nothing ran. */
export function readJestResults(file: string, exitCode: number): Count {
  const results = parse(file);
  if (results === undefined) return { passed: 0, failed: 1, skipped: [] };
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const nothingRan = results.numPassedTests + failed === 0;
  const unexplained = exitCode !== 0 && failed === 0;
  return {
    passed: results.numPassedTests,
    failed: failed + (nothingRan || unexplained ? 1 : 0),
    skipped: results.testResults
      .flatMap((file) => file.assertionResults)
      .filter(({ status }) => NOT_RUN.includes(status))
      .map(({ fullName }) => fullName),
  };
}

function parse(file: string): JestResults | undefined {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  return isJestResults(json) ? json : undefined;
}

function isJestResults(value: unknown): value is JestResults {
  const names = ['numPassedTests', 'numFailedTests', 'numRuntimeErrorTestSuites'];
  return (
    typeof value === 'object' &&
    value !== null &&
    'testResults' in value &&
    Array.isArray(value.testResults) &&
    names.every((name) => name in value && typeof Reflect.get(value, name) === 'number')
  );
}
