import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { BOUNDARY_FIXTURE, judgeBoundaryFixture } from './boundary-fixture.ts';
import { judgeRoomsFixture, ROOMS_FIXTURE } from './rooms-fixture.ts';
import { FAILED, PASSED, type Check, type Count } from './check.ts';
import { readJestResults } from './jest-results.ts';
import { runCommand, type CommandResult } from './run-command.ts';

export interface Workspace {
  readonly root: string;
  /** Logs, Jest's results and caches. */
  readonly state: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** The suites, and the Nx target of each. */
const TARGETS = { unit: 'test', integration: 'integration', e2e: 'e2e' } as const;
type Suite = keyof typeof TARGETS;

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
    rooms(workspace, tool('depcruise')),
    command(workspace, 'typecheck', tool('nx'), ['run-many', '-t', 'typecheck', '--output-style=static']),
    // That raw data to a log line, a span, an error report, a job's record or a stream does not compile.
    command(workspace, 'type-tests', tool('tstyche'), ['--quiet']),
    suite(workspace, 'unit', patterns),
    suite(workspace, 'integration', patterns),
    suite(workspace, 'e2e', patterns),
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

/** No import circle, no room of a lib entered that may not be; and the fixture that does both is rejected. */
function rooms(workspace: Workspace, depcruise: string): Check {
  const name = 'rooms';
  const config = ['--config', join('tools', 'house', 'rooms.cjs')];
  return {
    name,
    async run() {
      const house = await run(workspace, name, depcruise, ['apps', 'libs', ...config]);
      if (house.exitCode !== 0) return countOf(name, house);
      const args = [ROOMS_FIXTURE, ...config, '--exclude', '/dist/', '--output-type', 'json'];
      const fault = judgeRoomsFixture((await run(workspace, name, depcruise, args)).output);
      if (fault !== undefined) process.stderr.write(`${fault}\n`);
      return fault === undefined ? PASSED : FAILED;
    },
  };
}

/** One suite of every project, or with `patterns` of the files that they name. */
function suite(workspace: Workspace, name: Suite, patterns: readonly string[]): Check {
  return {
    name,
    async run() {
      const results = join(workspace.state, name);
      rmSync(results, { recursive: true, force: true });
      const { exitCode } = await runSuite(workspace, name, patterns);
      return readJestResults(results, workspace.root, exitCode);
    },
  };
}

async function runSuite(
  workspace: Workspace,
  name: Suite,
  patterns: readonly string[],
): Promise<Pick<CommandResult, 'exitCode'>> {
  const { root, state, environment } = workspace;
  const options = {
    cwd: root,
    environment,
    log: join(state, `${name}.log`),
    timeoutMs: SUITE_TIMEOUT_MS,
    show: true,
  };
  if (patterns.length === 0) {
    const nx = join(root, 'node_modules', '.bin', 'nx');
    return runCommand(nx, ['run-many', '-t', TARGETS[name], '--output-style=static'], options);
  }
  let exitCode = 0;
  for (const file of patterns) {
    const jest = join('tools', 'test', 'run-jest.ts');
    const one = await runCommand(process.execPath, [jest, name, file], options);
    if (one.exitCode !== 0) exitCode = one.exitCode;
  }
  return { exitCode };
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
