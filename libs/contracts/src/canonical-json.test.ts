import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, type JsonValue } from './json';

describe('canonical JSON', () => {
  it('is what the library of the RFC’s author writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), (value) => {
        expect(canonicalJson(value as JsonValue)).toBe(canonicalize(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['numbers of any size', [1e21, -0, 1e-7, 0.1, 123456789012345680000]],
    ['keys by code unit', { b: 1, a: 2, '\u20ac': 3, '\ud83d\ude00': 4, '"': 5, '\u0000': 6 }],
    ['members that are absent', { a: undefined, b: [null] }],
    ['deep nesting', JSON.parse(`${'['.repeat(500)}1${']'.repeat(500)}`)],
    ['what has a JSON form of its own', { at: { toJSON: () => 'x' } }],
  ])('writes %s', (_, value) => {
    expect(canonicalJson(value as JsonValue)).toBe(canonicalize(value));
  });

  it.each([[NaN], [{ a: Infinity }], [['\ud800']], [undefined]])('refuses %p', (value) => {
    expect(() => canonicalJson(value as unknown as JsonValue)).toThrow();
  });
});
