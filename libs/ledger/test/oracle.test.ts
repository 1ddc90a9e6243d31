import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inventoriesAt, loadLedger, type Amount, type LedgerError, type Transaction } from '../src/index';

/** What Beancount's Python loader makes of a ledger; see tools/ledger-oracle/regenerate.py. */
interface Expected {
  readonly directives: number;
  /** The entries of ledgers that run plugins: date, flag, narration, and each posting's account, amount, cost and price. */
  readonly transactions?: readonly unknown[];
  readonly positions: readonly Position[];
  readonly errors: readonly { readonly file: string; readonly line: number }[];
}
interface Position {
  readonly account: string;
  readonly units: string;
  readonly currency: string;
  readonly cost_number: string | null;
  readonly cost_currency: string | null;
  readonly cost_date: string | null;
  readonly cost_label: string | null;
}

const FIXTURES = join(__dirname, '__fixtures__');
const FOLDERS = [FIXTURES, join(FIXTURES, 'beancount-example')];
const LEDGERS = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.beancount'))
    .map((name) => ({ name, path: join(folder, name) })),
);

async function load(path: string): Promise<Expected> {
  const { entries, errors } = await loadLedger({ file: path });
  const positions = [...inventoriesAt(entries)].flatMap(([account, inventory]) =>
    [...inventory].map(({ units, cost }) => ({
      account,
      units: units.number.toString(),
      currency: units.currency,
      cost_number: cost?.number.toString() ?? null,
      cost_currency: cost?.currency ?? null,
      cost_date: cost?.date ?? null,
      cost_label: cost?.label ?? null,
    })),
  );
  const transactions = entries.flatMap((entry) => (entry.type === 'transaction' ? [rowOf(entry)] : []));
  return { directives: entries.length, transactions, positions, errors: errors.map(placeInBeancount) };
}

function rowOf({ date, flag, narration, postings }: Transaction): unknown {
  const amount = (value: Amount | null) => value && `${value.number.toString()} ${value.currency}`;
  const rows = postings.map(({ account, units, cost, price }) => [
    account,
    units.number.toString(),
    units.currency,
    amount(cost),
    amount(price),
  ]);
  return [date, flag, narration, rows];
}

/** A fault of an include stands at the include's own line here; Beancount files it at no line. */
const OF_AN_INCLUDE = /^(?:File glob|Duplicate filename|Include) "|^Duplicate filename parsed/;
const placeInBeancount = ({ location, message }: LedgerError) =>
  OF_AN_INCLUDE.test(message) ? { file: '<load>', line: 0 } : location;

const sorted = (texts: readonly string[]) => [...texts].sort();

test('the fixtures hold ledgers, with errors and without', () => {
  expect(LEDGERS.length).toBeGreaterThan(25);
});

describe.each(LEDGERS)('$name', ({ path }) => {
  const expected = JSON.parse(readFileSync(path.replace(/beancount$/, 'expected.json'), 'utf8')) as Expected;

  test("holds exactly Beancount's lots", async () => {
    const { positions, directives } = await load(path);
    const text = (rows: readonly Position[]) => sorted(rows.map((row) => JSON.stringify(row)));
    expect(text(positions)).toEqual(text(expected.positions));
    expect(directives).toBe(expected.directives);
  });

  if (expected.transactions !== undefined) {
    test("has Beancount's transactions, as its plugins leave them", async () => {
      expect((await load(path)).transactions).toEqual(expected.transactions);
    });
  }

  test("has Beancount's errors, at the same file and line", async () => {
    const { errors } = await load(path);
    const places = (found: Expected['errors']) => sorted(found.map(({ file, line }) => `${file}:${line}`));
    expect(places(errors)).toEqual(places(expected.errors));
  });
});
