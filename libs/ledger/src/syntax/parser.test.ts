import fc from 'fast-check';
import { propertyRuns } from '@dawsos/testing/property-runs';
import { Faults } from '../faults';
import { LedgerDecimal } from '../number';
import { parseFile } from './parser';

function parse(text: string) {
  const faults = new Faults();
  const { entries } = parseFile(text, 'x.beancount', faults);
  return { entries, errors: faults.errors.map(({ location, message }) => `${location.line}: ${message}`) };
}

const fragment = fc.constantFrom(
  ...[
    '2020-01-01',
    '2020-13-01',
    ' ',
    '  ',
    '\n',
    '\n  ',
    '*',
    '!',
    '"text"',
    '"',
    'open',
    'balance',
    'Assets:A',
    'USD',
    'V',
  ],
  ...[
    '1',
    '1,000.00',
    '1,2',
    '(',
    ')',
    '+',
    '-',
    '/',
    '~',
    '{',
    '}',
    '{{',
    '}}',
    '#',
    '#tag',
    '^link',
    '@',
    '@@',
    ',',
    ';',
  ],
  ...[
    'key:',
    'option',
    'pushtag',
    'popmeta',
    'TRUE',
    'NULL',
    '\udc80',
    'é',
    '|',
    '\0',
    '\r',
    '2020-01-01 price V 1 USD\n',
  ],
);

test('never throws and always ends, whatever it reads', () => {
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 60 }), (parts) => void parse(parts.join(''))),
    { numRuns: propertyRuns(2000) },
  );
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void parse(text)));
});

test('does not overflow on nesting without end', () => {
  const { errors } = parse(`2020-01-01 balance Assets:A ${'('.repeat(100_000)}1 USD\n`);
  expect(errors).toEqual(['1: syntax error, unexpected LPAREN']);
});

test('reads a number as it was printed', () => {
  const amount = fc.tuple(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.nat({ max: 8 }));
  fc.assert(
    fc.property(amount, ([digits, places]) => {
      const number = LedgerDecimal.parse(`${digits}E-${places}`);
      const { entries } = parse(`2020-01-01 price HOOL ${number.toString()} USD\n`);
      const [price] = entries;
      expect(price?.type === 'price' ? price.amount.number.toString() : undefined).toBe(number.toString());
    }),
  );
});

test('goes on behind a bad directive, and says where each stands', () => {
  const { entries, errors } = parse(
    '2020-01-01 open Assets:A\n2020-01-02 open\n2020-01-03 open Assets:B USD EUR\n2020-01-04 open Assets:C\nwhat\n2020-01-05 open Assets:D\n',
  );
  expect(errors).toEqual([
    '3: syntax error, unexpected EOL, expecting ACCOUNT',
    '3: syntax error, unexpected CURRENCY, expecting end of file or EOL',
    "5: Invalid token: 'what'",
  ]);
  expect(entries.map((entry) => ('account' in entry ? entry.account : ''))).toEqual(['Assets:A', 'Assets:D']);
});

test('accepts what version 3 adds: currencies of one letter or with a slash, tags on notes, newer booking methods', () => {
  const { entries, errors } = parse(`2020-01-01 open Assets:A /ESH21,V "HIFO"
2020-01-01 open Assets:B "STRICT_WITH_SIZE"
2020-01-02 price V 10.00 USD
2020-01-03 note Assets:A "text" #tag ^link
2020-01-04 X "flag"
  Assets:A   1 V
  Assets:B
2020-01-05 commodity ABCDEFGHIJKLMNOPQRSTUVWXYZ
`);
  expect(errors).toEqual([]);
  expect(entries).toHaveLength(6);
  expect(entries[0]).toMatchObject({ currencies: ['/ESH21', 'V'], booking: 'HIFO' });
  expect(entries[3]).toMatchObject({ tags: ['tag'], links: ['link'] });
  expect(entries[4]).toMatchObject({ flag: 'X' });
});
