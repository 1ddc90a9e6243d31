import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoDate, type DawsosError } from '@dawsos/contracts';
import { assertNoErrors, inventoriesAt, loadLedger, openLedgerRepository } from '../src/index';

const OPENS = ['Assets:Growth:Cash', 'Assets:Other', 'Equity:Opening', 'Income:Gift']
  .map((account) => `2022-01-01 open ${account}\n`)
  .join('');
const PORTFOLIO = `2022-01-03 custom "portfolio" "growth" Assets:Growth
  base_currency: CAD
  name: "Growth"
2022-01-03 commodity CAD
  name: "Canadian dollar"
`;
const transaction = (date: string, account: string, amount: number) =>
  `${date} * "in"\n  ${account}  ${amount} CAD\n  Equity:Opening\n`;

let dir: string;
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-C', dir, '-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], {
    encoding: 'utf8',
  }).trim();
const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
const commit = (message: string) => {
  git('add', '-A');
  git('commit', '-qm', message);
  return git('rev-parse', 'HEAD');
};
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: DawsosError) => error.code,
  );
const cash = (snapshot: Awaited<ReturnType<ReturnType<typeof openLedgerRepository>['snapshot']>>) =>
  [...(inventoriesAt(snapshot.ledger.entries).get('Assets:Growth:Cash') ?? [])].map((lot) =>
    lot.units.number.toString(),
  );

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dawsos-ledger-'));
  git('init', '-q', '-b', 'main');
  mkdirSync(join(dir, 'years'));
  write('main.beancount', `${OPENS}${PORTFOLIO}include "years/*.beancount"\n`);
  write('years/2022.beancount', transaction('2022-02-01', 'Assets:Growth:Cash', 100));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = () => openLedgerRepository({ dir, file: 'main.beancount' });

test('reads a ledger at a commit, whatever the work tree holds', async () => {
  const first = commit('one');
  write('years/2023.beancount', transaction('2023-02-01', 'Assets:Growth:Cash', 11));
  const second = commit('two');
  write('main.beancount', 'not committed, not valid\n');
  rmSync(join(dir, 'years'), { recursive: true });
  const before = readdirSync(dir);
  const repository = open();
  expect(cash(await repository.snapshot(first))).toEqual(['100']);
  expect(cash(await repository.snapshot(second))).toEqual(['111']);
  expect(readdirSync(dir)).toEqual(before);
});

test('loads a commit once, also from packs, and when asked twice at the same time', async () => {
  const hash = commit('one');
  git('gc', '-q');
  const repository = open();
  const [one, other] = await Promise.all([repository.snapshot(hash), repository.snapshot(hash)]);
  expect(one).toBe(other);
  expect(await repository.snapshot(hash)).toBe(one);
});

test('resolves branches, tags, annotated tags, commits and their abbreviations', async () => {
  const hash = commit('one');
  git('tag', 'light');
  git('tag', '-a', 'heavy', '-m', 'a tag');
  git('branch', 'feature/x');
  for (const ref of ['HEAD', 'main', 'feature/x', 'light', 'heavy', hash, hash.slice(0, 8)]) {
    expect(await open().resolve(ref)).toBe(hash);
  }
});

test.each([
  '-main',
  '--upload-pack=x',
  '../../etc/passwd',
  'main..feature',
  'main\0',
  '/etc/passwd',
  '@{-1}',
  'main@{1}',
  '',
  'a b',
  'refs/heads/main.lock',
  'x'.repeat(300),
])('refuses %j as a ref', async (ref) => {
  commit('one');
  expect(await codeOf(open().resolve(ref))).toBe('invalid_ledger_ref');
});

test.each(['no-such-branch', '0'.repeat(40), 'deadbeef', 'HEAD/x'])('does not find %s', async (ref) => {
  commit('one');
  expect(await codeOf(open().resolve(ref))).toBe('ledger_ref_not_found');
});

test('a blob or a tree is no commit', async () => {
  commit('one');
  expect(await codeOf(open().resolve(git('rev-parse', 'HEAD:main.beancount')))).toBe('ledger_ref_not_found');
  expect(await codeOf(open().resolve(git('rev-parse', 'HEAD^{tree}')))).toBe('ledger_ref_not_found');
});

test('a file that is not in the commit is named', async () => {
  const hash = commit('one');
  const repository = openLedgerRepository({ dir, file: 'other.beancount' });
  await expect(repository.snapshot(hash)).rejects.toMatchObject({
    code: 'ledger_file_not_found',
    message: expect.stringContaining('other.beancount') as string,
  });
});

test('a folder without a repository is named', () => {
  expect(() => openLedgerRepository({ dir: join(dir, 'years'), file: 'x' })).toThrow(
    /is not a git repository/,
  );
});

test('follows no symbolic link and no include out of the repository', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'dawsos-outside-'));
  writeFileSync(join(outside, 'secret.beancount'), transaction('2022-02-02', 'Assets:Growth:Cash', 5));
  symlinkSync(join(outside, 'secret.beancount'), join(dir, 'years', 'link.beancount'));
  symlinkSync(outside, join(dir, 'linked'));
  write(
    'main.beancount',
    `${OPENS}${PORTFOLIO}include "years/*.beancount"
include "linked/secret.beancount"
include "${join(outside, 'secret.beancount')}"
include "../${outside.split('/').at(-1) ?? ''}/secret.beancount"
`,
  );
  const hash = commit('links');
  const snapshot = await open().snapshot(hash);
  expect(cash(snapshot)).toEqual(['100']);
  expect(snapshot.ledger.errors).toHaveLength(3);
  const fromFiles = await loadLedger({ root: dir, file: 'main.beancount' });
  expect(fromFiles.errors.map((error) => error.message)).toEqual(
    snapshot.ledger.errors.map((error) => error.message),
  );
  rmSync(outside, { recursive: true });
});

test('a snapshot tells its portfolios, their transactions, its commodities and accounts', async () => {
  write(
    'years/2023.beancount',
    `${transaction('2023-02-01', 'Assets:Other', 1)}${transaction('2023-03-01', 'Assets:Growth:Cash', 2)}`,
  );
  const snapshot = await open().snapshot(commit('two'));
  const growth = { id: 'growth', name: 'Growth', baseCurrency: 'CAD', accountPrefixes: ['Assets:Growth'] };
  expect(snapshot.portfolio('growth')).toEqual(growth);
  expect(snapshot.portfolio(null).accountPrefixes).toEqual(['Assets', 'Liabilities']);
  expect(() => snapshot.portfolio('none')).toThrow(/declares no portfolio "none"\.$/);
  const dates = snapshot
    .entries({ portfolioId: 'growth', from: isoDate('2022-02-02'), to: isoDate('2023-03-01') })
    .map((entry) => entry.date);
  expect(dates).toEqual(['2023-03-01']);
  expect(snapshot.commodity('CAD').get('name')).toEqual({ kind: 'string', value: 'Canadian dollar' });
  expect(snapshot.commodity('XXX').size).toBe(0);
  expect(snapshot.account('Income:Gift').kind).toBe('income');
});

test('a ledger with errors is a snapshot all the same, and all its errors can be thrown at once', async () => {
  write('years/2022.beancount', '2022-02-01 open\n2022-02-02 close Assets:Never\n');
  const { ledger } = await open().snapshot(commit('broken'));
  expect(() => assertNoErrors(ledger)).toThrow(
    expect.objectContaining({
      code: 'ledger_has_errors',
      errors: [
        { pointer: 'years/2022.beancount:2', detail: 'syntax error, unexpected EOL, expecting ACCOUNT' },
        { pointer: 'years/2022.beancount:2', detail: 'Unopened account Assets:Never is being closed' },
      ],
    }),
  );
});

test('a ref is a tag, a branch or a commit, and nothing else of the folder', async () => {
  const one = commit('one');
  write('years/2023.beancount', transaction('2023-02-01', 'Assets:Growth:Cash', 11));
  const two = commit('two');
  git('tag', 'review', one);
  git('branch', 'review', two);
  git('update-ref', 'refs/remotes/origin/main', one);
  git('update-ref', 'refs/notes/secret', one);
  writeFileSync(join(dir, '.git', 'stored'), `${one}\n`);
  const repository = open();
  expect(await repository.resolve('review')).toBe(one);
  expect(await repository.resolve('refs/heads/review')).toBe(two);
  expect(await repository.resolve()).toBe(two);
  for (const ref of [
    'stored',
    'origin/main',
    'refs/notes/secret',
    'notes/secret',
    'ORIG_HEAD',
    'config',
    'index',
  ])
    expect([ref, await codeOf(repository.resolve(ref))]).toEqual([ref, 'ledger_ref_not_found']);
  expect(await repository.isBehind(one, two)).toBe(true);
  expect(await repository.isBehind(two, two)).toBe(true);
  expect(await repository.isBehind(two, one)).toBe(false);
});
