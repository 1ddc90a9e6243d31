import { readdirSync } from 'node:fs';
import path from 'node:path';
import { openPatterns, type Patterns } from '../in-process';
import { faultsOf, type LedgerCase } from './ledger-case';

const NAMES = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

let patterns: Patterns;

beforeAll(async () => {
  patterns = await openPatterns();
});

async function faultsNamed(name: string): Promise<string[]> {
  const folder = path.join(__dirname, name);
  const { ledgerCase } = (await import(path.join(folder, 'case'))) as { ledgerCase: LedgerCase };
  return faultsOf(ledgerCase, folder, patterns);
}

describe('figures of small ledgers, by hand', () => {
  it.each(NAMES)('%s', async (name) => {
    expect(await faultsNamed(name)).toEqual([]);
  });
});
