import { PLANTED_SECRETS } from '@dawsos/testing';
import { propertyRuns } from '@dawsos/testing/property-runs';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { createPiiFilter } from './filter';
import { createKeyClassifier } from './key';
import { createPseudonyms } from './pseudonym';
import { DEFAULT_RULES } from './rules/table';
import { createTextFilter } from './text';

const pii = createPiiFilter();

/** Text as it is met: secrets, names of fields, punctuation and arbitrary letters, in any order. */
const piece = fc.oneof(
  fc.constantFrom(...PLANTED_SECRETS.flatMap(({ key, value, sentence }) => [key, value, sentence])),
  fc.constantFrom(
    ...' =:"\'\\{}[](),;&?/@%-._\n',
    '://',
    '": "',
    '\\"',
    '%22',
    'Error: ',
    '[REDACTED]',
    '127.0.0.1',
  ),
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.nat().map(String),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

/** Getters, throwing getters, proxies, errors, cycles, Maps, Sets, Buffers, symbols, functions, odd prototypes. */
const { value: hostile } = fc.letrec<{ value: unknown; leaf: unknown; bag: object }>((tie) => ({
  leaf: fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
    text,
    fc.constantFrom(
      Symbol('s'),
      () => 1,
      /x/u,
      new URL('https://u:p@h.test/?a=1'),
      Buffer.from('x'),
      NaN,
      -0,
    ),
  ),
  bag: fc.dictionary(fc.oneof(text, fc.string()), tie('value'), { maxKeys: 4, noNullPrototype: false }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    tie('bag'),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('bag').map((bag) => new Proxy(bag, {})),
    tie('bag').map((bag) => new Map(Object.entries(bag))),
    tie('bag').map((bag) => Object.assign(bag, { self: bag })),
    fc.tuple(text, tie('value')).map(([message, cause]) => new Error(message, { cause })),
    tie('value').map((value) => ({
      get read() {
        return value;
      },
      get bad(): never {
        throw new Error('no');
      },
    })),
  ),
}));

describe('for whatever it is given, the filter', () => {
  it('never throws, and gives plain data that JSON can hold', () => {
    fc.assert(fc.property(hostile, (value) => void JSON.stringify(pii.fields({ value }))));
  });

  it('never runs a trap of a proxy', () => {
    const refuse = (): never => {
      throw new Error('a trap ran');
    };
    const traps = { get: refuse, ownKeys: refuse, getPrototypeOf: refuse, getOwnPropertyDescriptor: refuse };
    expect(pii.fields({ value: new Proxy({}, traps) })).toEqual({ value: '[UNREADABLE]' });
  });

  it('never changes it', () => {
    fc.assert(
      fc.property(fc.object({ withDate: true, withMap: true, withSet: true, maxDepth: 3 }), (value) => {
        const before = inspect(value, { depth: Infinity });
        pii.fields(value);
        pii.attributes(value);
        pii.error(value);
        expect(inspect(value, { depth: Infinity })).toBe(before);
      }),
    );
  });

  it('changes nothing when it is applied twice to text', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (given) => {
        const once = pii.text(given);
        expect(pii.text(once)).toBe(once);
      }),
      { numRuns: propertyRuns(500) },
    );
  });

  it('changes nothing when it is applied twice to fields', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const once = pii.fields({ value });
        expect(pii.fields(once)).toEqual(once);
      }),
    );
  });

  it('finds with its prechecks whatever it finds without them', () => {
    const pseudonyms = createPseudonyms();
    const filterBy = (rules: typeof DEFAULT_RULES) =>
      createTextFilter(rules, createKeyClassifier(rules), pseudonyms);
    const quick = filterBy(DEFAULT_RULES);
    const slow = filterBy(DEFAULT_RULES.map(({ hints: _hints, needs: _needs, ...rule }) => rule));
    fc.assert(
      fc.property(text, (any) => {
        const given = any.replace(/[\ue000-\uf8ff]/g, '');
        expect(quick.filter(given)).toBe(slow.filter(given));
      }),
      { numRuns: propertyRuns(1_000) },
    );
  });
});

describe('on hostile text the filter takes time in proportion to its length', () => {
  const LONGEST_MS = 500;
  const timeOf = (given: string): number => {
    const start = process.cpuUsage();
    pii.text(given);
    return process.cpuUsage(start).user / 1_000;
  };

  it.each([
    'a',
    '1',
    '1 ',
    '=',
    'a=',
    '@a',
    '%25',
    '-',
    '$1,',
    'a.',
    '"\\',
    'user ',
    '12-',
    'Bearer ',
    'a@a.a.',
  ])('where "%s" is repeated', (unit) => {
    expect(timeOf(unit.repeat(1_000_000 / unit.length))).toBeLessThan(LONGEST_MS);
  });

  it('whatever is repeated', () => {
    const unit = fc.oneof(text, fc.string({ minLength: 1, maxLength: 8 })).filter(({ length }) => length > 0);
    fc.assert(
      fc.property(unit, unit, (one, other) => {
        const given = one.repeat(8_000 / one.length) + other.repeat(8_000 / other.length);
        expect(timeOf(given)).toBeLessThan(LONGEST_MS);
      }),
      { numRuns: propertyRuns(60) },
    );
  });
});
