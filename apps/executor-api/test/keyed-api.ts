import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemSchema, type JsonObject, type Problem } from '@dawsos/contracts';
import { createKey } from '@dawsos/principals';
import { startRedis, type TestRedis } from '@dawsos/testing';
import { startHarness, type Harness } from './harness';

const PATTERN = {
  id: 'lots',
  version: '1.0.0',
  name: 'Lots',
  description: 'What is held.',
  inputs: { days: { type: 'integer', minimum: 1, required: true } },
  steps: [{ id: 'lots', capability: 'ledger.positions', args: {}, as: 'lots' }],
  outputs: ['lots'],
  rights: { required: ['portfolio_read'] },
};
export const BODY: JsonObject = { pattern_id: 'lots', portfolio_id: 'growth', inputs: { days: 5 } };
const KEYS = {
  alice: { principal: 'alice', scopes: ['read', 'execute'], portfolios: '*' },
  bob: {
    principal: 'bob',
    scopes: ['read', 'execute'],
    portfolios: ['growth'],
    permissions: ['portfolio_read'],
  },
  economist: {
    principal: 'economist',
    scopes: ['execute'],
    portfolios: '*',
    permissions: ['macro_data_read'],
  },
  pager: { principal: 'pager', scopes: ['read', 'execute'], portfolios: '*' },
  reader: { principal: 'reader', scopes: ['read'], portfolios: '*' },
  operator: { principal: 'operator', scopes: ['read', 'admin'], portfolios: [] },
  submitter: { principal: 'submitter', scopes: ['execute'], portfolios: '*' },
} as const;
type Who = keyof typeof KEYS;
type Headers = Readonly<Record<string, string>>;

/** The API with a file of keys and Redis as its queue, asked in the name of one of the keys: `alice` when none is named. */
export interface KeyedApi {
  readonly harness: Harness;
  readonly redisUrl: string;
  readonly redis: TestRedis;
  get(path: string, who?: Who, headers?: Headers): Promise<Response>;
  post(path: string, who?: Who): Promise<Response>;
  /** `POST /v1/execute` */
  submit(body: unknown, who?: Who, headers?: Headers): Promise<Response>;
  /** `POST /v1/packs` */
  buildPack(body: JsonObject, who?: Who, headers?: Headers): Promise<Response>;
  /** `POST /v1/execute` with a body as it is. */
  send(body: string | Uint8Array<ArrayBuffer>, headers?: Headers): Promise<Response>;
  accept(who?: Who): Promise<string>;
  stop(): Promise<void>;
}

export async function startKeyedApi(): Promise<KeyedApi> {
  const folder = await mkdtemp(join(tmpdir(), 'dawsos-api-keys-'));
  const patterns = await mkdtemp(join(folder, 'patterns-'));
  await writeFile(join(patterns, 'lots.json'), JSON.stringify(PATTERN));
  const keysFile = join(folder, 'keys.json');
  const secrets = new Map<string, string>();
  for (const [who, key] of Object.entries(KEYS))
    secrets.set(who, createKey(keysFile, { ...key, createdAt: new Date() }).key);
  const redis = await startRedis();
  const harness = await startHarness({
    environment: {
      API_KEYS_FILE: keysFile,
      PATTERNS_DIR: patterns,
      QUEUE_ENGINE: 'redis',
      REDIS_URL: redis.url,
    },
  });
  const bearer = (who: Who) => ({ authorization: `Bearer ${secrets.get(who) ?? ''}` });
  return {
    harness,
    redisUrl: redis.url,
    redis,
    get: (path, who = 'alice', headers) => harness.request(path, { headers: { ...bearer(who), ...headers } }),
    post: (path, who = 'alice') => harness.request(path, { method: 'POST', headers: bearer(who) }),
    submit: (body, who = 'alice', headers) => harness.execute(body, { ...bearer(who), ...headers }),
    buildPack: (body, who = 'operator', headers) =>
      harness.request('/v1/packs', {
        method: 'POST',
        headers: { ...bearer(who), 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    send: (body, headers) =>
      harness.request('/v1/execute', {
        method: 'POST',
        headers: { ...bearer('alice'), 'content-type': 'application/json', ...headers },
        body,
      }),
    accept: (who = 'alice') => harness.accept(bearer(who), BODY),
    async stop() {
      await harness.stop();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A problem body, once it is known to hold no stack and no statement. */
export async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text();
  expect([text, answer.headers.get('content-type')]).toEqual([text, 'application/problem+json']);
  expect(text).not.toMatch(/node_modules|\bat .*:\d+:\d+|select .* from/i);
  return ProblemSchema.parse(JSON.parse(text));
}
