import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  isoDate,
  PACK_QUEUE,
  PackBuildEventSchema,
  PackBuildSchema,
  PackQueueJobSchema,
  type JsonObject,
  type PackBuild,
  type PackQueueJob,
} from '@dawsos/contracts';
import { loadLedger } from '@dawsos/ledger';
import { createPackBuilds, ledgerQuotes, runBuild, type BuildOutcome } from '@dawsos/pricing';
import { createJobWorker, createQueueBackend } from '@dawsos/queue';
import { problemOf, startKeyedApi, type KeyedApi } from './keyed-api';
import { PACK_ID } from './harness';

let api: KeyedApi;
beforeAll(async () => {
  api = await startKeyedApi();
});
afterAll(() => api.stop());

async function asked(body: JsonObject, key?: string): Promise<PackBuild> {
  const headers = key === undefined ? {} : { 'idempotency-key': `"${key}"` };
  const answer = await api.buildPack(body, 'operator', headers);
  expect(answer.status).toBe(202);
  const build = PackBuildSchema.parse(await answer.json());
  expect(answer.headers.get('location')).toBe(`/v1/pack-builds/${build.build_id}`);
  return build;
}

/** As the pack builder does, with the ledger's prices alone. */
async function make(build: PackBuild, price = '60'): Promise<BuildOutcome> {
  const { database, packs, ledgerDir } = api.harness;
  const ledger = await loadLedger({ file: join(ledgerDir, 'main.beancount') });
  const own = ledgerQuotes(ledger);
  const quotes = own.quotes.map((quote) => ({ ...quote, number: price }));
  return runBuild(
    {
      database: database.database,
      builds: createPackBuilds({ database: database.database }),
      store: packs,
      inputs: async () => ({ ledger, ledgerCommit: 'test', sources: [{ ...own, quotes }] }),
      today: () => isoDate('2025-12-31'),
      now: () => performance.now(),
    },
    build.build_id,
  );
}

describe('a pack build', () => {
  it.each(['alice', 'reader', 'submitter'] as const)(
    'is refused to %s, whose key has no scope admin',
    async (who) => {
      const answer = await api.buildPack({}, who);
      expect([answer.status, (await problemOf(answer)).code]).toEqual([403, 'forbidden']);
    },
  );

  it.each<[JsonObject, string]>([
    [{ asof_date: '2025-02-30' }, '/asof_date'],
    [{ policy: 'CLOSED1' }, '/policy'],
    [{ restate: {} }, '/restate/reason'],
    [{ wanted: [{ commodity: 'acme', date: '2025-01-31' }] }, '/wanted/0/commodity'],
    [{ pack_id: 'PP_2025-01-31' }, '/pack_id'],
  ])('is refused for %j', async (body, pointer) => {
    const answer = await api.buildPack(body);
    const { code, errors } = await problemOf(answer);
    expect([answer.status, code, errors?.[0]?.pointer]).toEqual([400, 'invalid_request', pointer]);
  });

  it('is durable once accepted, and its job, a claim check, reaches the builder by Redis', async () => {
    const { metrics, logger, pii } = api.harness.observability;
    const backend = createQueueBackend({ engine: 'redis', url: api.redisUrl, prefix: 'dawsos' });
    await backend.prepare();
    const job = Promise.withResolvers<PackQueueJob>();
    const worker = createJobWorker({
      backend,
      name: PACK_QUEUE,
      schema: PackQueueJobSchema,
      process: async (data) => job.resolve(data),
      concurrency: 1,
      lockSeconds: 10,
      logger,
      pii,
      metrics,
    });
    const build = await asked({ asof_date: '2024-12-30' });
    expect(await job.promise).toEqual({ build_id: build.build_id });
    await worker.close(1_000);
    await backend.close();
    expect(build).toMatchObject({ state: 'queued', asof_date: '2024-12-30', policy: 'CLOSE', attempts: 0 });
  });

  it('is the same again under its idempotency key, and another without one only if it brings something else', async () => {
    const key = randomUUID();
    const first = await asked({ asof_date: '2024-11-29' }, key);
    expect((await asked({ asof_date: '2024-11-29' }, key)).build_id).toBe(first.build_id);
    const reused = await api.buildPack({ asof_date: '2024-11-28' }, 'operator', {
      'idempotency-key': `"${key}"`,
    });
    expect([reused.status, (await problemOf(reused)).code]).toEqual([422, 'idempotency_key_reused']);
    expect((await asked({ asof_date: '2024-11-29' })).build_id).toBe(first.build_id);
    expect((await asked({ asof_date: '2024-11-27' })).build_id).not.toBe(first.build_id);
  });

  it('tells its progress to the end, from where a client left off', async () => {
    const build = await asked({ asof_date: '2025-01-31', policy: 'EVENTS' });
    const address = `/v1/pack-builds/${build.build_id}`;
    const stream = await api.get(`${address}/events`, 'reader');
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const [outcome, text] = await Promise.all([make(build), stream.text()]);
    expect(outcome).toMatchObject({ kind: 'built', stored: { created: true } });
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) =>
      PackBuildEventSchema.parse(JSON.parse(data)),
    );
    expect(events.map(({ seq, type, data }) => [seq, type, data['phase'] ?? null])).toEqual([
      [1, 'build.accepted', null],
      [2, 'build.started', null],
      [3, 'build.progress', 'reconciling'],
      [4, 'build.progress', 'writing'],
      [5, 'build.finished', null],
    ]);
    const rest = await (await api.get(`${address}/events`, 'reader', { 'last-event-id': '4' })).text();
    expect(rest).toMatch(/^id: 5\nevent: build\.finished$/m);
    expect(rest).not.toMatch(/^id: 4$/m);
    expect((await api.get(`${address}/events`, 'reader', { 'last-event-id': '5' })).status).toBe(204);
    const shown = PackBuildSchema.parse(await (await api.get(address, 'reader')).json());
    expect(shown).toMatchObject({ state: 'succeeded', pack_id: 'PP_2025-01-31_EVENTS', created: true });
  });

  it('leaves a sealed pack as it is, and restates it where that is asked for', async () => {
    const plain = await asked({ asof_date: '2025-01-31' });
    expect(await make(plain, '61')).toMatchObject({ kind: 'built', stored: { created: false } });
    const restated = await asked({ asof_date: '2025-01-31', restate: { reason: 'late correction' } });
    expect(await make(restated, '60')).toMatchObject({
      stored: { created: false, pack: { pack_id: PACK_ID } },
    });
    const changed = await asked({ asof_date: '2025-01-31', restate: { reason: 'late correction' } });
    expect(await make(changed, '60.001')).toMatchObject({
      stored: { created: true, pack: { pack_id: `${PACK_ID}_D1` } },
    });
    expect(await (await api.get(`/v1/packs/${PACK_ID}`)).json()).toMatchObject({
      status: 'fresh',
      superseded_by: `${PACK_ID}_D1`,
    });
  });

  it.each(['nothing', '00000000-0000-4000-8000-000000000000'])('%s is not found', async (id) => {
    for (const path of [`/v1/pack-builds/${id}`, `/v1/pack-builds/${id}/events`]) {
      const answer = await api.get(path);
      expect([answer.status, (await problemOf(answer)).code]).toEqual([404, 'pack_build_not_found']);
    }
  });
});
