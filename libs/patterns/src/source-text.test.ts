import fc from 'fast-check';
import { propertyRuns } from '@dawsos/testing/property-runs';
import { formatFault } from './fault';
import { parseSource } from './source-text';

function faultsOf(text: string): readonly string[] {
  const parsed = parseSource('p.json', text);
  return parsed.ok ? [] : parsed.faults.map(formatFault);
}

describe('a pattern file', () => {
  test('points a caret at the place of a syntax fault', () => {
    expect(faultsOf('{\n  "id": "x",\n  "steps": [1 2]\n}')).toEqual([
      'p.json:3:15: expected ","\n3 |   "steps": [1 2]\n                  ^',
    ]);
  });

  test.each([
    ['a comment', '{\n  // why\n  "id": "x" }', /^p\.json:2:3: comments are not allowed/],
    ['a trailing comma', '{"a": [1,]}', /^p\.json:1:10: expected a value/],
    ['an open text', '{"a": "b', /the text has no closing quote/],
    ['a doubled key', '{"a": 1,\n "a": 2}', /^p\.json:2:2: the key "a" stands here twice/],
    ['__proto__ as a key', '{"a": {"__proto__": {"x": 1}}}', /^p\.json:1:8: "__proto__" is not allowed/],
    ['nothing', '', /^p\.json:1:1: /],
    ['a byte order mark and words', '\ufeffhello', /^p\.json:1:/],
  ])('refuses %s', (_what, text, message) => {
    expect(faultsOf(text).join('\n')).toMatch(message);
  });

  test('nested 100,000 levels deep is refused, not a stack overflow', () => {
    expect(faultsOf('['.repeat(100_000))[0]).toMatch(/nested deeper than 64 levels/);
  });

  test('a tab or an escape code in a line cannot garble the excerpt', () => {
    expect(faultsOf('\t\u001b[2J{')[0]).not.toContain('\u001b');
  });

  test('never throws, whatever the text', () => {
    const fragments = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '1', 'a', '\n', '//', '/*'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fragments.map((parts) => parts.join('')),
          fc.json(),
        ),
        (text) => {
          const parsed = parseSource('p.json', text);
          if (parsed.ok) expect(parsed.source.value).toEqual(JSON.parse(text));
          else expect(parsed.faults.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: propertyRuns(500) },
    );
  });
});
