import { gzipSync } from 'node:zlib';
import type { JsonObject } from '@dawsos/contracts';
import { BODY, problemOf, startKeyedApi, type KeyedApi } from './keyed-api';

let api: KeyedApi;
beforeAll(async () => {
  api = await startKeyedApi();
});
afterAll(() => api.stop());

describe('a bad request', () => {
  it.each<[string, () => Promise<Response>, number, string, string[]]>([
    [
      'an unknown pattern',
      () => api.submit({ ...BODY, pattern_id: 'nothing' }),
      404,
      'pattern_not_found',
      ['/pattern_id'],
    ],
    ['no pattern', () => api.submit({}), 400, 'invalid_request', ['/pattern_id']],
    ['a missing input', () => api.submit({ ...BODY, inputs: {} }), 400, 'invalid_inputs', ['/inputs/days']],
    [
      'a mistyped input',
      () => api.submit({ ...BODY, inputs: { days: 'x' } }),
      400,
      'invalid_inputs',
      ['/inputs/days'],
    ],
    [
      'an input out of range',
      () => api.submit({ ...BODY, inputs: { days: 0 } }),
      400,
      'invalid_inputs',
      ['/inputs/days'],
    ],
    [
      'an unknown input whose name needs escaping',
      () => api.submit({ ...BODY, inputs: { days: 1, 'a/b~c': 1 } }),
      400,
      'invalid_inputs',
      ['/inputs/a~1b~0c'],
    ],
    [
      'inputs that are no object',
      () => api.submit({ ...BODY, inputs: [1] }),
      400,
      'invalid_request',
      ['/inputs'],
    ],
    ['mass assignment', () => api.submit({ ...BODY, user_id: 'bob' }), 400, 'invalid_request', ['/user_id']],
    ['a prototype', () => api.send('{"__proto__": {"admin": true}}'), 400, 'invalid_request', ['/__proto__']],
    [
      'a path as portfolio',
      () => api.submit({ ...BODY, portfolio_id: '../x' }),
      400,
      'invalid_request',
      ['/portfolio_id'],
    ],
    [
      'an unknown portfolio',
      () => api.submit({ ...BODY, portfolio_id: 'none' }),
      404,
      'portfolio_not_found',
      [],
    ],
    [
      'a ref that is an option',
      () => api.submit({ ...BODY, ledger_ref: '-x' }),
      400,
      'invalid_request',
      ['/ledger_ref'],
    ],
    [
      'a ref that does not exist',
      () => api.submit({ ...BODY, ledger_ref: 'none' }),
      404,
      'ledger_ref_not_found',
      [],
    ],
    [
      'an unknown pack',
      () => api.submit({ ...BODY, pricing_pack_id: 'PP_2001-01-01' }),
      404,
      'pack_not_found',
      [],
    ],
    [
      'a day that is none',
      () => api.submit({ ...BODY, asof_date: '2025-02-30' }),
      400,
      'invalid_request',
      ['/asof_date'],
    ],
    ['broken JSON', () => api.send('{"pattern_id": '), 400, 'malformed_json', []],
    ['no body', () => api.send(''), 400, 'malformed_json', []],
    ['deep nesting', () => api.send('['.repeat(50_000)), 400, 'invalid_request', ['']],
    ['10 MB', () => api.send(`"${'x'.repeat(10_000_000)}"`), 413, 'payload_too_large', []],
    [
      'another content type',
      () => api.send('{}', { 'content-type': 'text/plain' }),
      415,
      'unsupported_media_type',
      [],
    ],
    [
      'another character set',
      () => api.send('{}', { 'content-type': 'application/json; charset=utf-16' }),
      415,
      'unsupported_media_type',
      [],
    ],
    ['a path for an id', () => api.get('/v1/runs/..%2f..%2fetc%2fpasswd'), 404, 'run_not_found', []],
    [
      'a day that has not come',
      () => api.submit({ ...BODY, asof_date: '2040-01-02', wait_for_fresh: true }),
      400,
      'invalid_request',
      ['/asof_date'],
    ],
    [
      'a pack of a day that has not come',
      () => api.submit({ ...BODY, pricing_pack_id: 'PP_2040-01-02', wait_for_fresh: true }),
      400,
      'invalid_request',
      ['/pricing_pack_id'],
    ],
    [
      'a build of a day that has not come',
      () => api.buildPack({ asof_date: '2040-01-02' }),
      400,
      'invalid_request',
      ['/asof_date'],
    ],
    ['a malformed address', () => api.get('/v1/runs/%zz'), 400, 'invalid_request', []],
    ['an unknown address', () => api.get('/v2/runs'), 404, 'not_found', []],
    ['an unknown query field', () => api.get('/v1/runs?user_id=bob'), 400, 'invalid_request', ['/user_id']],
    ['a page too large', () => api.get('/v1/runs?page_size=101'), 400, 'invalid_request', ['/page_size']],
    ['a made-up page token', () => api.get('/v1/runs?page_token=abc'), 400, 'invalid_page_token', []],
  ])('%s is answered by a problem that names the fault', async (_name, ask, status, code, pointers) => {
    const answer = await ask();
    const problem = await problemOf(answer);
    expect([answer.status, problem.status, problem.code]).toEqual([status, status, code]);
    expect((problem.errors ?? []).map(({ pointer }) => pointer)).toEqual(pointers);
    expect(problem.request_id).toBe(answer.headers.get('x-request-id'));
  });

  it('that unpacks to more than 1 MiB is refused, however small it came in', async () => {
    const small = new Uint8Array(gzipSync(`"${'x'.repeat(5_000_000)}"`));
    expect(small.length).toBeLessThan(20_000);
    const answer = await api.send(small, { 'content-encoding': 'gzip' });
    expect([answer.status, (await problemOf(answer)).code]).toEqual([413, 'payload_too_large']);
  });

  it.each([
    [
      'long keys over much that is not allowed',
      { ['k'.repeat(280_000)]: Array.from({ length: 9_000 }, () => '\0') },
    ],
    ['many unknown inputs', { inputs: Object.fromEntries(manyKeys(60)) }],
    ['many unknown fields', Object.fromEntries(manyKeys(60))],
    ['nested long keys', { inputs: nested(6, 'n'.repeat(90_000)) }],
  ])('that is large is answered by little: %s', async (_name, body) => {
    const sent = JSON.stringify({ ...BODY, ...body });
    expect(sent.length).toBeGreaterThan(300_000);
    const answer = await api.send(sent);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await answer.text()).length).toBeLessThan(64_000);
  });
});

function manyKeys(length: number): [string, number][] {
  return Array.from({ length: 9_000 }, (_, index) => [
    `${'x'.repeat(length - 8)}${String(index).padStart(8, '0')}`,
    1,
  ]);
}

function nested(depth: number, key: string): JsonObject {
  return depth === 0 ? { bad: '\0' } : { [key]: nested(depth - 1, key) };
}
