import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIGRATIONS } from '../src/migrations';
import {
  dumpSchema,
  isStoreUnavailable,
  migrateToLatest,
  openDatabase,
  pendingMigrations,
  withStore,
} from '../src/index';
import { createTestDatabase, sharedPostgres, startTcpProxy, type SharedPostgres } from '@dawsos/testing';

let postgres: SharedPostgres;
beforeAll(async () => {
  postgres = await sharedPostgres();
});

const caught = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('migrations', () => {
  it('give the schema that is committed', async () => {
    const { database, close } = await createTestDatabase(postgres);
    const committed = await readFile(join(__dirname, '..', 'schema.sql'), 'utf8');
    const dumped = await dumpSchema(database);
    await close();
    // a difference is mended with: node libs/database/scripts/write-schema.cjs
    expect(dumped).toBe(committed);
  });

  it('run once when processes start together', async () => {
    const admin = openDatabase({ url: postgres.url, maxConnections: 1, applicationName: 'test' });
    await admin.pool.query('create database together');
    await admin.close();
    const url = postgres.url.replace(/postgres$/, 'together');
    const processes = [1, 2, 3].map(() => openDatabase({ url, maxConnections: 2, applicationName: 'test' }));
    const names = await Promise.all(processes.map(migrateToLatest));
    expect(names.flat().sort()).toEqual(Object.keys(MIGRATIONS));
    expect(await pendingMigrations(processes[0]!)).toEqual([]);
    await Promise.all(processes.map((database) => database.close()));
  });
});

describe('a database that does not serve', () => {
  it('is unavailable when nobody listens', async () => {
    const database = openDatabase({
      url: 'postgresql://a:b@127.0.0.1:1/x',
      maxConnections: 1,
      applicationName: 'test',
    });
    await expect(withStore(() => database.pool.query('select 1'))).rejects.toMatchObject({
      code: 'store_unavailable',
      retryable: true,
    });
    await database.close();
  });

  it('is unavailable when a statement or the wait for a connection takes too long', async () => {
    const database = openDatabase({
      url: postgres.url,
      maxConnections: 1,
      applicationName: 'test',
      statementTimeoutMs: 4_000,
      connectTimeoutMs: 2_000,
    });
    await database.pool.query('select 1');
    const slow = caught(database.pool.query('select pg_sleep(60)'));
    const waiting = caught(database.pool.query('select 1'));
    expect(isStoreUnavailable(await waiting)).toBe(true);
    expect(await slow).toMatchObject({ code: '57014' });
    expect(isStoreUnavailable(await slow)).toBe(true);
    await database.close();
  });

  it('survives its sessions being cut', async () => {
    const { database, close } = await createTestDatabase(postgres);
    const sleeping = caught(database.pool.query('select pg_sleep(5)'));
    await cutSessions(database.url);
    expect(isStoreUnavailable(await sleeping)).toBe(true);
    expect((await database.pool.query('select 1')).rowCount).toBe(1);
    await close();
  });

  it('gives up on a peer that went silent, and goes on with a new connection', async () => {
    const proxy = await startTcpProxy(postgres);
    const url = new URL(postgres.url);
    url.port = String(proxy.port);
    const database = openDatabase({
      url: url.href,
      maxConnections: 1,
      applicationName: 'test',
      statementTimeoutMs: 1_000,
    });
    await database.pool.query('select 1');
    proxy.blackhole();
    const error = await caught(database.pool.query('select 1'));
    expect(isStoreUnavailable(error)).toBe(true);
    proxy.heal();
    expect((await database.pool.query('select 1')).rowCount).toBe(1);
    await database.close();
    await proxy.close();
  }, 30_000);

  it('is told from a statement that is wrong', async () => {
    const { database, close } = await createTestDatabase(postgres);
    const error = await caught(withStore(() => database.pool.query('select nonsense')));
    expect(error).toMatchObject({ code: '42703' });
    await close();
  });
});

async function cutSessions(url: string): Promise<void> {
  const admin = openDatabase({ url: postgres.url, maxConnections: 1, applicationName: 'test' });
  const name = new URL(url).pathname.slice(1);
  for (let cut = 0; cut === 0;) {
    const { rowCount } = await admin.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and query like '%pg_sleep%'",
      [name],
    );
    cut = rowCount ?? 0;
  }
  await admin.close();
}
