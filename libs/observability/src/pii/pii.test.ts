import { createPiiFilter } from './filter';

const pii = createPiiFilter();

describe('what the filter takes out of text', () => {
  it.each([
    ['an e-mail address', 'mail zoe.quill@example.org now', 'zoe.quill'],
    ['an e-mail address, percent-encoded twice', 'x=zoe%2540example.org', 'zoe'],
    ['an e-mail address in base64', Buffer.from('zoe.quill@example.org').toString('base64'), 'em9l'],
    ['a card number', 'card 4111 1111 1111 1111 declined', '4111'],
    ['an IBAN', 'to DE89 3704 0044 0532 0130 00', '3704'],
    ['an amount with a symbol', 'balance is €1.234,56 today', '1.234'],
    ['an amount with a code', 'sold for 284120.55 CAD', '284120'],
    ['a bearer token', 'Authorization: Bearer abc.def-ghi', 'abc.def'],
    ['cookies', 'Cookie: sid=s3cr3t; theme=dark', 'dark'],
    ['a password in a sentence', 'password is swordfish', 'swordfish'],
    ['a key of a provider', 'used sk_live_4eC39HqLyjWDarjtT1zdp7dc', '4eC39'],
    ['an AWS key', 'AKIAIOSFODNN7EXAMPLE', 'IOSFODNN'],
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJzdWIi'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----', 'MIIabc'],
    ['a connection string', 'postgres://bob:hunter2@db:5432/x', 'hunter2'],
    ['a query string', 'GET https://h/x?q=hello&limit=3', 'hello'],
    ['an id in a query string', 'https://h/x?portfolioId=growth', 'growth'],
    ['an id in escaped JSON', 'body {\\"user_id\\":\\"alice\\"}', 'alice'],
    ['an id in JSON', '{"a":{"userId":"alice"}}', 'alice'],
    ['a telephone number', 'call +41 44 668 18 00', '668'],
    ['a social security number', 'ssn 078-05-1120', '078-05'],
    ['what PostgreSQL repeats', 'invalid input syntax for type integer: "zebra"', 'zebra'],
    ['a password in an error’s message', 'Error: password=zebra', 'zebra'],
    ['a password with a quote in it', '{"password":"a\\"zebra"}', 'zebra'],
    ['a password in JSON in JSON', '"{\\"a\\":{\\"password\\":\\"x zebra\\"}}"', 'zebra'],
    ['a list of amounts', 'amounts: [12, 99871]', '99871'],
    ['an amount with a comma', 'quantity=1,284 sold', '284'],
    ['a name without quotes', 'client_name: Zoë Zebra', 'Zebra'],
    ['a query without an address', 'callback ?code=zebra&state=1', 'zebra'],
    ['an IBAN with a word behind it', 'AT61 1904 3002 3457 3201 from', '3002'],
    ['a card number under a name nobody knows', '{"v":"4111111111111111"}', '4111'],
    ['a key that PostgreSQL repeats', 'Key (email)=(zebra) already exists.', 'zebra'],
  ])('%s', (_, text, secret) => {
    expect(pii.text(text)).not.toContain(secret);
  });

  it.each([
    'commit 3f2c91a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6',
    'pack PP_2025-10-22 is fresh',
    'trace 4bf92f3577b34da6a3ce929d0e0e4736',
    'run 0190a5c4-0000-7000-8000-000000000001',
    'at 2026-11-24T21:27:10.861Z',
    'listening on port 5432',
    'took 412 ms',
    'took 12.34 ms',
    'Node 24.21.0',
  ])('leaves "%s" as it is', (text) => {
    expect(pii.text(text)).toBe(text);
  });
});

describe('what the filter makes of fields', () => {
  it('replaces ids by 8 hex digits of SHA-256, in any casing', () => {
    expect(pii.fields({ user_id: 'alice', 'User-ID': 'alice', ownerUserId: 'alice' })).toEqual({
      user_id: '2bd806c9',
      'User-ID': '2bd806c9',
      ownerUserId: '2bd806c9',
    });
  });
  it('lets numbers through by their name, and short whole ones; fractions may be amounts', () => {
    expect(
      pii.fields({ duration_ms: 12.34, count: 123_456_789, v: 42, w: 284120.55, x: 12_345_678_901 }),
    ).toEqual({
      duration_ms: 12.34,
      count: 123_456_789,
      v: 42,
      w: '[REDACTED]',
      x: '[REDACTED]',
    });
  });
  it('knows a decimal that has lost its class', () => {
    expect(pii.fields({ v: { s: 1, e: 5, d: [284120, 5500000] } })).toEqual({ v: '[REDACTED]' });
  });
  it('makes other pseudonyms with a key', () => {
    expect(createPiiFilter({ hashKey: 'k' }).pseudonym('alice')).not.toBe('2bd806c9');
  });
  it('knows a key with a letter that only looks Latin', () => {
    expect(pii.fields({ pаssword: 'swordfish' })).toEqual({ pаssword: '[REDACTED]' });
  });
  it('lets only known fields of a payload through', () => {
    expect(pii.fields({ inputs: { note: 'hello', pattern_id: 'overview' } })).toEqual({
      inputs: { note: '[REDACTED]', pattern_id: 'overview' },
    });
  });
  it('survives cycles, throwing getters, Maps, Buffers, proxies and causes', () => {
    const cycle: Record<string, unknown> = {
      map: new Map([['email', 'a@b.c']]),
      bytes: Buffer.from('secret'),
    };
    cycle['self'] = cycle;
    Object.defineProperty(cycle, 'bad', {
      enumerable: true,
      get() {
        throw new Error('no');
      },
    });
    cycle['proxy'] = new Proxy({}, {});
    cycle['error'] = new Error('outer', { cause: new Error('a@b.example') });
    expect(pii.fields(cycle)).toMatchObject({
      map: { email: '[REDACTED]' },
      bytes: '[BINARY 6 bytes]',
      self: '[CIRCULAR]',
      bad: '[UNREADABLE]',
      proxy: '[UNREADABLE]',
      error: { message: 'outer', cause: { message: '[REDACTED]' } },
    });
  });
});
