import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SCOPES, type JsonObject } from '@dawsos/contracts';
import { createKey } from '@dawsos/principals';
import { ROUTES } from '../src/routes/table';
import { BODY, startHarness, type Harness } from './harness';

const PATTERN = {
  id: 'report',
  version: '1.0.0',
  name: 'Report',
  description: 'A figure.',
  steps: [{ id: 'worth', capability: 'ledger.positions', args: {}, as: 'worth' }],
  outputs: ['worth'],
  rights: { required: ['portfolio_read'], export: ['csv'] },
};
const FIGURE = '73519.04';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const ASKED: JsonObject = { ...BODY, pattern_id: 'report', portfolio_id: 'income' };
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Two keys of the principal that owns the runs, neither of which may read them, and another principal's. */
const STRANGERS = {
  'a key of another portfolio': { principal: 'team', portfolios: ['growth'] },
  'a key without the permission': { principal: 'team', portfolios: '*', permissions: ['macro_data_read'] },
  'another principal': { principal: 'other', portfolios: '*' },
} as const;
type Stranger = keyof typeof STRANGERS;

type Probe = (runId: string) => { readonly query?: string; readonly body?: JsonObject };
const NAMES_A_RUN: Probe = () => ({});

/** How each route that takes the id of a run is asked for one. */
const NAMED: Readonly<Record<string, Probe>> = {
  'get /v1/runs/{run_id}': NAMES_A_RUN,
  'get /v1/runs/{run_id}/events': NAMES_A_RUN,
  'get /v1/runs/{run_id}/trace': NAMES_A_RUN,
  'get /v1/runs/{run_id}/rights': NAMES_A_RUN,
  'get /v1/runs/{run_id}/explain': NAMES_A_RUN,
  'post /v1/runs/{run_id}/cancel': NAMES_A_RUN,
  'post /v1/exports': (run_id) => ({ body: { run_id, format: 'csv' } }),
};
/** Routes that take no run's id: what they answer names no run that the key may not read. */
const UNNAMED: Readonly<Record<string, Probe>> = {
  'post /v1/execute': () => ({ body: ASKED }),
  'get /v1/runs': () => ({ query: '?page_size=100&pattern_id=report' }),
  'get /v1/rights/usage': () => ({}),
  'get /v1/patterns': () => ({}),
  'get /v1/patterns/{pattern_id}': () => ({}),
  'get /v1/packs': () => ({}),
  'get /v1/packs/{pack_id}': () => ({}),
  'get /v1/packs/{pack_id}/gaps': () => ({}),
  'get /v1/portfolios': () => ({}),
  'post /v1/packs': () => ({ body: {} }),
  'get /v1/pack-builds/{build_id}': () => ({}),
  'get /v1/pack-builds/{build_id}/events': () => ({}),
};
const keyOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
const guarded = ROUTES.filter(({ scope }) => scope !== 'public').map(keyOf);

let harness: Harness;
let runId: string;
const secrets = new Map<string, string>();

async function ask(route: string, probe: ReturnType<Probe>, who: string, id: string): Promise<string> {
  const [method = '', path = ''] = route.split(' ');
  const answer = await harness.request(path.replace(/\{\w+\}/, id) + (probe.query ?? ''), {
    method: method.toUpperCase(),
    headers: {
      authorization: `Bearer ${secrets.get(who) ?? ''}`,
      'content-type': 'application/json',
      'idempotency-key': 'once',
      'x-request-id': 'the-same',
      traceparent: TRACEPARENT,
    },
    ...(method === 'post' ? { body: JSON.stringify(probe.body ?? {}) } : {}),
  });
  return `${String(answer.status)} ${answer.headers.get('content-type') ?? ''}\n${await answer.text()}`;
}

beforeAll(async () => {
  harness = await startHarness({
    prepare: async (folder) => {
      await writeFile(join(folder, 'patterns', 'report.json'), JSON.stringify(PATTERN));
      const file = join(folder, 'principals.json');
      const make = (who: string, key: { principal: string; portfolios: '*' | readonly string[] }) =>
        secrets.set(who, createKey(file, { scopes: SCOPES, createdAt: new Date(), ...key }).key);
      make('owner', { principal: 'team', portfolios: '*' });
      for (const [who, key] of Object.entries(STRANGERS)) make(who, key);
      return { API_KEYS_FILE: file };
    },
  });
  const headers = { authorization: `Bearer ${secrets.get('owner') ?? ''}`, 'idempotency-key': 'once' };
  runId = await harness.accept(headers, ASKED);
  await harness.finish(runId, { worth: FIGURE });
});
afterAll(() => harness.stop());

describe('who may read a run', () => {
  it('is asked of every route of the table: a new one has to say here how it is asked', () => {
    expect([...Object.keys(NAMED), ...Object.keys(UNNAMED)].toSorted()).toEqual(guarded.toSorted());
  });

  it.each(Object.entries(NAMED))('is answered by %s to the owner', async (route, probe) => {
    const answer = await ask(route, probe(runId), 'owner', runId);
    expect(answer).toMatch(/^200 /);
  });

  it.each(
    (Object.keys(STRANGERS) as Stranger[]).flatMap((who) =>
      Object.entries(NAMED).map(([route, probe]) => [who, route, probe] as const),
    ),
  )('lets %s know nothing by %s: the bytes are those for an unknown run', async (who, route, probe) => {
    const answer = await ask(route, probe(runId), who, runId);
    expect(answer).toMatch(/^404 .*\n.*run_not_found/);
    expect(answer).toBe(await ask(route, probe(UNKNOWN), who, UNKNOWN));
  });

  it.each(
    (Object.keys(STRANGERS) as Stranger[]).flatMap((who) =>
      Object.entries(UNNAMED).map(([route, probe]) => [who, route, probe] as const),
    ),
  )('lets %s find neither the run nor its figure by %s', async (who, route, probe) => {
    const answer = await ask(route, probe(runId), who, 'PP_2025-01-31');
    expect(answer).not.toContain(runId);
    expect(answer).not.toContain(FIGURE);
  });

  it('still lists it for its owner', async () => {
    expect(await ask('get /v1/runs', { query: '?pattern_id=report' }, 'owner', '')).toContain(runId);
  });
});
