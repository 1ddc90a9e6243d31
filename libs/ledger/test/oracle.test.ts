import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inventoriesAt, loadLedger, type LedgerError } from '../src/index';

/** What Beancount's Python loader makes of a ledger; see tools/ledger-oracle/regenerate.py. */
interface Expected {
  readonly directives: number;
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
  return { directives: entries.length, positions, errors: errors.map(placeInBeancount) };
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

  test("has Beancount's errors, at the same file and line", async () => {
    const { errors } = await load(path);
    const places = (found: Expected['errors']) => sorted(found.map(({ file, line }) => `${file}:${line}`));
    expect(places(errors)).toEqual(places(expected.errors));
  });
});
