import { LOCAL_PRINCIPAL, type Principal } from '@dawsos/contracts';
import { isLoopbackHost, requireKeysBeyondLoopback } from './authentication';
import { createCoalescer } from '@dawsos/admission';
import { createPlaces } from './places';
import { requireOwnOrigin } from './origin-guard';
import { createRateLimits } from './rate-limits';

const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;

describe('the address to listen on', () => {
  it.each(['127.0.0.1', '127.8.9.10', 'localhost', '::1', '[::1]', 'LOCALHOST'])('%s is loopback', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
    expect(() => requireKeysBeyondLoopback(host, false)).not.toThrow();
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'localhost.evil.example', '127.evil.example', '127.1', ''])(
    '%j is not, and needs keys',
    (host) => {
      expect(() => requireKeysBeyondLoopback(host, false)).toThrow(code('invalid_configuration'));
      expect(() => requireKeysBeyondLoopback(host, true)).not.toThrow();
    },
  );
});

describe('the origin of a request', () => {
  const host = 'localhost:8080';

  it('may be absent, or our own', () => {
    expect(() => requireOwnOrigin({ host }, 'local')).not.toThrow();
    expect(() => requireOwnOrigin({ host, origin: 'http://localhost:8080' }, 'local')).not.toThrow();
    expect(() =>
      requireOwnOrigin({ host: 'api.example.com', origin: 'https://api.example.com' }, 'keys'),
    ).not.toThrow();
  });

  it.each(['https://evil.example', 'null', 'http://localhost:9999', 'http://localhost:8080.evil.example'])(
    '%s is refused in either mode',
    (origin) => {
      for (const mode of ['local', 'keys'] as const) {
        expect(() => requireOwnOrigin({ host, origin }, mode)).toThrow(code('origin_refused'));
      }
    },
  );

  it('is refused when the browser calls it cross-site, or the name is a foreign one that leads here', () => {
    expect(() => requireOwnOrigin({ host, 'sec-fetch-site': 'cross-site' }, 'local')).toThrow(
      code('origin_refused'),
    );
    expect(() => requireOwnOrigin({ host: 'rebound.evil.example:8080' }, 'local')).toThrow(
      code('origin_refused'),
    );
    expect(() => requireOwnOrigin({}, 'local')).toThrow(code('origin_refused'));
  });
});

describe('limits', () => {
  const principal = (id: string): Principal => ({ id, scopes: ['read'], portfolios: '*' });

  it('are counted for each principal apart, and the headers tell what is left', async () => {
    const limits = createRateLimits(2);
    expect(await limits.countRequest(principal('a'))).toEqual({
      'RateLimit-Policy': '"default";q=2;w=60',
      RateLimit: '"default";r=1;t=60',
    });
    await limits.countRequest(principal('a'));
    await expect(limits.countRequest(principal('a'))).rejects.toMatchObject({ code: 'rate_limited' });
    await limits.countRequest(principal('b'));
    for (let count = 0; count < 10; count += 1) await limits.countRequest(LOCAL_PRINCIPAL);
  });

  it('bound the event streams of a principal, and give places back', () => {
    const streams = createPlaces({ name: 'event-streams', most: 1, what: 'event streams' });
    const release = streams.take('a');
    expect(() => streams.take('a')).toThrow(code('rate_limited'));
    streams.take('b');
    release();
    streams.take('a');
  });
});

describe('calls that coalesce', () => {
  it('share one look-up that began after each of them', async () => {
    const coalesce = createCoalescer<number>();
    let started = 0;
    const finish: (() => void)[] = [];
    const work = () =>
      new Promise<number>((resolve) => {
        started += 1;
        const number = started;
        finish.push(() => resolve(number));
      });
    const first = coalesce('k', work);
    const second = coalesce('k', work);
    const third = coalesce('k', work);
    expect(started).toBe(1);
    finish[0]?.();
    expect(await first).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toBe(2);
    finish[1]?.();
    expect(await Promise.all([second, third])).toEqual([2, 2]);
  });

  it('go on after one that failed', async () => {
    const coalesce = createCoalescer<string>();
    const failing = coalesce('k', () => Promise.reject(new Error('away')));
    const next = coalesce('k', () => Promise.resolve('there'));
    await expect(failing).rejects.toThrow('away');
    expect(await next).toBe('there');
    expect(await coalesce('k', () => Promise.resolve('again'))).toBe('again');
  });
});
