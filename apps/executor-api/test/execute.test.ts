import { AcceptedRunSchema, ProblemSchema, RunSchema, type Problem } from '@dawsos/contracts';
import { BODY, PACK_ID, startHarness, type Harness } from './harness';

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.stop());

const problemOf = async (answer: Response): Promise<Problem> => {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return ProblemSchema.parse(await answer.json());
};

describe('POST /v1/execute', () => {
  it('answers 202 once the run is durable, pinned to a pack and a commit', async () => {
    const answer = await api.execute(BODY, { 'x-request-id': 'order-17' });
    expect(answer.status).toBe(202);
    const accepted = AcceptedRunSchema.parse(await answer.json());
    expect(accepted).toMatchObject({
      status: 'accepted',
      pattern_id: 'positions',
      asof_date: '2025-01-31',
      pricing_pack_id: PACK_ID,
      pack_status: 'fresh',
      ledger_commit_hash: api.commit,
      request_id: expect.stringMatching(/^req_[0-9a-f]{24}$/),
    });
    expect(answer.headers.get('location')).toBe(`/v1/runs/${accepted.run_id}`);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.headers.get('x-request-id')).toBe('order-17');
    expect(answer.headers.get('vary')).toMatch(/Prefer/);
    expect(answer.headers.get('server-timing')).toMatch(/gate;dur=\d/);
    const { rows } = await api.database.database.pool.query('select status from run where run_id = $1', [
      accepted.run_id,
    ]);
    expect(rows).toEqual([{ status: 'accepted' }]);
  });

  it('puts a claim check into the queue and nothing of the client', async () => {
    const runId = await api.accept({}, { ...BODY, inputs: { note: 'hunter2' } });
    let text = '';
    while (!text.includes(runId)) {
      const { rows } = await api.database.database.pool.query<{ text: string }>(
        "select string_agg(j::text, ' ') as text from bullmq.job j",
      );
      text = rows[0]?.text ?? '';
    }
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('growth');
  });

  it('waits as long as the client prefers, and then answers with the result', async () => {
    const answering = api.execute(BODY, { prefer: 'wait=20', 'idempotency-key': '"waited"' });
    let runId: string | undefined;
    while (runId === undefined) {
      const { rows } = await api.database.database.pool.query<{ run_id: string }>(
        'select run_id from run where idempotency_key is not null',
      );
      runId = rows[0]?.run_id;
    }
    await api.finish(runId, { positions: [{ units: '10' }] });
    const answer = await answering;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('preference-applied')).toBe('wait=20');
    expect(answer.headers.get('server-timing')).toMatch(/gate;dur=.*queue;dur=.*run;dur=/);
    expect(RunSchema.parse(await answer.json())).toMatchObject({
      status: 'succeeded',
      data: { positions: [{ units: '10' }] },
    });
  });

  it('answers 202 when the time is up, or when the client prefers not to wait', async () => {
    const late = await api.execute(BODY, { prefer: 'wait=0' });
    expect([late.status, late.headers.get('preference-applied')]).toEqual([202, 'wait=0']);
    const never = await api.execute(BODY, { prefer: 'respond-async, wait=30' });
    expect([never.status, never.headers.get('preference-applied')]).toEqual([202, 'respond-async']);
  });

  it('ends a wait when the client goes, and serves on', async () => {
    const controller = new AbortController();
    const gone = api.request('/v1/execute', {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'wait=60', 'idempotency-key': 'gone' },
      body: JSON.stringify(BODY),
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 200);
    await expect(gone).rejects.toThrow();
    expect((await api.request('/livez')).status).toBe(200);
  });
});

describe('an idempotency key', () => {
  it('names one run, quoted or bare, however often and at once', async () => {
    const answers = await Promise.all(
      ['"same"', 'same', '"same"', '"same"'].map((key) => api.execute(BODY, { 'idempotency-key': key })),
    );
    const ids = new Set(
      await Promise.all(answers.map(async (answer) => AcceptedRunSchema.parse(await answer.json()).run_id)),
    );
    expect(ids.size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(3);
  });

  it('refuses another payload with 422, and takes the same one written otherwise', async () => {
    const key = { 'idempotency-key': '"payload"' };
    const runId = await api.accept(key, { pattern_id: 'positions', portfolio_id: 'growth' });
    expect(
      await api.accept(key, {
        portfolio_id: 'growth',
        inputs: {},
        pattern_id: 'positions',
        allow_stale: false,
      }),
    ).toBe(runId);
    const other = await api.execute({ ...BODY, inputs: { note: 'x' } }, key);
    expect(other.status).toBe(422);
    expect((await problemOf(other)).code).toBe('idempotency_key_reused');
  });

  it('answers its run when the pack has since gone stale', async () => {
    const body = { ...BODY, pricing_pack_id: PACK_ID, ledger_ref: 'main' };
    const key = { 'idempotency-key': '"before"' };
    const runId = await api.accept(key, body);
    await api.database.database.pool.query("update packs set status = 'stale' where pack_id = $1", [PACK_ID]);
    expect((await api.execute(body)).status).toBe(503);
    expect(await api.accept(key, body)).toBe(runId);
  });

  it('that is malformed is a 400', async () => {
    const answer = await api.execute(BODY, { 'idempotency-key': 'a b' });
    expect([answer.status, (await problemOf(answer)).code]).toEqual([400, 'invalid_idempotency_key']);
  });
});
