import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadLedger } from '../src/load';
import { generateLedger } from './generate';

export interface LedgerLoadResult {
  readonly transactions: number;
  /** Seconds of each run, the two interleaved. */
  readonly oursSeconds: readonly number[];
  /** Empty where bean-check is not installed. */
  readonly beanCheckSeconds: readonly number[];
  /** Best of bean-check over best of ours; null without bean-check. */
  readonly ratio: number | null;
}

const run = promisify(execFile);

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** Loads one generated ledger with `loadLedger` and with `bean-check --no-cache`, in turns. Both must find no error. */
export async function benchLedgerLoad(transactions = 100_000, rounds = 3): Promise<LedgerLoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'dawsos-ledger-bench-'));
  try {
    const file = join(folder, 'bench.beancount');
    await writeFile(file, generateLedger(transactions));
    const hasBeanCheck = await run('bean-check', ['--version']).then(
      () => true,
      () => false,
    );
    const ours: number[] = [];
    const beanCheck: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await seconds(() => loadWithoutErrors(file)));
      if (hasBeanCheck) beanCheck.push(await seconds(() => run('bean-check', ['--no-cache', file])));
    }
    const ratio = hasBeanCheck ? Math.min(...beanCheck) / Math.min(...ours) : null;
    return { transactions, oursSeconds: ours, beanCheckSeconds: beanCheck, ratio };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function loadWithoutErrors(file: string): Promise<void> {
  const { errors } = await loadLedger({ file });
  const [first] = errors;
  if (first !== undefined) throw new Error(`the generated ledger has an error: ${first.message}`);
}
