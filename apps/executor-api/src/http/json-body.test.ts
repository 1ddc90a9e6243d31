import fc from 'fast-check';
import { parseJsonBody } from './json-body';

const parse = (text: string) => parseJsonBody(Buffer.from(text));
const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;

describe('a JSON body', () => {
  it('is what JSON.parse says, for any value within the bounds', () => {
    const json = fc
      .jsonValue({ maxDepth: 5, noUnicodeString: false })
      .filter(
        (value) => !JSON.stringify(value).includes('__proto__') && !JSON.stringify(value).includes('\\u0000'),
      );
    fc.assert(
      fc.property(json, (value) =>
        expect(parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value))),
      ),
    );
  });

  it('tells line and column of a fault, and nothing of the text', () => {
    expect(() => parse('{"secret": 1,\n  "b": }')).toThrow(code('malformed_json'));
    for (const text of ['{"hunter2" 1}', 'hunter2', '', '[1,]']) {
      expect(() => parse(text)).toThrow(
        expect.objectContaining({ code: 'malformed_json', message: expect.not.stringContaining('hunter2') }),
      );
    }
    expect(() => parse('{"a": 1\n "b"}')).toThrow(/line 2, column 2/);
  });

  it('must be UTF-8', () => {
    expect(() => parseJsonBody(Buffer.from([0x22, 0xff, 0x22]))).toThrow(code('malformed_json'));
  });

  it('may not nest or grow without bound, and says so at once', () => {
    const started = performance.now();
    expect(() => parse('['.repeat(100_000))).toThrow(/deeper than 32/);
    expect(() => parse(`[${'0,'.repeat(500_000)}0]`)).toThrow(/more than 20000 members/);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('counts brackets and commas in strings as text', () => {
    expect(parse(JSON.stringify('[{,"\\'.repeat(30_000)))).toHaveLength(150_000);
  });

  it('cannot reach a prototype', () => {
    expect(() => parse('{"inputs": {"__proto__": {"x": 1}}}')).toThrow(
      expect.objectContaining({ errors: [{ pointer: '/inputs/__proto__', detail: expect.any(String) }] }),
    );
    expect(() => parse('{"\\u005f_proto__": 1}')).toThrow(code('invalid_request'));
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('holds no text that the database or a hash cannot take', () => {
    expect(() => parse('{"a": ["b\\u0000"]}')).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/a/0' })] }),
    );
    expect(() => parse('"\\ud800"')).toThrow(code('invalid_request'));
    expect(parse('"\\ud83d\\ude00"')).toBe('😀');
  });
});
