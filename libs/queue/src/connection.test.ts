import { isDawsosError } from '@dawsos/contracts';
import fc from 'fast-check';
import { parseRedisUrl } from './connection';

const PASSWORD = 's3cret-Pa55word';

function refusal(url: string): string {
  try {
    parseRedisUrl(url);
  } catch (error) {
    if (isDawsosError(error) && error.code === 'invalid_configuration')
      return `${error.message}${error.stack}`;
    throw error;
  }
  throw new Error('it was taken');
}

describe('the address of Redis', () => {
  it.each([
    ['redis://localhost', { host: 'localhost', port: 6379, db: 0 }],
    ['redis://10.0.0.7:6380/3', { host: '10.0.0.7', port: 6380, db: 3 }],
    ['redis://[::1]:6380', { host: '::1', port: 6380, db: 0 }],
    ['redis://:pass@host', { host: 'host', port: 6379, db: 0, password: 'pass' }],
    [
      'redis://user:p%40ss%2F%3A@host/',
      { host: 'host', port: 6379, db: 0, username: 'user', password: 'p@ss/:' },
    ],
    ['rediss://host', { host: 'host', port: 6379, db: 0, tls: {} }],
  ])('%s names one server', (url, options) => {
    expect(parseRedisUrl(url)).toEqual({ kind: 'single', options });
  });

  it('names a master behind Sentinels', () => {
    expect(parseRedisUrl('redis+sentinel://user:pass@s1,s2:26380/main/2')).toEqual({
      kind: 'sentinel',
      options: {
        username: 'user',
        password: 'pass',
        name: 'main',
        db: 2,
        sentinels: [
          { host: 's1', port: 26379 },
          { host: 's2', port: 26380 },
        ],
      },
    });
  });

  it('names the nodes of a cluster', () => {
    expect(parseRedisUrl('redis+cluster://:pass@n1:7000,n2')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'n1', port: 7000 },
        { host: 'n2', port: 6379 },
      ],
      options: { password: 'pass' },
    });
  });

  it.each([
    ['another scheme', `http://u:${PASSWORD}@host`, /redis\+sentinel:\/\//],
    ['no host', `redis://u:${PASSWORD}@`, /REDIS_URL/],
    ['two hosts for one server', `redis://u:${PASSWORD}@a,b`, /one server/],
    ['a port that is none', `redis://u:${PASSWORD}@host:port`, /host/],
    ['a database that is no number', `redis://u:${PASSWORD}@host/main`, /database/],
    ['Sentinels without a master', `redis+sentinel://u:${PASSWORD}@s1,s2`, /MASTER/],
    ['an escape that is broken', `redis://u:${PASSWORD}%zz@host`, /password/],
    ['an @ that is not escaped', `redis://u:${PASSWORD}@more@host`, /REDIS_URL/],
  ])('with %s is refused with a reason that does not repeat the password', (_fault, url, reason) => {
    const text = refusal(url);
    expect(text).toMatch(reason);
    expect(text).not.toContain(PASSWORD);
  });

  it('gives back every user and password that is escaped', () => {
    const secret = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(secret, secret, (username, password) => {
        const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
        expect(parseRedisUrl(`redis://${login}@host`).options).toMatchObject({ username, password });
      }),
    );
  });
});
