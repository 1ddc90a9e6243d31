import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  assertNoErrors,
  createSnapshot,
  directorySource,
  loadLedgerFrom,
  type LedgerSnapshot,
} from '@dawsos/ledger';

export const COMMIT = 'c'.repeat(40);

/** A ledger from its text. */
export async function ledgerOf(text: string): Promise<LedgerSnapshot> {
  const dir = await mkdtemp(join(tmpdir(), 'dawsos-gate-'));
  try {
    await writeFile(join(dir, 'main.beancount'), text);
    const ledger = await loadLedgerFrom(directorySource(dir), 'main.beancount');
    assertNoErrors(ledger);
    return createSnapshot(COMMIT, ledger);
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Growth: 10 AAA, 10 BBB and 100 USD since 2023. */
export const LEDGER = `option "operating_currency" "USD"
2023-01-02 custom "portfolio" "growth" Assets:Growth
  base_currency: "USD"
2023-01-02 commodity BBB
  calendar: "XTST"
2023-01-02 open Assets:Growth:Cash
2023-01-02 open Assets:Growth:AAA
2023-01-02 open Assets:Growth:BBB
2023-01-02 open Equity:Owner
2023-01-03 * "Start"
  Assets:Growth:Cash  100 USD
  Assets:Growth:AAA    10 AAA {1 USD}
  Assets:Growth:BBB    10 BBB {1 USD}
  Equity:Owner
`;
