import { join } from 'node:path';
import { BOUNDARY_FIXTURE, judgeBoundaryFixture } from './boundary-fixture.ts';
import { FAILED, PASSED, type Check, type Count } from './check.ts';
import { readJestResults } from './jest-results.ts';
import { runCommand, type CommandResult } from './run-command.ts';

export interface Workspace {
  readonly root: string;
  /** Logs, Jest's results and caches. */
  readonly state: string;
  readonly environment: NodeJS.ProcessEnv;
}

const MINUTE_MS = 60_000;
const CHECK_TIMEOUT_MS = 10 * MINUTE_MS;
const SUITE_TIMEOUT_MS = 20 * MINUTE_MS;

/** Every check in the order of a run: what fails soonest stands first. `patterns` narrows the test suites. */
export function allChecks(workspace: Workspace, patterns: readonly string[]): readonly Check[] {
  const tool = (name: string) => join(workspace.root, 'node_modules', '.bin', name);
  const node = process.execPath;
  return [
    command(workspace, 'build', node, [join('node_modules', 'typescript-native', 'bin', 'tsc'), '-b']),
    command(workspace, 'format', tool('prettier'), [
      '--check',
      '--cache',
      '--cache-location',
      join(workspace.state, 'prettier-cache'),
      '--log-level',
      'warn',
      '.',
    ]),
    command(workspace, 'lint', tool('nx'), ['run-many', '-t', 'lint', '--output-style=static']),
    boundaries(workspace, tool('eslint')),
    command(workspace, 'typecheck', tool('nx'), ['run-many', '-t', 'typecheck', '--output-style=static']),
    // That raw data to a log line, a span, an error report, a job's record or a stream does not compile.
    command(workspace, 'type-tests', tool('tstyche'), ['--quiet']),
    suite(workspace, 'unit', ['--maxWorkers=2'], patterns),
    suite(workspace, 'integration', ['--maxWorkers=2', '--forceExit'], patterns),
    // Clients of killed services may go on trying to reconnect after the last test: they must not hold the run up.
    suite(workspace, 'e2e', ['--maxWorkers=2', '--forceExit'], patterns),
  ];
}

function command(workspace: Workspace, name: string, file: string, args: readonly string[]): Check {
  return {
    name,
    run: async () => countOf(name, await run(workspace, name, file, args)),
  };
}

function boundaries(workspace: Workspace, eslint: string): Check {
  const name = 'boundaries';
  return {
    name,
    async run() {
      const { output } = await run(workspace, name, eslint, [
        '--no-ignore',
        '--format=json',
        BOUNDARY_FIXTURE,
      ]);
      const fault = judgeBoundaryFixture(output);
      if (fault !== undefined) process.stderr.write(`${fault}\n`);
      return fault === undefined ? PASSED : FAILED;
    },
  };
}

function suite(
  workspace: Workspace,
  name: string,
  jestArgs: readonly string[],
  patterns: readonly string[],
): Check {
  return {
    name,
    async run() {
      const results = join(workspace.state, `${name}.json`);
      const jest = join(workspace.root, 'node_modules', 'jest', 'bin', 'jest.js');
      const args = ['--ci', '--selectProjects', name, ...jestArgs, '--json', `--outputFile=${results}`];
      // Jest 30 can load packages that are ES modules only with this flag.
      const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
      const { exitCode } = await runCommand(process.execPath, [...flags, jest, ...args, ...patterns], {
        cwd: workspace.root,
        environment: { ...workspace.environment, NODE_OPTIONS: flags.join(' ') },
        log: join(workspace.state, `${name}.log`),
        timeoutMs: SUITE_TIMEOUT_MS,
        show: true,
      });
      return readJestResults(results, exitCode);
    },
  };
}

function run(
  workspace: Workspace,
  name: string,
  file: string,
  args: readonly string[],
): Promise<CommandResult> {
  return runCommand(file, args, {
    cwd: workspace.root,
    environment: workspace.environment,
    log: join(workspace.state, `${name}.log`),
    timeoutMs: CHECK_TIMEOUT_MS,
  });
}

function countOf(name: string, { exitCode, output }: CommandResult): Count {
  if (exitCode === 0) return PASSED;
  process.stderr.write(`${output.trimEnd()}\n${name} failed with exit code ${String(exitCode)}\n`);
  return FAILED;
}
