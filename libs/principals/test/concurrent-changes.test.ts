import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, sharedPostgres } from '@dawsos/testing';
import { createKey, createKeyUse, readKeysFile, readKeyUse } from '../src';

const run = promisify(execFile);
const PROCESSES = 6;
const KEYS_EACH = 8;
const newKey = { principal: 'team', scopes: ['read'], portfolios: '*', createdAt: new Date(0) } as const;

/** Revokes one of the keys that it is given, then makes one, for each. */
const CHANGES = `
  const { createKey, revokeKey } = require(process.argv[1]);
  const [file, ...ids] = process.argv.slice(2);
  const key = { principal: 'team', scopes: ['read'], portfolios: '*', createdAt: new Date(0) };
  const made = ids.map((id) => (revokeKey(file, id) || process.exit(1), createKey(file, key).record.key_id));
  console.log(made.join(' '));`;

it('changes of the keys by several processes at once are all kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dawsos-keys-'));
  const file = join(folder, 'keys.json');
  const before = Array.from({ length: PROCESSES * KEYS_EACH }, () => createKey(file, newKey).record.key_id);
  const lib = resolve(__dirname, '..');
  const answers = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) => {
      const mine = before.slice(index * KEYS_EACH, (index + 1) * KEYS_EACH);
      return run(process.execPath, ['-e', CHANGES, lib, file, ...mine]);
    }),
  );
  const made = answers.flatMap(({ stdout }) => stdout.trim().split(' '));
  expect(
    readKeysFile(file)
      .keys.map(({ key_id }) => key_id)
      .toSorted(),
  ).toEqual(made.toSorted());
  expect(readdirSync(folder)).toEqual(['keys.json']);
});

it('a lock whose process is dead is taken over', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'dawsos-keys-')), 'keys.json');
  writeFileSync(`${file}.lock`, '2147483646 gone');
  createKey(file, newKey);
  expect(readKeysFile(file).keys).toHaveLength(1);
});

it('the last use of a key is kept, the latest of what several processes noted', async () => {
  const { database, close } = await createTestDatabase(await sharedPostgres());
  const noteAt = async (time: string) => {
    const use = createKeyUse({ database, now: () => new Date(time), onError: fail });
    use.note('k_0123456789abcdef');
    await use.close();
  };
  await noteAt('2026-01-02T00:00:00Z');
  await noteAt('2026-01-01T00:00:00Z');
  expect(await readKeyUse(database)).toEqual(
    new Map([['k_0123456789abcdef', new Date('2026-01-02T00:00:00Z')]]),
  );
  await close();
});

function fail(error: unknown): void {
  throw error;
}
