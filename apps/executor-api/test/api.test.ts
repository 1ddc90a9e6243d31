import {
  AcceptedRunSchema,
  PATTERN_QUEUE,
  PatternJobSchema,
  RunSchema,
  type PatternJob,
} from '@dawsos/contracts';
import { createJobWorker, createQueueBackend } from '@dawsos/queue';
import { BODY, problemOf, startKeyedApi, type KeyedApi } from './keyed-api';

const UNKNOWN_RUN = '00000000-0000-4000-8000-000000000000';

let api: KeyedApi;
beforeAll(async () => {
  api = await startKeyedApi();
});
afterAll(() => api.stop());

/** Takes jobs from Redis as a worker would, and does nothing. */
async function takeJobs(): Promise<{ readonly first: Promise<PatternJob>; close(): Promise<void> }> {
  const { metrics, logger, pii } = api.harness.observability;
  const backend = createQueueBackend({ engine: 'redis', url: api.redisUrl, prefix: 'dawsos' });
  await backend.prepare();
  const job = Promise.withResolvers<PatternJob>();
  const worker = createJobWorker({
    backend,
    name: PATTERN_QUEUE,
    schema: PatternJobSchema,
    process: async (data) => job.resolve(data),
    concurrency: 1,
    lockSeconds: 10,
    logger,
    pii,
    metrics,
  });
  return {
    first: job.promise,
    async close() {
      await worker.close(1_000);
      await backend.close();
    },
  };
}

describe('a submission', () => {
  it('is accepted, and its job, a claim check, reaches a worker by Redis', async () => {
    const worker = await takeJobs();
    const answer = await api.submit(BODY, 'alice', { 'x-request-id': 'order-2' });
    expect(answer.status).toBe(202);
    const { run_id, links } = AcceptedRunSchema.parse(await answer.json());
    expect(answer.headers.get('location')).toBe(`/v1/runs/${run_id}`);
    expect(links.events).toBe(`/v1/runs/${run_id}/events`);
    expect(await worker.first).toEqual({ run_id });
    await worker.close();
  });

  it('leaves nothing of what its headers said in the queue and in the tables', async () => {
    const secrets = ['GB29NWBK60161331926819', 'sk-live-51Habcdef', 'acct=4711081542'];
    const [requestId = '', key = '', state = ''] = secrets;
    const answer = await api.submit(BODY, 'alice', {
      'x-request-id': requestId,
      'idempotency-key': key,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      tracestate: state,
    });
    expect([answer.status, answer.headers.get('x-request-id')]).toEqual([202, requestId]);
    await api.buildPack({}, 'operator', {
      'x-request-id': requestId,
      'idempotency-key': key,
      tracestate: state,
    });
    const { pool } = api.harness.database.database;
    const { rows: tables } = await pool.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const { rows } = await pool.query<{ text: string }>(
        `select row_to_json(t)::text as text from "${name}" t`,
      );
      const found = secrets.filter((secret) => rows.some(({ text }) => text.includes(secret)));
      expect([name, found]).toEqual([name, []]);
    }
  });

  it('names its run again by the same idempotency key, for its own principal only', async () => {
    const key = { 'idempotency-key': '"order-1"' };
    const idOf = async (who?: 'alice' | 'bob') =>
      AcceptedRunSchema.parse(await (await api.submit(BODY, who, key)).json()).run_id;
    const first = await idOf('alice');
    expect(await idOf('alice')).toBe(first);
    expect(await idOf('bob')).not.toBe(first);
    const other = await api.submit({ ...BODY, inputs: { days: 6 } }, 'alice', key);
    expect([other.status, (await problemOf(other)).code]).toEqual([422, 'idempotency_key_reused']);
  });
});

describe('a key', () => {
  it.each([undefined, 'Bearer nothing', 'Basic YTpi', `Bearer dawsos_${'A'.repeat(43)}`])(
    'is needed: %s is answered 401 and told no more',
    async (authorization) => {
      const answer = await api.harness.request(
        '/v1/runs',
        authorization === undefined ? {} : { headers: { authorization } },
      );
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="dawsos"']);
      expect((await problemOf(answer)).detail).toBe('Send Authorization: Bearer KEY with a valid key.');
    },
  );

  it('opens what its scopes name and nothing else', async () => {
    for (const refused of [await api.submit(BODY, 'reader'), await api.get('/v1/runs', 'submitter')])
      expect([refused.status, (await problemOf(refused)).code]).toEqual([403, 'forbidden']);
    expect((await api.submit(BODY, 'submitter', { prefer: 'wait=5' })).status).toBe(202);
    expect((await api.get('/v1/runs', 'reader')).status).toBe(200);
  });

  it('runs what its rights allow only', async () => {
    expect((await api.submit(BODY, 'bob')).status).toBe(202);
    const refused = await api.submit(BODY, 'economist');
    expect([refused.status, await problemOf(refused)]).toEqual([
      403,
      expect.objectContaining({
        code: 'forbidden',
        errors: [{ pointer: '/pattern_id', detail: 'needs the permission portfolio_read' }],
      }),
    ]);
  });

  it('opens its own portfolios only', async () => {
    const whole = { ...BODY, portfolio_id: undefined };
    for (const refused of [
      await api.submit({ ...BODY, portfolio_id: 'income' }, 'bob'),
      await api.submit(whole, 'bob'),
    ])
      expect([refused.status, (await problemOf(refused)).code]).toEqual([403, 'portfolio_forbidden']);
  });

  it("cannot tell another principal's run from one that is not there", async () => {
    const runId = await api.accept('alice');
    const told = async (answer: Response) => {
      const problem = { ...(await problemOf(answer)), request_id: undefined, trace_id: undefined };
      return { status: answer.status, problem };
    };
    for (const path of ['', '/events', '/trace', '/explain']) {
      const theirs = await told(await api.get(`/v1/runs/${runId}${path}`, 'bob'));
      expect(theirs).toEqual(await told(await api.get(`/v1/runs/${UNKNOWN_RUN}${path}`, 'bob')));
      expect(theirs.problem.code).toBe('run_not_found');
    }
    expect(await told(await api.post(`/v1/runs/${runId}/cancel`, 'bob'))).toEqual(
      await told(await api.post(`/v1/runs/${UNKNOWN_RUN}/cancel`, 'bob')),
    );
    expect(RunSchema.parse(await (await api.get(`/v1/runs/${runId}`)).json()).status).toBe('accepted');
  });
});

describe('a cancellation', () => {
  it('is counted once, also of a run that no worker has', async () => {
    const counted = async () =>
      Number(
        /^dawsos_executor_pattern_executions_total\{pattern_id="lots",status="cancelled"\} (\d+)$/m.exec(
          (await api.harness.observability.metrics.expose('text/plain')).body,
        )?.[1],
      );
    const before = await counted();
    const runId = await api.accept('alice');
    for (let asked = 0; asked < 2; asked += 1) await api.post(`/v1/runs/${runId}/cancel`, 'alice');
    expect((await counted()) - before).toBe(1);
  });
});

describe('the list of runs', () => {
  it('pages newest first without a gap, and filters', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift(await api.accept('pager'));
    await api.post(`/v1/runs/${ids[1]!}/cancel`, 'pager');
    const read = async (query: string) => {
      const answer = await api.get(`/v1/runs?${query}`, 'pager');
      const page = (await answer.json()) as { runs: { run_id: string }[]; next_page_token: string | null };
      return {
        link: answer.headers.get('link'),
        next: page.next_page_token,
        ids: page.runs.map((run) => run.run_id),
      };
    };
    const seen: string[] = [];
    let query: string | undefined = 'page_size=2';
    while (query !== undefined) {
      const page = await read(query);
      seen.push(...page.ids);
      query = page.next === null ? undefined : `page_size=2&page_token=${page.next}`;
      expect(page.link).toBe(query === undefined ? null : `</v1/runs?${query}>; rel="next"`);
    }
    expect(seen).toEqual(ids);
    expect((await read('status=cancelled')).ids).toEqual([ids[1]]);
    expect((await read('pattern_id=other')).ids).toEqual([]);
    expect((await read('created_after=2100-01-01T00:00:00Z')).ids).toEqual([]);
  });
});

describe('a finished run', () => {
  it('is the same for good: a strong ETag, and 304 to who has it', async () => {
    const runId = await api.accept();
    const running = await api.get(`/v1/runs/${runId}`);
    expect([running.headers.get('etag'), running.headers.get('cache-control')]).toEqual([null, 'no-store']);
    await api.harness.finish(runId, { lots: [] });
    const answer = await api.get(`/v1/runs/${runId}`);
    const run = RunSchema.parse(await answer.json());
    const etag = answer.headers.get('etag') ?? '';
    expect(run.data_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    expect(answer.headers.get('cache-control')).toMatch(/^private,.*immutable/);
    const again = await api.get(`/v1/runs/${runId}`, 'alice', { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const cancelled = await api.post(`/v1/runs/${runId}/cancel`, 'alice');
    expect(await cancelled.json()).toMatchObject({ run_id: runId, status: 'succeeded' });
  });
});

interface SentEvent {
  readonly id: string;
  readonly event: string;
}
const eventsIn = (text: string): SentEvent[] =>
  [...text.matchAll(/^id: (\d+)\nevent: (\S+)\ndata: /gm)].map(([, id = '', event = '']) => ({ id, event }));

describe('the events of a run', () => {
  it('come as they happen, count without a gap, and go on after the last that was received', async () => {
    const runId = await api.accept();
    const path = `/v1/runs/${runId}/events`;
    const answer = await api.get(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('run.accepted')) text += (await reader.read()).value ?? '';
    await api.harness.finish(runId, { lots: [] });
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    const events = eventsIn(text);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => String(index + 1)));
    expect(events.at(-1)?.event).toBe('run.finished');

    const rest = await api.get(path, 'alice', { 'last-event-id': '1' });
    expect(eventsIn(await rest.text())).toEqual(events.slice(1));
    const nothing = await api.get(path, 'alice', { 'last-event-id': String(events.length) });
    expect(nothing.status).toBe(204);
  });
});

describe('every answer', () => {
  it('to another method is 405 with Allow', async () => {
    for (const [path, method, allow] of [
      ['/v1/execute', 'GET', 'POST'],
      ['/v1/runs', 'DELETE', 'GET, HEAD'],
      [`/v1/runs/${UNKNOWN_RUN}/cancel`, 'PUT', 'POST'],
    ] as const) {
      const answer = await api.harness.request(path, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
      expect((await problemOf(answer)).code).toBe('method_not_allowed');
    }
  });

  it('has the security headers, problems too', async () => {
    for (const path of ['/livez', '/docs', '/v1/runs', '/nothing']) {
      const { headers } = await api.harness.request(path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'") as string,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
      expect([headers.get('x-powered-by'), headers.get('access-control-allow-origin')]).toEqual([null, null]);
    }
  });

  it('to a page of another site is a refusal, with a valid key too', async () => {
    const answer = await api.submit(BODY, 'alice', { origin: 'https://evil.example' });
    expect([answer.status, (await problemOf(answer)).code]).toEqual([403, 'origin_refused']);
    const own = await api.submit(BODY, 'alice', { origin: new URL(api.harness.url).origin });
    expect(own.status).toBe(202);
  });

  it('on the health of the pack says which pack it is', async () => {
    const answer = await api.harness.request('/health/pack');
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({ status: 'fresh', pack_id: 'PP_2025-01-31' }),
    ]);
  });

  it('on the document needs no key', async () => {
    const answer = await api.harness.request('/openapi.json');
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({ openapi: '3.1.0' }),
    ]);
  });
});

describe('the books', () => {
  it('name the portfolios that the key may see', async () => {
    const listed = async (who: 'alice' | 'bob' | 'operator') => (await api.get('/v1/portfolios', who)).json();
    expect(await listed('alice')).toEqual({
      portfolios: ['growth', 'income'].map((id) => expect.objectContaining({ portfolio_id: id }) as unknown),
    });
    expect(await listed('bob')).toEqual({
      portfolios: [expect.objectContaining({ portfolio_id: 'growth' })],
    });
    expect(await listed('operator')).toEqual({ portfolios: [] });
  });

  it('say what a portfolio needs and the newest pack lacks', async () => {
    const answer = await api.get('/v1/packs/latest/gaps?portfolio_id=growth', 'bob');
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { pack_id: 'PP_2025-01-31', portfolio_id: 'growth', gaps: expect.any(Array) },
    ]);
  });

  it.each([
    [
      'of the whole ledger, to a key of one portfolio',
      '/v1/packs/latest/gaps',
      'bob',
      403,
      'portfolio_forbidden',
    ],
    [
      'of a pack that is not there',
      '/v1/packs/PP_1999-01-04/gaps?portfolio_id=growth',
      'bob',
      404,
      'pack_not_found',
    ],
    ['of what is no pack', '/v1/packs/x/gaps?portfolio_id=growth', 'bob', 404, 'pack_not_found'],
    [
      'of a portfolio that is not there',
      '/v1/packs/latest/gaps?portfolio_id=none',
      'alice',
      404,
      'portfolio_not_found',
    ],
  ] as const)('refuse the gaps %s', async (_, path, who, status, code) => {
    const answer = await api.get(path, who);
    expect([answer.status, (await problemOf(answer)).code]).toEqual([status, code]);
  });
});
