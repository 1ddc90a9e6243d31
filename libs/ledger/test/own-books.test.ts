import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLedger, openLedgerRepository, pinLedgerFiles } from '../src/index';

const BOOKS = `option "operating_currency" "EUR"
2024-01-01 open Assets:Bank
2024-01-01 open Assets:Depot
2024-01-01 open Equity:Opening
2024-01-02 * "in"
  Assets:Bank  100 EUR
  Equity:Opening
`;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dawsos own books '));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
const errorsOf = async (text: string, more: Readonly<Record<string, string>> = {}) => {
  write('main.beancount', text);
  for (const [name, content] of Object.entries(more)) write(name, content);
  const { errors } = await loadLedger({ file: join(dir, 'main.beancount') });
  return errors.map(({ location, message }) => `${location.file}:${String(location.line)}: ${message}`);
};

describe('faults that a user meets', () => {
  it('names a byte-order mark, and only that', async () => {
    expect(await errorsOf(`\uFEFF${BOOKS}`)).toEqual([
      expect.stringMatching(/^main\.beancount:1: .*byte-order mark/),
    ]);
  });

  it('puts the fault of an include at its own line', async () => {
    const include = `${BOOKS}include "2025.beancount"\ninclude "more.beancount"\ninclude "more.beancount"\ninclude "../x"\n`;
    expect(await errorsOf(include, { 'more.beancount': '' })).toEqual([
      'main.beancount:8: File glob "2025.beancount" does not match any files',
      expect.stringMatching(/^main\.beancount:11: Include "\.\.\/x" refused/),
      'main.beancount:10: Duplicate filename parsed: "more.beancount"',
    ]);
  });
});

describe('a list of lots in a fault', () => {
  it('is cut at ten', async () => {
    const buys = Array.from(
      { length: 1_000 },
      (_, index) =>
        `2024-02-01 * "Buy"\n  Assets:Depot  1 NWND {${String(index + 1)} EUR}\n  Equity:Opening\n`,
    );
    const sale = '2024-03-01 * "Sell"\n  Assets:Depot  -1 NWND {}\n  Assets:Bank  5 EUR\n';
    const [fault = ''] = await errorsOf(`${BOOKS}${buys.join('')}${sale}`);
    expect(fault).toMatch(/Ambiguous matches .*, and 990 more$/);
    expect(fault.length).toBeLessThan(600);
  });
});

describe('a portfolio', () => {
  const declared = (line: string) => errorsOf(`${BOOKS}${line}\n`);
  it.each([
    [
      '2024-01-03 custom "portfolio" "growth" Assets:Growth',
      /:8: .*Assets:Growth, which the ledger does not open/,
    ],
    ['2024-01-03 custom "portfolio" "growth"', /:8: .*names no account/],
    ['2024-01-03 custom "portfolio" Assets:Bank', /:8: .*needs an id in quotes/],
    ['2024-01-03 custom "portfolio" "growth" "Assets:Bank"', /:8: .*without quotes/],
    [
      '2024-01-03 custom "portfolio" "growth" Assets:Bank\n  base_currency: "EURO"',
      /:8: .*"EURO".*commodity EURO/,
    ],
    ['2024-01-03 custom "portfolio" "growth" Assets:Bank\n  base_currency: 5', /:8: .*must be a currency/],
  ])('%j is an error at its line', async (line, message) => {
    expect(await declared(line)).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    [
      'an account that is opened',
      '2024-01-03 custom "portfolio" "growth" Assets:Bank\n  base_currency: "EUR"',
    ],
    [
      'a group of them',
      '2024-01-03 open Assets:Fund:Shares\n2024-01-03 custom "portfolio" "growth" Assets:Fund',
    ],
    [
      'a declared currency',
      '2024-01-03 commodity CHF\n2024-01-03 custom "portfolio" "g" Assets:Depot\n  base_currency: "CHF"',
    ],
  ])('takes %s', async (_, line) => {
    expect(await declared(line)).toEqual([]);
  });
});

describe('a ledger in no commit', () => {
  const store = () => join(dir, 'store');
  const pin = () =>
    pinLedgerFiles({ root: join(dir, 'books'), file: 'main.beancount', store: store(), keep: () => true });
  beforeEach(() => {
    mkdirSync(join(dir, 'books', 'years'), { recursive: true });
    write(
      'books/main.beancount',
      `${BOOKS}include "years/*.beancount"\n2024-02-01 document Assets:Bank "scan.pdf"\n`,
    );
    write('books/years/2024.beancount', '2024-03-01 price CHF 1.05 EUR\n');
    write('books/scan.pdf', 'a large scan');
  });

  it('is pinned by its content and read back the same', async () => {
    const { commit, ledger } = await pin();
    const repository = openLedgerRepository({ dir: store(), file: 'main.beancount' });
    expect(await repository.resolve('main')).toBe(commit);
    const snapshot = await repository.snapshot(commit ?? '');
    expect(snapshot.ledger.errors).toEqual([]);
    expect(snapshot.ledger.entries).toEqual(ledger.entries);
  });

  it('gets another pin with another content, and the old one again with the old content', async () => {
    const first = await pin();
    write('books/years/2024.beancount', '2024-03-01 price CHF 1.06 EUR\n');
    const second = await pin();
    write('books/years/2024.beancount', '2024-03-01 price CHF 1.05 EUR\n');
    const third = await pin();
    expect(second.commit).not.toBe(first.commit);
    expect(third.commit).toBe(first.commit);
    const repository = openLedgerRepository({ dir: store(), file: 'main.beancount' });
    expect((await repository.snapshot(second.commit ?? '')).ledger.entries).toEqual(second.ledger.entries);
  });

  it('keeps its pin while what stands there is not to be kept', async () => {
    const { commit } = await pin();
    write('books/years/2024.beancount', 'not a directive\n');
    const refused = await pinLedgerFiles({
      root: join(dir, 'books'),
      file: 'main.beancount',
      store: store(),
      keep: ({ errors }) => errors.length === 0,
    });
    expect(refused.commit).toBeUndefined();
    expect(refused.ledger.errors[0]?.location).toEqual({ file: 'years/2024.beancount', line: 1 });
    expect(await openLedgerRepository({ dir: store(), file: 'main.beancount' }).resolve('main')).toBe(commit);
  });
});

describe('the whole ledger', () => {
  const snapshotOf = async (text: string) => {
    write('main.beancount', text);
    const store = join(dir, 'store');
    const { commit } = await pinLedgerFiles({ root: dir, file: 'main.beancount', store, keep: () => true });
    return openLedgerRepository({ dir: store, file: 'main.beancount' }).snapshot(commit ?? '');
  };

  it('is the portfolio "all", also where no currency is named', async () => {
    const snapshot = await snapshotOf(BOOKS.replace('option "operating_currency" "EUR"\n', ''));
    expect(snapshot.portfolios()).toEqual([
      { id: 'all', name: 'Beancount', baseCurrency: 'EUR', accountPrefixes: ['Assets', 'Liabilities'] },
    ]);
    expect(snapshot.portfolio('all')).toEqual(snapshot.portfolios()[0]);
    expect(() => snapshot.portfolio('growth')).toThrow('"all"');
  });

  it('gives the name to a portfolio that is declared so', async () => {
    const snapshot = await snapshotOf(`${BOOKS}2024-01-03 custom "portfolio" "all" Assets:Bank\n`);
    expect(snapshot.portfolios().map(({ accountPrefixes }) => accountPrefixes)).toEqual([['Assets:Bank']]);
  });
});

describe('a repository on another branch', () => {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args]);
  const open = () => openLedgerRepository({ dir, file: 'main.beancount' });

  it('says which branches there are', async () => {
    git('init', '-q', '-b', 'master');
    await expect(open().resolve('main')).rejects.toThrow(/no "main"\. It has no commit yet/);
    write('main.beancount', BOOKS);
    git('add', '-A');
    git('commit', '-qm', 'books');
    git('branch', 'draft');
    await expect(open().resolve('main')).rejects.toThrow('Its branches: draft, master.');
    expect(await open().branches()).toEqual({ current: 'master', all: ['draft', 'master'] });
  });
});
