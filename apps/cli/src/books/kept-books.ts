import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '@dawsos/service';
import { z } from 'zod';
import { CliError } from '../cli-error';
import type { Books } from './books';

const KeptSchema = z.object({ ledger: z.string(), commit: z.string(), kind: z.string() });
const fileIn = (data: string) => join(data, 'books.json');

/**
 * A data folder holds the packs of one ledger: this refuses another's, whose prices would be mixed with them. A
 * repository that was moved is known by the commit that it has.
 * @throws CliError that names both ledgers
 */
export async function claimForBooks(data: string, books: Books): Promise<void> {
  const kept = readKept(data);
  if (kept !== undefined && kept.ledger !== books.identity && !(await isSameRepository(kept, books))) {
    throw new CliError(`${data} holds the packs of another ledger`, EXIT.configuration, {
      cause: `it was started with ${named(kept.ledger)}, and is now to serve ${named(books.identity)}`,
      fix: 'name another folder with --data DIR, or leave --data out: each ledger then has its own',
    });
  }
  const { identity: ledger, commit, kind } = books;
  writeFileSync(fileIn(data), `${JSON.stringify({ ledger, commit, kind }, null, 2)}\n`);
}

const named = (ledger: string) => (ledger === 'example' ? 'the example ledger' : ledger);

async function isSameRepository(kept: z.infer<typeof KeptSchema>, books: Books): Promise<boolean> {
  if (kept.kind !== 'committed' || books.kind !== 'committed') return false;
  return books.repository.resolve(kept.commit).then(
    () => true,
    () => false,
  );
}

function readKept(data: string): z.infer<typeof KeptSchema> | undefined {
  try {
    const parsed = KeptSchema.safeParse(JSON.parse(readFileSync(fileIn(data), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
