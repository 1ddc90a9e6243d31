import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../cli-error';
import type { Terminal } from '../terminal/terminal';
import { ledgerCommand } from './ledger';

const LEDGER = `2020-01-01 open Assets:Broker "FIFO"
2020-01-01 open Assets:Cash
2020-01-02 * "buy"
  Assets:Broker  3 HOOL {{100.00 USD}}
  Assets:Cash
2020-01-03 * "sell"
  Assets:Broker  -1 HOOL {}
  Assets:Cash
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dawsos-cli-ledger-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What `dawsos ledger …` prints on a ledger of this text, and the error that ends it. */
async function run(text: string, ...args: readonly string[]) {
  const file = join(folder, 'main.beancount');
  writeFileSync(file, text);
  const notes: string[] = [];
  const values: unknown[] = [];
  const terminal: Terminal = {
    interactive: false,
    width: 80,
    print: (line) => void values.push(line),
    json: (value) => void values.push(value),
    note: (line) => void notes.push(line),
    redraw: () => undefined,
    style: (_style, line) => line,
    styleNote: (_style, line) => line,
  };
  const [command = '', ...options] = args;
  const error = await ledgerCommand({ terminal, environment: {}, now: () => 0 })
    .exitOverride()
    .parseAsync([command, file, ...options], { from: 'user' })
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  return { notes, values, exitCode: error instanceof CliError ? error.exitCode : error, file };
}

test('lists lots with all the digits of their cost', async () => {
  const { values } = await run(LEDGER, 'positions', '--json');
  const cash = { cost_number: null, cost_currency: null, cost_date: null, cost_label: null };
  expect(values).toEqual([
    [
      {
        account: 'Assets:Broker',
        units: '2',
        currency: 'HOOL',
        cost_number: '33.33333333333333333333333333',
        cost_currency: 'USD',
        cost_date: '2020-01-02',
        cost_label: null,
      },
      { account: 'Assets:Cash', units: '-66.66666666666666666666666666', currency: 'USD', ...cash },
    ],
  ]);
});

test('lists what was held at the end of a day', async () => {
  const { values } = await run(LEDGER, 'positions', '--json', '--date', '2020-01-02');
  expect(values).toEqual([
    [
      expect.objectContaining({ units: '3' }),
      expect.objectContaining({ units: '-99.99999999999999999999999999' }),
    ],
  ]);
  expect((await run(LEDGER, 'positions', '--date', '2020-02-30')).exitCode).toBe(64);
});

test('finds no error, and ends well', async () => {
  const { notes, exitCode } = await run(LEDGER, 'check');
  expect(notes).toEqual(['no error in 1 file, 4 directives']);
  expect(exitCode).toBeUndefined();
});

test('names every error by file and line, and the plugins that did not run', async () => {
  const { notes, exitCode, file } = await run(
    'plugin "some.plugin"\n2020-01-01 open\n2020-01-02 close Assets:A\n',
    'check',
  );
  expect(notes).toEqual([
    `${file}:3: syntax error, unexpected EOL, expecting ACCOUNT`,
    `${file}:3: Unopened account Assets:A is being closed`,
    expect.stringContaining('<load>:0: The plugin "some.plugin" is not run here'),
    'plugins not run: some.plugin',
  ]);
  expect(exitCode).toBe(65);
});
