import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { add, NONE, type Count } from './check.ts';

/** The members of Jest's `--json` output that say how many tests ran and how they ended. */
interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not even be loaded: none of their tests are counted elsewhere. */
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly JestTest[];
  }[];
}

interface JestTest {
  readonly status: string;
  readonly fullName: string;
}

const NOT_RUN: readonly string[] = ['pending', 'skipped', 'todo', 'disabled'];

/** Counts what Jest says that it ran in all results of `folder`; no result at all is one failure. */
export function readJestResults(folder: string, root: string, exitCode: number): Count {
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
    : [];
  const counts = files.map((name) => countOf(join(folder, name), root));
  const total = counts.reduce(add, NONE);
  const nothingRan = total.passed + total.failed === 0;
  const unexplained = exitCode !== 0 && total.failed === 0;
  return nothingRan || unexplained ? { ...total, failed: total.failed + 1 } : total;
}

function countOf(file: string, root: string): Count {
  const results = parse(file);
  if (results === undefined) return { ...NONE, failed: 1 };
  const { testResults } = results;
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => NOT_RUN.includes(status))
      .map(({ fullName }) => fullName),
    files: testResults.map(({ name, startTime, endTime }) => ({
      name: relative(root, name),
      seconds: (endTime - startTime) / 1000,
    })),
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
