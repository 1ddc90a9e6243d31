import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toDawsosError } from '@dawsos/contracts';
import { readPriceFolder } from '@dawsos/pricing';
import type { LedgerCase } from '../ledger-case';

const RIGHT = ['2024-01-03 170.55', '2024-01-04 171.25', '2024-01-05 169.05'];
/** What may be read after all, and then as what. */
const MAY_BE: Readonly<Record<string, readonly string[]>> = {
  'no-zero-price.csv': [...RIGHT.slice(0, 2), '2024-01-05 0'],
  'no-future.csv': [...RIGHT, '2204-01-05 169.05'],
  'no-conflicting-duplicate.csv': [...RIGHT, '2024-01-04 999'],
};

type Reading = { readonly quotes: readonly string[] } | { readonly refusal: string };

async function read(file: string): Promise<Reading> {
  const folder = await mkdtemp(path.join(tmpdir(), 'prices-'));
  try {
    await mkdir(path.join(folder, 'prices'));
    await cp(file, path.join(folder, 'prices/p.csv'));
    const sources = await readPriceFolder(folder);
    const quotes = sources.flatMap((source) => [...source.quotes]);
    return { quotes: quotes.map(({ date, number }) => `${date} ${String(Number(number))}`) };
  } catch (error) {
    const { code, message } = toDawsosError(error);
    return { refusal: `${code}: ${message}` };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const same = (got: readonly string[], wanted: readonly string[]): boolean =>
  [...new Set(got)].sort().join() === [...wanted].sort().join();

export const ledgerCase: LedgerCase = {
  today: '2024-01-05',
  async judge({ folder, need }) {
    const variants = path.join(folder, 'variants');
    const names = await readdir(variants);
    need('24 files', names.length === 24, names.length);
    for (const name of names) {
      const got = await read(path.join(variants, name));
      if (name.startsWith('ok-'))
        need(`${name}: three prices`, 'quotes' in got && same(got.quotes, RIGHT), got);
      else if ('quotes' in got)
        need(`${name}: refused`, same(got.quotes, RIGHT) || same(got.quotes, MAY_BE[name] ?? []), got);
      else
        need(
          `${name}: refused with file and line`,
          /p\.csv[:, ]+(line )?\d+/.test(got.refusal) || name in MAY_BE || /utf/i.test(name),
          got,
        );
    }
  },
};
