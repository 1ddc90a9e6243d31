import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { interleave, type Section } from './figures.ts';
import { generateLedger } from './generate-ledger.ts';

const run = promisify(execFile);

const OURS = 'loadLedger, a new process';
const BEAN_CHECK = 'bean-check --no-cache';

export interface LedgerSize {
  readonly rounds: number;
  readonly transactions: number;
}

/** Seconds to load one generated ledger, against bean-check where it is installed. Both must find no error. */
export async function ledgerLoad({ rounds, transactions }: LedgerSize): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'dawsos-bench-ledger-'));
  try {
    const file = join(folder, 'bench.beancount');
    await writeFile(file, generateLedger(transactions));
    const ours = [join(import.meta.dirname, 'load-once.ts'), file];
    const hasBeanCheck = await isInstalled('bean-check');
    const series = await interleave(rounds, {
      [OURS]: () => seconds(() => run(process.execPath, ours)),
      ...(hasBeanCheck ? { [BEAN_CHECK]: () => seconds(() => run('bean-check', ['--no-cache', file])) } : {}),
    });
    return {
      title: 'Loading a ledger',
      about:
        `A generated ledger of ${transactions.toLocaleString('en')} transactions (purchases, conversions, shares bought ` +
        'at cost and sold first in, first out, balances), parsed, booked and checked; each a process of its own, from ' +
        `its start to its end, without a cache.${hasBeanCheck ? '' : ' bean-check is not installed here, so it was not measured.'}`,
      unit: 'seconds',
      series,
      ratio: { of: BEAN_CHECK, to: OURS, goal: '5: five times as fast', atLeast: 5 },
      limit: LEDGER_LIMIT,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const LEDGER_LIMIT =
  'Profiled on 2026-11-25: booking 38 %, the garbage collector 24 %, parsing 22 %; a larger young generation did not help.';

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function isInstalled(command: string): Promise<boolean> {
  return run(command, ['--version']).then(
    () => true,
    () => false,
  );
}
