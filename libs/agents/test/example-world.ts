import path from 'node:path';
import { isoDate } from '@dawsos/contracts';
import { createSnapshot, loadLedger } from '@dawsos/ledger';
import { openSourceFolder } from '@dawsos/market-data';
import { buildPack, createPricingPack, ledgerQuotes, readPriceFolder } from '@dawsos/pricing';
import type { World } from '../src/reads/recording';

export const ROOT = path.resolve(__dirname, '../../..');
export const ASOF = isoDate('2025-10-22');
/** Stands for the commit of the example's repository, which this test does not make. */
const COMMIT = '0'.repeat(40);

/** The example's ledger and a pack of its price files, in memory; all portfolios share them. */
export async function exampleWorlds(): Promise<(portfolioId: string | null) => World> {
  const ledger = await loadLedger({ file: path.join(ROOT, 'examples/ledger/main.beancount') });
  if (ledger.errors.length > 0) throw new Error(JSON.stringify(ledger.errors.slice(0, 3)));
  const files = await readPriceFolder(path.join(ROOT, 'examples/market'));
  const built = buildPack({ asofDate: ASOF, sources: [ledgerQuotes(ledger), ...files] });
  const pack = createPricingPack({ id: built.id, hash: built.hash, asofDate: ASOF, series: built.series });
  const snapshot = createSnapshot(COMMIT, ledger);
  const sources = await openSourceFolder(path.join(ROOT, 'examples/market'));
  return (portfolioId) => ({ pack, ledger: snapshot, portfolioId, asofDate: ASOF, sources });
}
