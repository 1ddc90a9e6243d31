import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { addDays, isoDate } from '@dawsos/contracts';
import { loadLedger } from '@dawsos/ledger';
import fc from 'fast-check';
import { propertyRuns } from '@dawsos/testing/property-runs';
import { ledgerQuotes, openPriceFolder, streamPack } from '../src';

const ASOF = isoDate('2024-02-29');
const key = { asofDate: ASOF, policy: 'CLOSE', restatement: 0 };

/** A stated price, in the ledger (0) or in one of the files. */
interface Stated {
  readonly commodity: string;
  readonly day: number;
  readonly cents: number;
  readonly where: number;
}

const CURRENCY: Readonly<Record<string, string>> = {
  AAA: 'USD',
  BBB: 'CAD',
  CCC: 'EUR',
  USD: 'CAD',
  EUR: 'USD',
};
const stated: fc.Arbitrary<Stated[]> = fc.uniqueArray(
  fc.record({
    commodity: fc.constantFrom(...Object.keys(CURRENCY)),
    day: fc.integer({ min: 0, max: 59 }),
    cents: fc.integer({ min: 1, max: 1_000_000 }),
    where: fc.integer({ min: 0, max: 3 }),
  }),
  { selector: ({ commodity, day }) => `${commodity} ${String(day)}`, minLength: 1, maxLength: 40 },
);

const dayOf = ({ day }: Stated): string => addDays(isoDate('2024-01-01'), day);
const numberOf = ({ cents }: Stated): string => (cents / 100).toFixed(2);

/** Writes the ledger and the files, in the order given, and builds the pack from them as they stand there. */
async function hashOf(all: readonly Stated[], runLength?: number): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dawsos-same-'));
  try {
    const directives = all
      .filter(({ where }) => where === 0)
      .map((one) => `${dayOf(one)} price ${one.commodity} ${numberOf(one)} ${CURRENCY[one.commodity] ?? ''}`);
    const ledgerFile = path.join(folder, 'main.beancount');
    await fs.writeFile(ledgerFile, `option "operating_currency" "CAD"\n${directives.join('\n')}\n`);
    await fs.mkdir(path.join(folder, 'prices'));
    for (const file of [1, 2, 3]) {
      const rows = all
        .filter(({ where }) => where === file)
        .map(
          (one) =>
            `${dayOf(one)},${one.commodity},${numberOf(one)},${CURRENCY[one.commodity] ?? ''},s${String(file)}`,
        );
      const text = ['date,commodity,price,currency,source', ...rows, ''].join('\n');
      await fs.writeFile(path.join(folder, 'prices', `${String(file)}.csv`), text);
    }
    const ledger = await loadLedger({ file: ledgerFile });
    expect(ledger.errors).toEqual([]);
    const sources = [ledgerQuotes(ledger), ...(await openPriceFolder(folder))];
    const built = await streamPack(key, sources, () => false, runLength);
    await built.dispose();
    return built.hash;
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

describe('a pack of a random ledger and random files', () => {
  it('has the same hash when it is built again, whatever the order of the directives and rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        stated.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        async ([all, shuffled]) => {
          const hash = await hashOf(all);
          expect(await hashOf(all)).toBe(hash);
          expect(await hashOf(shuffled, 3)).toBe(hash);
        },
      ),
      { numRuns: propertyRuns(40) },
    );
  });

  it('has another hash when any one price changes, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(stated, fc.nat(), fc.integer({ min: 1, max: 500 }), async (all, pick, by) => {
        const at = pick % all.length;
        const changed = all.map((one, index) => (index === at ? { ...one, cents: one.cents + by } : one));
        expect(await hashOf(changed)).not.toBe(await hashOf(all));
      }),
      { numRuns: propertyRuns(40) },
    );
  });
});
