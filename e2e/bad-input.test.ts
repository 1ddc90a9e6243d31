import { ProblemSchema } from '@dawsos/contracts';
import { startStack, type Stack } from './rig/stack';

const OVERVIEW = { pattern_id: 'portfolio_overview', portfolio_id: 'growth' };
const JSON_TYPE = { 'content-type': 'application/json' };

describe('bad input', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ engine: 'redis' });
  });
  afterAll(() => stack.stop());

  const submit = (body: unknown) => stack.api.execute(body);
  const send = (body: string) =>
    stack.api.request('/v1/execute', { method: 'POST', headers: JSON_TYPE, body });
  const brokenLedger = async () => {
    await stack.ledger.branch('broken');
    await stack.ledger.append('main.beancount', '2025-01-01 * "No end\n  Assets:Nowhere 1 CAD');
    await stack.ledger.commit('Broken');
    return submit({ ...OVERVIEW, ledger_ref: 'broken' });
  };

  it.each<[string, () => Promise<Response>, number, string, RegExp]>([
    [
      'an unknown pattern',
      () => submit({ pattern_id: 'nothing_such' }),
      404,
      'pattern_not_found',
      /nothing_such/,
    ],
    ['no pattern', () => submit({}), 400, 'invalid_request', /pattern_id/],
    [
      'a member that is not known',
      () => submit({ ...OVERVIEW, user_id: 'me' }),
      400,
      'invalid_request',
      /user_id/,
    ],
    [
      'a mistyped input',
      () => submit({ ...OVERVIEW, inputs: { lookback_days: 'many' } }),
      400,
      'invalid_inputs',
      /lookback_days/,
    ],
    [
      'an input that is not known',
      () => submit({ ...OVERVIEW, inputs: { lookback: 5 } }),
      400,
      'invalid_inputs',
      /lookback/,
    ],
    [
      'an unknown portfolio',
      () => submit({ ...OVERVIEW, portfolio_id: 'nobody' }),
      404,
      'portfolio_not_found',
      /nobody/,
    ],
    ['broken JSON', () => send('{"pattern_id": '), 400, 'malformed_json', /JSON/],
    ['JSON that is no object', () => send('[1]'), 400, 'invalid_request', /./],
    [
      'a body of 10 MB',
      () => send(JSON.stringify({ x: 'x'.repeat(10_000_000) })),
      413,
      'payload_too_large',
      /./,
    ],
    [
      'a path instead of an id',
      () => stack.api.request('/v1/runs/..%2f..%2fetc%2fpasswd'),
      404,
      'run_not_found',
      /./,
    ],
    ['an id that is not one', () => stack.api.request('/v1/runs/1'), 404, 'run_not_found', /./],
    [
      'a git ref that does not exist',
      () => submit({ ...OVERVIEW, ledger_ref: 'no-such-branch' }),
      404,
      'ledger_ref_not_found',
      /no-such-branch/,
    ],
    [
      'a git ref that is an option',
      () => submit({ ...OVERVIEW, ledger_ref: '--upload-pack=x' }),
      400,
      'invalid_request',
      /ledger_ref/,
    ],
    ['a ledger with syntax errors', brokenLedger, 422, 'ledger_has_errors', /main\.beancount/],
    [
      'a pack that does not exist',
      () => submit({ ...OVERVIEW, pricing_pack_id: 'PP_2001-01-01' }),
      404,
      'pack_not_found',
      /PP_2001-01-01/,
    ],
    [
      'a day that is none',
      () => submit({ ...OVERVIEW, asof_date: '2025-02-30' }),
      400,
      'invalid_request',
      /asof_date/,
    ],
    [
      'a status that is none',
      () => stack.api.request('/v1/runs?status=done'),
      400,
      'invalid_request',
      /status/,
    ],
    [
      'a page token that was made up',
      () => stack.api.request('/v1/runs?page_token=abc'),
      400,
      'invalid_page_token',
      /./,
    ],
    ['an address that is none', () => stack.api.request('/v2/runs'), 404, 'not_found', /./],
  ])('%s is answered with a problem that names it', async (_name, request, status, code, words) => {
    const answer = await request();
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-type'), text]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
      expect.stringMatching(words),
    ]);
    expect(ProblemSchema.parse(JSON.parse(text)).code).toBe(code);
    expect(text).not.toMatch(/node_modules|\bat .*:\d+:\d+/);
  });

  it('leaves the process up and serving', async () => {
    expect(stack.apiProcess.alive()).toBe(true);
    expect((await stack.api.succeeded(OVERVIEW)).status).toBe('succeeded');
  });
});
