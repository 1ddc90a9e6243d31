import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { add, closingLine, type Check, type Count } from './check.ts';
import { allChecks } from './checks.ts';
import { ensurePrograms } from './programs.ts';

const EXIT_USAGE = 64;
const EXIT_UNAVAILABLE = 69;
const NONE: Count = { passed: 0, failed: 0, skipped: [] };

async function main(args: readonly string[]): Promise<number> {
  const root = resolve(import.meta.dirname, '..', '..');
  const state = join(root, '.dawsos', 'test');
  mkdirSync(state, { recursive: true });
  const environment = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
  const names = args.filter((arg) => /^[a-z]/.test(arg) && !arg.includes('/') && !arg.includes('.'));
  const patterns = args.filter((arg) => !names.includes(arg));
  const checks = allChecks({ root, state, environment }, patterns);
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    const known = checks.map((check) => check.name).join(', ');
    process.stderr.write(`dawsos test: no check named ${unknown.join(', ')}; there are ${known}\n`);
    return EXIT_USAGE;
  }
  if (!(await ensurePrograms({ environment, root, log: join(state, 'apt.log') }))) return EXIT_UNAVAILABLE;
  const chosen = names.length === 0 ? checks : checks.filter((check) => names.includes(check.name));
  for (const check of chosen) rmSync(join(state, `${check.name}.json`), { force: true });
  const total = await runAll(chosen);
  for (const name of total.skipped) process.stdout.write(`skipped: ${name}\n`);
  process.stdout.write(`${closingLine(total)}\n`);
  return total.failed === 0 ? 0 : 1;
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
