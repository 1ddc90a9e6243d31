import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ProblemSchema, type Problem } from '@dawsos/contracts';
import { createKey, revokeKey } from '@dawsos/principals';
import { BODY, PACK_ID, startHarness, type Harness } from './harness';

async function problemOf(answer: Response): Promise<Problem> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return ProblemSchema.parse(await answer.json());
}

/** Sends bytes as they are and resolves with all that comes back until the server closes. */
function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('without keys, on loopback', () => {
  let api: Harness;
  beforeAll(async () => {
    api = await startHarness();
  });
  afterAll(() => api.stop());

  it('the principal is local', async () => {
    await api.accept();
    const { rows } = await api.database.database.pool.query('select distinct principal_id from run');
    expect(rows).toEqual([{ principal_id: 'local' }]);
  });

  it('a foreign name that leads here (DNS rebinding) is refused', async () => {
    const answer = await raw(
      api.url,
      'GET /v1/runs HTTP/1.1\r\nHost: rebound.evil.example\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain('"code":"origin_refused"');
    const own = await raw(api.url, 'GET /v1/runs HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n');
    expect(own).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('a page of another site can neither read nor submit, preflight or not', async () => {
    const evil = { origin: 'https://evil.example' };
    for (const init of [
      { headers: evil },
      { method: 'POST', headers: { ...evil, 'content-type': 'text/plain' }, body: JSON.stringify(BODY) },
      { method: 'OPTIONS', headers: { ...evil, 'access-control-request-method': 'POST' } },
    ]) {
      const answer = await api.request('/v1/runs', init);
      expect(answer.status).toBe(403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('headers that are too long or broken are refused, and the process stays up', async () => {
    const head =
      'POST /v1/execute HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n';
    const body = JSON.stringify(BODY);
    const rest = `Content-Length: ${String(body.length)}\r\n\r\n${body}`;
    expect(await raw(api.url, `${head}traceparent: ${'0'.repeat(20_000)}\r\n${rest}`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    const members = Array.from({ length: 200 }, (_, index) => `k${String(index)}=v`).join(',');
    expect(await raw(api.url, `${head}traceparent: nonsense\r\nbaggage: ${members}\r\n${rest}`)).toMatch(
      /^HTTP\/1\.1 202 /,
    );
    expect(await raw(api.url, `${head}Idempotency-Key: a\rb\r\n${rest}`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(api.url, 'TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 40[45] /,
    );
    expect(
      await raw(api.url, 'GET /v1/runs/%E0%A4%A HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('serves no metrics: they have their own port', async () => {
    for (const path of ['/metrics', '/debug', '/.env', '/v1', '/v2/runs']) {
      expect([path, (await api.request(path)).status]).toEqual([path, 404]);
    }
  });

  it('quotes in ids are text', async () => {
    const quoted = encodeURIComponent("' or 1=1 --");
    for (const path of [`/v1/runs/${quoted}`, `/v1/patterns/${quoted}`, `/v1/packs/${quoted}`]) {
      expect([path, (await api.request(path)).status]).toEqual([path, 404]);
    }
    expect((await api.request(`/v1/runs?pattern_id=${quoted}`)).status).toBe(400);
  });

  it('a template in an input stays text', async () => {
    const note = '{{constructor.constructor("return process")()}}';
    const runId = await api.accept({}, { ...BODY, inputs: { note } });
    const { rows } = await api.database.database.pool.query<{ inputs: { note: string } }>(
      'select inputs from run where run_id = $1',
      [runId],
    );
    expect(rows[0]?.inputs.note).toBe(note);
  });

  it('counts requests by pattern and status, and ten thousand made-up names as one', async () => {
    await api.accept();
    for (let index = 0; index < 50; index += 1) await api.execute({ pattern_id: `made_up_${String(index)}` });
    const { body } = await api.observability.metrics.expose(undefined);
    const series = body.split('\n').filter((line) => line.startsWith('dawsos_executor_requests_total{'));
    expect(
      series.some((line) => line.includes('pattern_id="positions"') && line.includes('status="success"')),
    ).toBe(true);
    expect(
      series.some((line) => line.includes('pattern_id="unknown"') && line.includes('status="rejected"')),
    ).toBe(true);
    expect(body).not.toContain('made_up_');
    expect(body).toMatch(/dawsos_executor_request_errors_total\{[^}]*error_type="pattern_not_found"/);
  });

  it('writes a hostile text to the log as one line, if at all', async () => {
    await api.request('/v1/runs/%0A%7B%22level%22%3A60%7D%1B%5B31m', { headers: { 'x-request-id': 'fine' } });
    for (const line of api.logs) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(api.logs.join('')).not.toContain('\u001b[31m');
  });

  it('a ledger with errors is a 422 that lists them, a portfolio it lacks a 404', async () => {
    await api.commitLedger('2024-01-01 open Assets:A\n2024-01-02 nonsense\n', 'broken');
    const broken = await api.execute({ ...BODY, ledger_ref: 'broken' });
    expect(broken.status).toBe(422);
    expect(await problemOf(broken)).toMatchObject({
      code: 'ledger_has_errors',
      ledger_errors: [{ file: 'main.beancount', line: 2, message: expect.any(String) as string }],
    });
    const missing = await api.execute({ ...BODY, portfolio_id: 'none_such' });
    expect([missing.status, (await problemOf(missing)).code]).toEqual([404, 'portfolio_not_found']);
  });

  it('a pack that is not fresh is a 503 with its status, unless it is stale and that is allowed', async () => {
    await api.database.database.pool.query("update packs set status = 'stale' where pack_id = $1", [PACK_ID]);
    const answer = await api.execute(BODY);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await problemOf(answer)).toMatchObject({
      code: 'pack_not_fresh',
      pack_id: PACK_ID,
      pack_status: 'stale',
      retryable: true,
    });
    expect((await api.request('/health/pack')).status).toBe(503);
    expect((await api.execute({ ...BODY, allow_stale: true })).status).toBe(202);
  });

  it('cancels a run once, and again without harm', async () => {
    const runId = await api.accept({}, { ...BODY, allow_stale: true });
    for (let count = 0; count < 2; count += 1) {
      const answer = await api.request(`/v1/runs/${runId}/cancel`, { method: 'POST' });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ run_id: runId, status: 'cancelled' });
    }
  });
});

describe('with keys', () => {
  let api: Harness;
  beforeAll(async () => {
    api = await startHarness({ keys: true, environment: { RATE_LIMIT_PER_MINUTE: '30' } });
  });
  afterAll(() => api.stop());

  /** A new key, once the API has read it. */
  async function newKey(
    principal: string,
  ): Promise<{ readonly bearer: Record<string, string>; readonly keyId: string }> {
    const { key, record } = createKey(api.keysFile, {
      principal,
      scopes: ['execute', 'read'],
      portfolios: '*',
      createdAt: new Date(),
    });
    const bearer = { authorization: `Bearer ${key}` };
    while ((await api.request('/v1/packs?page_size=1', { headers: bearer })).status === 401) {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return { bearer, keyId: record.key_id };
  }

  it('a stream of events is closed within seconds of its key being revoked', async () => {
    const { bearer, keyId } = await newKey('revoked');
    const runId = await api.accept(bearer);
    const stream = await api.request(`/v1/runs/${runId}/events`, { headers: bearer });
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    revokeKey(api.keysFile, keyId);
    const revokedAt = performance.now();
    expect(await stream.text()).toContain('event: run.accepted');
    expect(performance.now() - revokedAt).toBeLessThan(5_000);
    expect((await api.request(`/v1/runs/${runId}`, { headers: bearer })).status).toBe(401);
  });

  it('one that floods is held up, others are not, whatever X-Forwarded-For says', async () => {
    const flood = await newKey('flood');
    const other = await newKey('other');
    const statuses: number[] = [];
    for (let index = 0; index < 40; index += 1) {
      const answer = await api.request('/v1/patterns', {
        headers: { ...flood.bearer, 'x-forwarded-for': `10.0.0.${String(index)}` },
      });
      statuses.push(answer.status);
      if (answer.status === 429) {
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
        expect((await problemOf(answer)).code).toBe('rate_limited');
      } else expect(answer.headers.get('ratelimit')).toMatch(/^"default";r=\d+;t=\d+$/);
    }
    expect(statuses.slice(-5)).toEqual([429, 429, 429, 429, 429]);
    expect((await api.request('/v1/patterns', { headers: other.bearer })).status).toBe(200);
  });

  it('a key in the address is no key', async () => {
    const { bearer } = await newKey('address');
    const key = bearer['authorization']?.slice('Bearer '.length) ?? '';
    for (const name of ['key', 'api_key', 'access_token']) {
      expect((await api.request(`/v1/runs?${name}=${key}`)).status).toBe(401);
    }
  });

  it('guessing keys ends in 429, with equal answers until then', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        api.request('/v1/runs', {
          headers: { authorization: `Bearer guess${String(index)}`, 'x-request-id': 'same' },
        }),
      ),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect(statuses).toContain(429);
    const refusals = await Promise.all(
      answers.filter(({ status }) => status === 401).map((answer) => answer.text()),
    );
    expect(new Set(refusals).size).toBeLessThanOrEqual(1);
  });
});

describe('a shutdown', () => {
  it('is told to load balancers first, ends streams and waits, and loses no answer', async () => {
    const api = await startHarness();
    const runId = await api.accept();
    const stream = await api.request(`/v1/runs/${runId}/events`);
    const waiting = api.execute(BODY, { prefer: 'wait=60' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    api.readiness.close();
    expect((await api.request('/readyz')).status).toBe(503);
    expect((await api.request('/livez')).status).toBe(200);
    expect(await api.stop()).toEqual([]);
    expect(await stream.text()).toContain('event: run.accepted');
    expect((await waiting).status).toBe(202);
  });
});

describe('the process', () => {
  it('refuses to listen beyond loopback without keys, with exit code 78', async () => {
    const child = spawn(process.execPath, [join(__dirname, '..', 'dist', 'main.js')], {
      env: {
        HOST: '0.0.0.0',
        PORT: '0',
        OPERATIONS_PORT: '0',
        DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
        REDIS_URL: 'redis://127.0.0.1:1',
        LEDGER_REPO: '/nowhere',
        PATTERNS_DIR: '/nowhere',
        RIGHTS_REGISTRY: '/nowhere',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(78);
    expect(words).toContain('dawsos keys create');
  });
});
