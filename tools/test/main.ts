import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { add, closingLine, NONE, slowestLines, type Check, type Count } from './check.ts';
import { allChecks } from './checks.ts';
import { ensurePrograms } from './programs.ts';

const EXIT_USAGE = 64;
const EXIT_UNAVAILABLE = 69;

async function main(args: readonly string[]): Promise<number> {
  const root = resolve(import.meta.dirname, '..', '..');
  const state = join(root, '.dawsos', 'test');
  mkdirSync(state, { recursive: true });
  const environment = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
  const names = args.filter((arg) => /^[a-z]/.test(arg) && !arg.includes('/') && !arg.includes('.'));
  const patterns = args.filter((arg) => !names.includes(arg));
  const checks = allChecks({ root, state, environment }, patterns);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage(checks));
    return 0;
  }
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    const known = checks.map((check) => check.name).join(', ');
    process.stderr.write(`dawsos test: no check named ${unknown.join(', ')}; there are ${known}\n`);
    return EXIT_USAGE;
  }
  if (!(await ensurePrograms({ environment, root, log: join(state, 'apt.log') }))) return EXIT_UNAVAILABLE;
  const chosen = names.length === 0 ? checks : checks.filter((check) => names.includes(check.name));
  const total = await runAll(chosen);
  const slowest = slowestLines(total);
  if (slowest.length > 0) process.stdout.write(`the slowest files\n${slowest.join('\n')}\n`);
  for (const name of total.skipped) process.stdout.write(`skipped: ${name}\n`);
  process.stdout.write(`${closingLine(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

function usage(checks: readonly Check[]): string {
  return `Runs every check and test of the project, or those that are named.

  ./dawsos test                       all of it
  ./dawsos test lint unit             these checks
  ./dawsos test unit libs/patterns/src/template.test.ts
                                      one file of a suite

checks  ${checks.map(({ name }) => name).join(', ')}
Logs and results are in .dawsos/test. Exit code 0: nothing failed; 1: something did; 69: a program is missing.
`;
}

/** All of them, also after a failure, so that one run says everything. */
async function runAll(checks: readonly Check[]): Promise<Count> {
  let total = NONE;
  for (const check of checks) {
    const started = Date.now();
    process.stderr.write(`── ${check.name}\n`);
    const count = await check.run();
    total = add(total, count);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    process.stderr.write(`── ${check.name}: ${closingLine(count)} in ${seconds} s\n`);
  }
  return total;
}

process.exitCode = await main(process.argv.slice(2));
