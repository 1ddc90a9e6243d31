import fc from 'fast-check';
import { matchesETag, reprDigest, strongETag } from './etag';
import { parseIdempotencyKey } from './idempotency-key';
import { linkToNext } from './link';
import { parsePrefer } from './prefer';
import { createRequestIds } from './request-id';
import { parseLastEventId } from './server-sent-events';
import { createServerTiming } from './server-timing';

describe('Idempotency-Key', () => {
  it('is a quoted structured string, or the same bare', () => {
    expect(parseIdempotencyKey('"8e03978e-40d5"')).toBe('8e03978e-40d5');
    expect(parseIdempotencyKey('8e03978e-40d5')).toBe('8e03978e-40d5');
    expect(parseIdempotencyKey('"a\\"b"')).toBe('a"b');
    expect(parseIdempotencyKey(undefined)).toBeNull();
  });

  it.each(['', '""', '"open', 'a b', '"a b"', 'ü', 'x'.repeat(256), 'a\r\nb', '"a", "b"'])(
    'refuses %j',
    (header) => {
      expect(() => parseIdempotencyKey(header)).toThrow(
        expect.objectContaining({ code: 'invalid_idempotency_key' }),
      );
    },
  );

  it('gives back any quoted key of visible characters', () => {
    const key = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)),
      minLength: 1,
      maxLength: 255,
    });
    fc.assert(
      fc.property(key, (text) => {
        expect(parseIdempotencyKey(`"${text.replace(/["\\]/g, '\\$&')}"`)).toBe(text);
      }),
    );
  });
});

describe('Prefer', () => {
  it('knows wait and respond-async, in any order and case', () => {
    expect(parsePrefer('respond-async, wait=10')).toEqual({ respondAsync: true, waitSeconds: 10 });
    expect(parsePrefer('Wait="5"; x=1')).toEqual({ respondAsync: false, waitSeconds: 5 });
  });

  it('waits a minute at most', () => {
    expect(parsePrefer('wait=3600').waitSeconds).toBe(60);
  });

  it('ignores what it does not know or cannot read, as the RFC asks', () => {
    for (const header of [
      undefined,
      '',
      'handling=lenient',
      'wait',
      'wait=-1',
      'wait=1e9',
      'wait=99999999999',
    ]) {
      expect(parsePrefer(header)).toEqual({ respondAsync: false, waitSeconds: undefined });
    }
    expect(parsePrefer('wait=1, wait=2').waitSeconds).toBe(1);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (header) => void parsePrefer(header)));
  });
});

describe('X-Request-Id', () => {
  const requestIdOf = createRequestIds();

  it('is kept when it is a UUID', () => {
    const id = '0198c6a4-5d1e-7c3a-9d52-3b0f0f7f1a01';
    expect(requestIdOf(id)).toEqual({ kept: id, echoed: id });
  });

  it('of any other form is echoed, and a pseudonym is kept, which tells nothing of it', () => {
    const { kept, echoed } = requestIdOf('GB29NWBK60161331926819');
    expect(echoed).toBe('GB29NWBK60161331926819');
    expect(kept).toMatch(/^req_[0-9a-f]{24}$/);
    expect(requestIdOf('GB29NWBK60161331926819').kept).toBe(kept);
    expect(createRequestIds()('GB29NWBK60161331926819').kept).not.toBe(kept);
  });

  it.each([undefined, '', '-x', 'a b', 'a\nb', 'x'.repeat(65), '{"level":60}', '\u001b[31m'])(
    'is a new one instead of %j',
    (header) => {
      const { kept, echoed } = requestIdOf(header);
      expect(kept).toMatch(/^[0-9a-f-]{36}$/);
      expect(echoed).toBe(kept);
    },
  );
});

describe('an entity tag', () => {
  it('matches itself, weak or in a list, and *', () => {
    const tag = strongETag('abc');
    for (const header of ['"abc"', 'W/"abc"', '"x", "abc"', '*']) expect(matchesETag(header, tag)).toBe(true);
    for (const header of [undefined, '"x"', 'abc', '']) expect(matchesETag(header, tag)).toBe(false);
  });

  it('stands beside the digest of the bytes (RFC 9530)', () => {
    expect(reprDigest('{"hello": "world"}\n')).toBe('sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:');
  });
});

describe('other headers', () => {
  it('Last-Event-ID is a number or counts as none', () => {
    expect(parseLastEventId('7')).toBe(7);
    for (const header of [undefined, '', 'x', '-1', '1.5', '99999999999'])
      expect(parseLastEventId(header)).toBe(0);
  });

  it('Link keeps the filters and replaces the token', () => {
    expect(linkToNext('/v1/runs?status=failed&page_token=old', 'n w')).toBe(
      '</v1/runs?status=failed&page_token=n+w>; rel="next"',
    );
  });

  it('Server-Timing begins with the trace', () => {
    let header = '';
    const timing = createServerTiming('00-aa-bb-01', (value) => (header = value));
    timing.add('gate', 1.26);
    timing.add('queue', -3);
    expect(header).toBe('trace;desc=00-aa-bb-01, gate;dur=1.3, queue;dur=0.0');
  });
});
