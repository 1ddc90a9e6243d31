import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Ordinary mistakes, and what is printed: each names the setting or file and line, and what to do next, before a
 * process is started that would have to be waited for.
 */
interface Mistake {
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Files to write, by name below the folder of the test. */
  readonly files?: Readonly<Record<string, string>>;
  readonly prepare?: () => void | Promise<void>;
  readonly exitCode: number;
  /** Where the mistake is: file and line, or the setting. */
  readonly place: RegExp;
  /** The next step. */
  readonly next: RegExp;
}

const MAIN = join(__dirname, '..', 'dist', 'main.js');
const BOOKS = `option "operating_currency" "EUR"
2024-01-01 open Assets:Bank
2024-01-01 open Equity:Opening
2024-01-02 * "Opening"
  Assets:Bank  1000 EUR
  Equity:Opening
`;
const HEADER = 'date,commodity,price,currency,source\n';
const LEDGER = 'books/main.beancount';

let folder: string;
let listening: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dawsos mistakes '));
});
afterEach(() => {
  listening?.close();
  listening = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
function git(...args: readonly string[]): void {
  execFileSync('git', ['-C', at('books'), '-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args]);
}
function commit(): void {
  git('init', '-q', '-b', 'master');
  git('add', '-A');
  git('commit', '-qm', 'Books');
}
async function takePort(): Promise<void> {
  listening = createServer().listen(18_099, '127.0.0.1');
  await once(listening, 'listening');
}

const up = (more: Omit<Mistake, 'args'> & { readonly args?: readonly string[] }): Mistake => ({
  ...more,
  args: ['up', '--ledger', 'books', ...(more.args ?? [])],
  files: { [LEDGER]: BOOKS, ...more.files },
});
const inLedger = (
  text: string,
  place: RegExp,
  next = /fix .*start again; all of them: dawsos ledger check/,
): Mistake => up({ files: { [LEDGER]: `${BOOKS}${text}` }, exitCode: 65, place, next });
const inPrices = (text: string, place: RegExp, name = 'prices/prices/p.csv'): Mistake =>
  up({
    files: { [name]: text },
    environment: { PRICES_DIR: 'prices' },
    exitCode: 65,
    place,
    next: /fix .*Mend the file and line named in the detail/,
  });
const inSetting = (
  environment: Readonly<Record<string, string>>,
  place: RegExp,
  next: RegExp,
  exitCode = 78,
): Mistake => up({ environment, exitCode, place, next });

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'a branch that is not there': up({
    prepare: commit,
    environment: { LEDGER_REF: 'main' },
    exitCode: 66,
    place: /has no "main"[^]*LEDGER_REF names it; its branches: master/,
    next: /set LEDGER_REF to one of them, such as LEDGER_REF=master/,
  }),
  'a path that is not there': {
    args: ['up', '--ledger', 'nowhere'],
    exitCode: 66,
    place: /there is no nowhere[^]*--ledger names it/,
    next: /dawsos up --ledger PATH/,
  },
  'LEDGER_REPO that is not there': {
    args: ['up'],
    environment: { LEDGER_REPO: 'nowhere' },
    exitCode: 66,
    place: /LEDGER_REPO names it/,
    next: /dawsos up --ledger PATH/,
  },
  'a folder without a ledger': {
    args: ['up', '--ledger', 'books'],
    files: { 'books/notes.txt': '' },
    exitCode: 66,
    place: /books has no main\.beancount[^]*no ledger file/,
    next: /dawsos up --ledger books\/FILE\.beancount/,
  },
  'a folder with two ledgers': {
    args: ['up', '--ledger', 'books'],
    files: { 'books/a.beancount': BOOKS, 'books/b.beancount': BOOKS },
    exitCode: 66,
    place: /it has a\.beancount, b\.beancount/,
    next: /dawsos up --ledger books\/a\.beancount/,
  },
  'a repository without a commit': up({
    prepare: () => git('init', '-q'),
    exitCode: 66,
    place: /books has no "HEAD"[^]*no commit yet/,
    next: /commit the ledger, or read it as it stands with --worktree/,
  }),
  'a file that is not committed': up({
    files: { 'books/other.beancount': BOOKS },
    prepare: () => {
      commit();
      git('rm', '-q', '--cached', 'main.beancount');
      git('commit', '-qm', 'Less');
    },
    exitCode: 66,
    place: /main\.beancount is not in the commit [0-9a-f]{7}[^]*LEDGER_FILE or --ledger/,
    next: /git add main\.beancount; git commit[^]*--worktree/,
  }),
  'a committed ledger with an error': up({
    files: { [LEDGER]: `${BOOKS}garbage\n` },
    prepare: commit,
    exitCode: 65,
    place: /the ledger at [0-9a-f]{7} has 1 error[^]*books\/main\.beancount:7: /,
    next: /commit, and start again; all of them: dawsos ledger check/,
  }),
  'a word that is no directive': inLedger('garbage\n', /books\/main\.beancount:7: Invalid token: 'garbage'/),
  'an account that is not opened': inLedger(
    '2024-02-01 * "x"\n  Assets:Bnak  1 EUR\n  Equity:Opening\n',
    /main\.beancount:7: Invalid reference to unknown account 'Assets:Bnak'/,
  ),
  'a transaction that does not balance': inLedger(
    '2024-02-01 * "x"\n  Assets:Bank  1 EUR\n  Equity:Opening  -2 EUR\n',
    /main\.beancount:7: Transaction does not balance/,
  ),
  'a balance that is off': inLedger('2024-03-01 balance Assets:Bank 1 EUR\n', /main\.beancount:7: /),
  'an include that is not there': inLedger(
    '\ninclude "years/2024.beancount"\n',
    /main\.beancount:8: File glob "years\/2024\.beancount" does not match any files/,
  ),
  'a byte-order mark': up({
    files: { [LEDGER]: `\uFEFF${BOOKS}` },
    exitCode: 65,
    place: /main\.beancount:1: .*byte-order mark/,
    next: /dawsos ledger check/,
  }),
  'a portfolio of an account that is not opened': inLedger(
    '2024-02-01 custom "portfolio" "growth" Assets:Growth\n',
    /main\.beancount:7: Portfolio "growth" names Assets:Growth, which the ledger does not open/,
  ),
  'a portfolio in a currency that is none': inLedger(
    '2024-02-01 custom "portfolio" "growth" Assets:Bank\n  base_currency: "EURO"\n',
    /main\.beancount:7: Portfolio "growth" has the base_currency "EURO"/,
  ),
  'a decimal comma': inPrices(
    `${HEADER}2024-02-01,NWND,1,5,EUR,manual\n`,
    /prices\/p\.csv:2: .*decimal comma/,
  ),
  'a decimal comma in quotes': inPrices(
    `${HEADER}2024-02-01,NWND,"1,5",EUR,manual\n`,
    /prices\/p\.csv:2:17: price: "1,5" is not a decimal number; write a decimal point/,
  ),
  'a German day': inPrices(
    `${HEADER}01.02.2024,NWND,1,EUR,manual\n`,
    /prices\/p\.csv:2:1: date: .*YYYY-MM-DD/,
  ),
  'other columns': inPrices('Datum;Kurs\n', /prices\/p\.csv:1: the first line must be date,commodity/),
  'a price file beside the folders': inPrices(HEADER, /p\.csv:1: .*move it to prices\//, 'prices/p.csv'),
  'a price directive that is none': inPrices(
    '2024-02-01 price NWND\n',
    /p\.beancount:\d+: /,
    'prices/p.beancount',
  ),
  'a price folder that is not there': up({
    environment: { PRICES_DIR: 'nowhere' },
    exitCode: 65,
    place: /nowhere: there is no such folder/,
    next: /fix /,
  }),
  'a day that is none': inSetting(
    { TODAY: '2025-02-30' },
    /TODAY: .*"2025-02-30"/,
    /For example: TODAY=2025-10-22/,
  ),
  'a number that is none': inSetting(
    { WORKER_CONCURRENCY: 'many' },
    /WORKER_CONCURRENCY: .*"many"/,
    /For example: WORKER_CONCURRENCY=4/,
  ),
  'a registry that is not there': inSetting(
    { RIGHTS_REGISTRY: 'nowhere.yaml' },
    /RIGHTS_REGISTRY cannot be read: nowhere\.yaml/,
    /rights\/registry\.yaml is then taken/,
  ),
  'a registry that is none': up({
    files: { 'registry.yaml': 'sources: 5\n' },
    environment: { RIGHTS_REGISTRY: 'registry.yaml' },
    exitCode: 65,
    place: /registry\.yaml/,
    next: /dawsos rights lint/,
  }),
  'a file of keys that is not there': inSetting(
    { API_KEYS_FILE: 'keys.json' },
    /API_KEYS_FILE names keys\.json/,
    /dawsos keys create/,
  ),
  'calendars that are none': up({
    files: { 'markets.yaml': 'calendars: 5\n' },
    environment: { MARKETS_FILE: 'markets.yaml' },
    exitCode: 78,
    place: /markets\.yaml/,
    next: /fix /,
  }),
  'a folder of patterns that is not there': inSetting(
    { PATTERNS_DIR: 'nowhere' },
    /PATTERNS_DIR names nowhere/,
    /or unset it/,
  ),
  'a Redis that is not there': inSetting(
    { REDIS_URL: 'redis://127.0.0.1:1' },
    /nothing answers where REDIS_URL points: 127\.0\.0\.1:1/,
    /unset it: an embedded one is then started/,
    69,
  ),
  'a database that is not there': inSetting(
    { DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/d' },
    /nothing answers where DATABASE_URL points: 127\.0\.0\.1:1/,
    /unset it: an embedded one is then started/,
    69,
  ),
  'a port that is in use': up({
    prepare: takePort,
    args: ['--port', '18099'],
    exitCode: 78,
    place: /the port 18099 is in use[^]*--port names it/,
    next: /leave it out: a free one is taken/,
  }),
  'a data folder with a file in its way': up({
    files: { data: '' },
    exitCode: 78,
    place: /the data folder .*data cannot be written/,
    next: /--data DIR/,
  }),
  'a data folder of another ledger': up({
    files: { 'data/books.json': JSON.stringify({ ledger: 'example', commit: 'x', kind: 'example' }) },
    exitCode: 78,
    place: /data holds the packs of another ledger[^]*the example ledger/,
    next: /name another folder with --data DIR/,
  }),
  'a work tree of nothing': {
    args: ['up', '--worktree'],
    exitCode: 64,
    place: /--worktree/,
    next: /dawsos up --ledger PATH --worktree/,
  },
  'a command that is none': {
    args: ['pakcs'],
    exitCode: 64,
    place: /unknown command 'pakcs'/,
    next: /Did you mean packs/,
  },
  'an option that is none': {
    args: ['execute', 'x', '--waite'],
    exitCode: 64,
    place: /unknown option '--waite'/,
    next: /Did you mean --wait/,
  },
  'nothing to speak to': {
    args: ['runs', 'list'],
    exitCode: 69,
    place: /no dawsos is running here/,
    next: /dawsos up/,
  },
  'nothing to build from': {
    args: ['packs', 'build'],
    exitCode: 69,
    place: /LEDGER_REPO is not set/,
    next: /dawsos up --ledger PATH/,
  },
  'an address where nothing answers': {
    args: ['runs', 'list', '--url', 'http://127.0.0.1:1'],
    exitCode: 69,
    place: /no dawsos answers at http:\/\/127\.0\.0\.1:1/,
    next: /dawsos up/,
  },
  'a ledger to check that is not there': {
    args: ['ledger', 'check', 'nowhere.beancount'],
    exitCode: 66,
    place: /there is no nowhere\.beancount/,
    next: /check the path/,
  },
};

function run({
  args,
  environment,
}: Mistake): Promise<{ exitCode: number | null; printed: string; stdout: string }> {
  const child = spawn(process.execPath, [MAIN, ...args, '--data', at('data')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return once(child, 'close').then(() => ({ exitCode: child.exitCode, printed, stdout }));
}

describe('an ordinary mistake', () => {
  it('is one of at least thirty', () => {
    expect(Object.keys(MISTAKES).length).toBeGreaterThanOrEqual(30);
  });

  it.each(Object.entries(MISTAKES))('%s: names its place and the next step', async (_, mistake) => {
    for (const [name, text] of Object.entries(mistake.files ?? {})) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), text);
    }
    await mistake.prepare?.();
    const { exitCode, printed } = await run(mistake);
    expect(printed).toMatch(mistake.place);
    expect(printed).toMatch(mistake.next);
    expect(exitCode).toBe(mistake.exitCode);
    // Nothing was started, no stack is shown, no secret, and nothing twice.
    expect(printed).not.toMatch(/PostgreSQL {2}|^ +at |hunter2/m);
    const lines = printed.split('\n').filter((line) => line.trim() !== '');
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('is JSON in place of the answer for who asks for JSON', async () => {
    const { exitCode, stdout, printed } = await run({
      ...(MISTAKES['nothing to speak to'] as Mistake),
      args: ['runs', 'list', '--json'],
    });
    expect(JSON.parse(stdout)).toEqual({
      error: expect.objectContaining({ message: 'no dawsos is running here', exit_code: 69 }) as unknown,
    });
    expect([exitCode, printed]).toEqual([69, stdout]);
  });
});
