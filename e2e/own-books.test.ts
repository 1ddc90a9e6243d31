import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, run, type RunningCommand } from './rig/launcher';

/** The last line of a start. */
const SERVING = /^Ask {6}/m;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** A ledger of one's own, its prices in it, the newest ten days old. */
const BOOKS = `option "operating_currency" "EUR"
2024-01-01 open Assets:Bank
2024-01-01 open Assets:Depot
2024-01-01 open Equity:Opening
2024-01-02 * "Opening"
  Assets:Bank  1000 EUR
  Equity:Opening
2024-02-01 * "Buy"
  Assets:Depot  10 NWND {50 EUR}
  Assets:Bank
2024-02-01 price NWND 50 EUR
${daysAgo(10)} price NWND 60 EUR
`;

describe.each(['a repository on the branch master', 'a file in no repository'] as const)('%s', (kind) => {
  const inRepository = kind.startsWith('a repository');
  let folder: string;
  let serving: RunningCommand;
  const books = () => join(folder, 'my books');
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', books(), '-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args]);
  const dawsos = (...args: readonly string[]) => run([...args, '--data', join(folder, 'data')]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dawsos own books '));
    await mkdir(books());
    await writeFile(join(books(), 'main.beancount'), BOOKS);
    if (inRepository) {
      git('init', '-q', '-b', 'master');
      git('add', '-A');
      git('commit', '-qm', 'Books');
    }
    const ledger = inRepository ? books() : join(books(), 'main.beancount');
    serving = launch([
      'up',
      '--ledger',
      ledger,
      '--workers',
      '1',
      '--queue',
      'postgres',
      '--data',
      join(folder, 'data'),
    ]);
    await serving.until(SERVING);
  });
  afterAll(async () => {
    serving.signal('SIGTERM');
    await serving.finished;
    await rm(folder, { recursive: true });
  });

  it('is named first, with its prices and the day', () => {
    const printed = serving.stderr();
    expect(printed).toMatch(
      inRepository
        ? /^Ledger {3}.*my books, master at [0-9a-f]{7}, main\.beancount/m
        : /as it stands \(in no repository\), pinned by content as [0-9a-f]{7}/,
    );
    expect(printed).toMatch(new RegExp(`^Prices {3}2 of the ledger's own; newest ${daysAgo(10)}$`, 'm'));
    expect(printed).toMatch(/^Today {4}\d{4}-\d\d-\d\d \(UTC\)$/m);
  });

  it('is served although its prices are old, and that is said with what to do', () => {
    expect(serving.stderr()).toMatch(
      /the pricing pack is stale: its newest day, .* sessions before today, and 3 are allowed/,
    );
    expect(serving.stdout()).toMatch(
      /^Ask {6}\.\/dawsos execute portfolio_overview --portfolio all --wait --allow-stale$/m,
    );
  });

  it('answers the overview of the whole ledger', async () => {
    const answered = await dawsos(
      'execute',
      'portfolio_overview',
      '-p',
      'all',
      '--allow-stale',
      '--wait',
      '--json',
    );
    expect([answered.exitCode, answered.stderr]).toEqual([0, expect.not.stringContaining('dawsos:')]);
    const { data, freshness } = JSON.parse(answered.stdout) as Record<string, Record<string, unknown>>;
    expect(JSON.stringify(data)).toContain('"1100"');
    expect(Number(freshness?.['stale_share'])).toBeGreaterThan(0);
  });

  it('rests on its own prices alone', async () => {
    const pack = await dawsos('packs', 'get', `PP_${daysAgo(10)}`, '--json');
    expect(JSON.parse(pack.stdout)).toMatchObject({ sources: ['ledger'], price_count: 2 });
    const built = await dawsos('packs', 'build', '--json');
    expect(JSON.parse(built.stdout)).toMatchObject({ created: false, pack: { sources: ['ledger'] } });
    const shown = await dawsos('config', '--json');
    expect(shown.stdout).not.toContain('examples');
  });

  it('refuses a build from a shell that names other prices', async () => {
    const answer = await run(['packs', 'build', '--data', join(folder, 'data')], {
      environment: { PRICES_DIR: folder },
    });
    expect([answer.exitCode, answer.stderr]).toEqual([78, expect.stringContaining('PRICES_DIR is')]);
  });

  it('builds by itself when the ledger has newer prices', async () => {
    await appendFile(join(books(), 'main.beancount'), `${daysAgo(1)} price NWND 61 EUR\n`);
    if (inRepository) {
      await serving.until(/1 uncommitted change in main\.beancount: answers use commit [0-9a-f]{7}/);
      git('commit', '-qam', 'Prices');
    }
    await serving.until(new RegExp(`PP_${daysAgo(1)} is built`));
    const answered = await dawsos('execute', 'portfolio_overview', '-p', 'all', '--wait');
    expect(answered.exitCode).toBe(0);
  });

  it('starts its database again when that is killed', async () => {
    const pidFile = join(folder, 'data', 'postgres', 'cluster', 'postmaster.pid');
    const pid = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await serving.until(/postgres ended; starting it again/);
    let answered;
    do answered = await dawsos('runs', 'list');
    while (answered.exitCode !== 0);
    expect(answered.stdout).toContain('portfolio_overview');
  });
});

describe('a ledger without any price', () => {
  let folder: string;
  let serving: RunningCommand;
  const data = () => join(folder, 'data');
  const up = () =>
    launch([
      'up',
      '--ledger',
      join(folder, 'main.beancount'),
      '--workers',
      '1',
      '--queue',
      'postgres',
      '--data',
      data(),
    ]);
  const dawsos = (...args: readonly string[]) => run([...args, '--data', data()]);
  const stop = async () => {
    serving.signal('SIGINT');
    return serving.finished;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dawsos unpriced '));
    await writeFile(join(folder, 'main.beancount'), BOOKS.replace(/^.* price .*\n/gm, ''));
    serving = up();
    await serving.until(SERVING);
  });
  afterAll(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });

  it('is served, and says what is missing and where it goes', async () => {
    expect(serving.stderr()).toMatch(/^Prices {3}none yet; put price files into .*data\/prices$/m);
    expect(serving.stderr()).toMatch(/the pricing pack could not be built: .*no source has a price/);
    expect(serving.stderr()).toContain('dawsos packs gaps');
    const gaps = await dawsos('packs', 'gaps');
    expect([gaps.exitCode, gaps.stdout]).toEqual([
      0,
      expect.stringMatching(/^price of NWND in EUR +2024-02-01 +\d{4}-\d\d-\d\d +there is none at all/m),
    ]);
  });

  it('is answered once the gaps are filled in and dropped into the folder', async () => {
    const csv = (await dawsos('packs', 'gaps', '--format', 'csv')).stdout;
    await writeFile(join(data(), 'prices', 'prices', 'gaps.csv'), csv.replaceAll(',NWND,,', ',NWND,60,'));
    await serving.until(/new price files: building a pack[^]*PP_\d{4}-\d\d-\d\d is built/);
    const answered = await dawsos('execute', 'portfolio_overview', '-p', 'all', '--wait');
    expect([answered.exitCode, answered.stdout]).toEqual([0, expect.stringContaining('NWND')]);
  });

  it('takes up at the next start what was added while it was stopped', async () => {
    expect((await stop()).exitCode).toBe(130);
    await writeFile(join(data(), 'prices', 'more.beancount'), '2024-03-01 price NWND 55 EUR\n');
    serving = up();
    await serving.until(/PP_\d{4}-\d\d-\d\d_D1 is built/);
  });

  it('stops in the middle of a start, and leaves nothing running', async () => {
    await stop();
    serving = up();
    await serving.until(/✓ queue/);
    const { exitCode, stderr } = await stop();
    expect([exitCode, stderr]).toEqual([130, expect.not.stringContaining('dawsos:')]);
    const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(left.split('\n').filter((line) => line.includes(data()))).toEqual([]);
  });
});
