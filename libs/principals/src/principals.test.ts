import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createKey,
  digestsEqual,
  generateApiKey,
  hasApiKeyForm,
  openKeyRing,
  readKeysFile,
  revokeKey,
} from './index';

const NOW = new Date('2026-01-05T12:00:00Z');
const folder = () => mkdtempSync(join(tmpdir(), 'dawsos-keys-'));
const newKey = { principal: 'team', scopes: ['read'], portfolios: '*', createdAt: NOW } as const;
const open = (file: string, now = () => NOW, onInvalidFile: (error: unknown) => void = () => undefined) =>
  openKeyRing({ file, now, onInvalidFile, pollMilliseconds: 20 });

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('an API key', () => {
  it('is a prefix and 256 random bits, and no two are alike', () => {
    const keys = new Set(Array.from({ length: 1_000 }, () => generateApiKey()));
    expect(keys.size).toBe(1_000);
    for (const key of keys) expect(hasApiKeyForm(key)).toBe(true);
    expect(Buffer.from([...keys][0]!.slice('dawsos_'.length), 'base64url')).toHaveLength(32);
  });

  it('is compared by digest, whatever the lengths', () => {
    expect(digestsEqual('aa'.repeat(32), 'aa'.repeat(32))).toBe(true);
    expect(digestsEqual('aa'.repeat(32), 'ab'.repeat(32))).toBe(false);
    expect(digestsEqual('aa'.repeat(32), 'aa')).toBe(false);
  });
});

describe('the file of the keys', () => {
  it('holds the SHA-256 of a key and never the key, and only its owner may read it', () => {
    const file = join(folder(), 'deep', 'keys.json');
    const { key, record } = createKey(file, newKey);
    expect(readFileSync(file, 'utf8')).not.toContain(key.slice('dawsos_'.length));
    expect(readKeysFile(file).keys).toEqual([record]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('names the field that is wrong', () => {
    const file = join(folder(), 'keys.json');
    expect(() => createKey(file, { ...newKey, principal: 'local' })).toThrow(/\/principal .*local/);
    expect(() => createKey(file, { ...newKey, portfolios: ['../x'] })).toThrow(/portfolios/);
    expect(() => readKeysFile(file)).toThrow(/cannot be read.*dawsos keys create/);
    writeFileSync(file, '{"version":1,');
    expect(() => readKeysFile(file)).toThrow(expect.objectContaining({ code: 'invalid_configuration' }));
  });
});

describe('the ring of keys', () => {
  it('knows the permissions of a key, by the name of before too, and all where its file says nothing of them', () => {
    const file = join(folder(), 'keys.json');
    const some = createKey(file, { ...newKey, permissions: ['portfolio_read'] });
    const all = createKey(file, newKey);
    const older = { ...all.record, permissions: undefined };
    const { permissions, ...rest } = some.record;
    const named = { ...rest, rights: permissions };
    writeFileSync(file, JSON.stringify({ version: 1, keys: [named, older] }));
    const ring = open(file);
    expect(ring.authenticate(some.key)?.principal.permissions).toEqual(['portfolio_read']);
    expect(ring.authenticate(all.key)?.principal).not.toHaveProperty('permissions');
    ring.close();
    expect(() => createKey(file, { ...newKey, permissions: ['Portfolio Read'] })).toThrow('portfolio_read');
  });

  it('knows the principal of a key, its scopes and its portfolios', () => {
    const file = join(folder(), 'keys.json');
    const { key, record } = createKey(file, { ...newKey, portfolios: ['growth'] });
    const ring = open(file);
    expect(ring.authenticate(key)).toEqual({
      keyId: record.key_id,
      principal: { id: 'team', scopes: ['read'], portfolios: ['growth'] },
    });
    expect(ring.authenticate(generateApiKey())).toBeUndefined();
    expect(ring.authenticate('')).toBeUndefined();
    ring.close();
  });

  it('takes up a new key and drops a revoked one while it runs', async () => {
    const file = join(folder(), 'keys.json');
    const first = createKey(file, newKey);
    const ring = open(file);
    const second = createKey(file, { ...newKey, principal: 'other' });
    await until(() => ring.authenticate(second.key) !== undefined);
    expect(revokeKey(file, first.record.key_id)).toBe(true);
    expect(revokeKey(file, first.record.key_id)).toBe(false);
    await until(() => !ring.isActive(first.record.key_id));
    expect(ring.authenticate(first.key)).toBeUndefined();
    expect(ring.authenticate(second.key)?.principal.id).toBe('other');
    ring.close();
  });

  it('knows a principal as each of its keys in force has it', () => {
    const file = join(folder(), 'keys.json');
    createKey(file, { ...newKey, portfolios: ['growth'] });
    createKey(file, { ...newKey, portfolios: ['income', 'growth'] });
    createKey(file, { ...newKey, principal: 'other', portfolios: '*' });
    const ring = open(file);
    expect(ring.principalsOf('team').map(({ portfolios }) => portfolios)).toEqual([
      ['growth'],
      ['income', 'growth'],
    ]);
    expect(ring.principalsOf('other')).toMatchObject([{ id: 'other', portfolios: '*' }]);
    expect(ring.principalsOf('nobody')).toEqual([]);
    ring.close();
  });

  it('keeps the keys when the file is broken, and has none when it is gone', async () => {
    const file = join(folder(), 'keys.json');
    const { key } = createKey(file, newKey);
    const faults: unknown[] = [];
    const ring = open(file, undefined, (error) => faults.push(error));
    writeFileSync(file, 'half');
    await until(() => faults.length > 0);
    expect(ring.authenticate(key)).toBeDefined();
    rmSync(file);
    await until(() => ring.authenticate(key) === undefined);
    ring.close();
  });

  it('refuses a key from the moment that it expires', () => {
    const file = join(folder(), 'keys.json');
    let now = NOW;
    const { key, record } = createKey(file, { ...newKey, expiresAt: new Date(NOW.getTime() + 1_000) });
    const ring = open(file, () => now);
    expect(ring.authenticate(key)).toBeDefined();
    now = new Date(NOW.getTime() + 1_000);
    expect(ring.authenticate(key)).toBeUndefined();
    expect(ring.isActive(record.key_id)).toBe(false);
    ring.close();
  });
});
