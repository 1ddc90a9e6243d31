import { execFile, spawn } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase, startEmbeddedPostgres, type EmbeddedPostgres } from '../src/index';
import { commandAs, serverAccount } from '../src/embedded/account';
import { findBinaries } from '../src/embedded/binaries';
import { startPostgres } from '@dawsos/testing';

const run = promisify(execFile);
const settings = { fsync: 'off' };

async function ask(url: string, sql: string): Promise<unknown> {
  const database = openDatabase({ url, maxConnections: 1, applicationName: 'test' });
  try {
    const { rows } = await database.pool.query<{ answer: unknown }>(sql);
    return rows[0]?.answer;
  } finally {
    await database.close();
  }
}

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  let server: EmbeddedPostgres | undefined;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'dawsos-embedded-'));
    server = await startEmbeddedPostgres({ dataDir, settings });
  });

  afterAll(async () => {
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const running = (): EmbeddedPostgres => {
    if (server === undefined) throw new Error('not started');
    return server;
  };

  it('serves several clients, commits durably, and orders text the same everywhere', async () => {
    expect(await ask(running().url, "select current_setting('synchronous_commit') as answer")).toBe('on');
    expect(
      await ask(
        running().url,
        "select string_agg(x, '' order by x) as answer from unnest('{b,A,a,B}'::text[]) x",
      ),
    ).toBe('ABab');
  });

  it('listens on the loopback only, and refuses a wrong password', async () => {
    expect(await ask(running().url, "select current_setting('listen_addresses') as answer")).toBe(
      '127.0.0.1',
    );
    const wrong = new URL(running().url);
    wrong.password = 'password';
    await expect(ask(wrong.href, 'select 1 as answer')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps its password from other users', async () => {
    const { stdout } = await run('stat', ['-c', '%a', join(dataDir, 'password')]);
    expect(stdout.trim()).toBe('600');
  });

  it('refuses the folder while another living process owns it', async () => {
    const owner = spawn('sleep', ['60']);
    const mark = join(dataDir, 'owner.json');
    const ours = await readFile(mark, 'utf8');
    await writeFile(mark, JSON.stringify({ pid: owner.pid, startedAt: null }));
    await expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining(String(owner.pid)),
    });
    owner.kill();
    await writeFile(mark, ours);
    expect(await ask(running().url, 'select 1 as answer')).toBe(1);
  });

  it('stops cleanly with sessions open, and starts again with the data', async () => {
    await ask(running().url, 'create table kept as select 42 as answer');
    const open = openDatabase({ url: running().url, maxConnections: 1, applicationName: 'test' });
    await open.pool.query('select 1');
    await running().stop();
    await open.close();
    expect(await readFile(running().logFile, 'utf8')).toContain('database system is shut down');
    server = await startEmbeddedPostgres({ dataDir, settings });
    expect(await ask(server.url, 'select answer from kept')).toBe(42);
  });

  it('takes the place of a server whose owner was killed', async () => {
    const orphan = running();
    // what a killed owner leaves: the server alive, and the owner's mark with a pid that is not there any more
    await writeFile(join(dataDir, 'owner.json'), JSON.stringify({ pid: 2 ** 22 - 3, startedAt: '1' }));
    server = await startEmbeddedPostgres({ dataDir, settings });
    await orphan.ended;
    expect(await ask(server.url, 'select answer from kept')).toBe(42);
  });

  it('starts over a postmaster.pid whose pid now belongs to somebody else', async () => {
    await running().stop();
    await writeFile(join(dataDir, 'cluster', 'postmaster.pid'), `${process.pid}\n${dataDir}/cluster\n`);
    server = await startEmbeddedPostgres({ dataDir, settings });
    expect(await ask(server.url, 'select answer from kept')).toBe(42);
  });
});

describe('after SIGKILL of the whole server', () => {
  it('starts again on the same port with what was committed', async () => {
    const postgres = await startPostgres();
    try {
      await ask(postgres.url, 'create table kept as select 7 as answer');
      await postgres.kill();
      await expect(ask(postgres.url, 'select 1 as answer')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await postgres.restart();
      expect(await ask(postgres.url, 'select answer from kept')).toBe(7);
    } finally {
      await postgres.stop();
    }
  });
});

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;
asRoot('as root, in a folder that only root can enter', () => {
  it('starts all the same', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'dawsos-private-'));
    await run('chmod', ['700', parent]);
    const server = await startEmbeddedPostgres({ dataDir: join(parent, 'data'), settings });
    try {
      expect(await ask(server.url, 'select 1 as answer')).toBe(1);
    } finally {
      await server.stop();
      await rm(parent, { recursive: true, force: true });
    }
  });

  it('runs programs that are in such a folder themselves', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'dawsos-private-'));
    await run('chmod', ['700', parent]);
    try {
      const { initdb } = await findBinaries();
      await cp(dirname(dirname(initdb)), join(parent, 'native'), { recursive: true, verbatimSymlinks: true });
      const account = await serverAccount();
      const cluster = join(parent, 'cluster');
      await mkdir(cluster, { mode: 0o700 });
      if (account !== undefined) await chown(cluster, account.uid, account.gid);
      const command = await commandAs(
        account,
        join(parent, 'native', 'bin', 'initdb'),
        [`--pgdata=${cluster}`, '--username=dawsos', '--no-sync', '--auth=trust'],
        [cluster],
      );
      const { stdout } = await run(command.file, command.args, { ...command, cwd: '/' });
      expect(stdout).toContain('Success');
    } finally {
      await rm(parent, { recursive: true, force: true });
    }
  });
});
