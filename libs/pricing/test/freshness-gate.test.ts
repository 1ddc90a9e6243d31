import { isoDate } from '@dawsos/contracts';
import { createTestDatabase, startPostgres, type TestDatabase, type TestPostgres } from '@dawsos/testing';
import { day, price } from '../src/__fixtures__/quotes';
import { buildPack, createPackStore, packHealth, resolvePack, type PackStore } from '../src';

jest.setTimeout(120_000);

let postgres: TestPostgres;
let test: TestDatabase;
let store: PackStore;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  test = await createTestDatabase(postgres);
  store = createPackStore(test.database);
});
afterEach(() => test.close());

/** 2024-01-01 was a Monday, so day(4) is a Friday and day(7) a Monday. */
async function sealed(at: number, restatement = 0): Promise<string> {
  const quotes = [price('AAA', day(0), String(restatement + 1))];
  const pack = buildPack({ asofDate: day(at), restatement, sources: [{ quotes }] });
  await store.beginBuild(pack.key);
  const previous = restatement === 0 ? undefined : { packId: `PP_${day(at)}`, reason: 'correction' };
  await store.seal(pack, { supersedes: previous });
  return pack.id;
}
const warming = (at: number) => store.beginBuild({ asofDate: day(at), policy: 'CLOSE', restatement: 0 });

describe('the freshness gate', () => {
  it('takes the newest fresh pack on or before the day asked for, never a later one', async () => {
    const friday = await sealed(4);
    await sealed(7);
    await expect(resolvePack(store, { asofDate: day(6), allowStale: false })).resolves.toMatchObject({
      pack: { pack_id: friday },
      status: 'fresh',
      ageBusinessDays: 0,
      asofDate: day(6),
    });
    await expect(resolvePack(store, { asofDate: day(3), allowStale: false })).rejects.toMatchObject({
      code: 'pack_not_found',
    });
  });

  it('asks for the pack’s own day when no day is named, and for today when the caller has a clock', async () => {
    const friday = await sealed(4);
    await expect(resolvePack(store, { allowStale: false })).resolves.toMatchObject({
      pack: { pack_id: friday },
      asofDate: day(4),
    });
    await expect(resolvePack(store, { allowStale: false, today: day(9) })).resolves.toMatchObject({
      ageBusinessDays: 3,
      asofDate: day(4),
    });
    await expect(resolvePack(store, { allowStale: false, today: day(10) })).rejects.toMatchObject({
      code: 'pack_not_fresh',
    });
  });

  it('answers for a pack that is too old with its id, status and age, unless stale is allowed', async () => {
    const friday = await sealed(4);
    const request = { asofDate: day(11), freshness: { maxAgeBusinessDays: 2 } };
    await expect(resolvePack(store, { ...request, allowStale: false })).rejects.toMatchObject({
      code: 'pack_not_fresh',
      retryable: true,
      retryAfterSeconds: 60,
      extensions: { pack_id: friday, pack_status: 'stale', age_business_days: 5 },
    });
    await expect(resolvePack(store, { ...request, allowStale: true })).resolves.toMatchObject({
      status: 'stale',
      ageBusinessDays: 5,
    });
  });

  it('names the newer pack that is on its way', async () => {
    await sealed(4);
    await warming(11);
    await expect(resolvePack(store, { asofDate: day(11), allowStale: false })).rejects.toMatchObject({
      message: expect.stringContaining('PP_2024-01-12 is warming'),
      retryAfterSeconds: 15,
      extensions: { newer_pack_id: 'PP_2024-01-12', newer_pack_status: 'warming' },
    });
    await expect(resolvePack(store, { asofDate: day(8), allowStale: false })).resolves.toMatchObject({
      status: 'fresh',
    });
  });

  it.each([
    ['warming', 15, 'it is being built'],
    ['error', 300, 'its build failed'],
  ])('refuses a pack in %s even where stale is allowed', async (status, retryAfterSeconds, reason) => {
    const { pack_id } = await warming(4);
    if (status === 'error') await store.failBuild(pack_id, { code: 'pack_unreadable', message: 'x' });
    for (const request of [{ asofDate: day(4) }, { packId: pack_id }]) {
      await expect(resolvePack(store, { ...request, allowStale: true })).rejects.toMatchObject({
        code: 'pack_not_fresh',
        message: `PP_2024-01-05 is ${status}: ${reason}`,
        retryAfterSeconds,
        extensions: { pack_id, pack_status: status },
      });
    }
  });

  it('takes a marked stale pack only where that is allowed', async () => {
    const id = await sealed(4);
    await store.markStale(id);
    await expect(resolvePack(store, { asofDate: day(4), allowStale: false })).rejects.toMatchObject({
      code: 'pack_not_fresh',
    });
    await expect(resolvePack(store, { asofDate: day(4), allowStale: true })).resolves.toMatchObject({
      pack: { pack_id: id },
      status: 'stale',
    });
  });

  it('takes the pack that is named, on its own day, and not one later than asof_date', async () => {
    const friday = await sealed(4);
    await sealed(7);
    await expect(
      resolvePack(store, { packId: friday, allowStale: false, today: isoDate('2026-11-24') }),
    ).resolves.toMatchObject({ pack: { pack_id: friday }, status: 'fresh', asofDate: day(4) });
    await expect(
      resolvePack(store, { packId: friday, asofDate: day(3), allowStale: false }),
    ).rejects.toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/pricing_pack_id' }],
    });
    await expect(resolvePack(store, { packId: 'PP_2020-01-01', allowStale: false })).rejects.toMatchObject({
      code: 'pack_not_found',
      message: 'there is no pack PP_2020-01-01',
    });
  });

  it('takes a restatement by day, and the superseded pack only by its id where stale is allowed', async () => {
    const first = await sealed(4);
    const second = await sealed(4, 1);
    await expect(resolvePack(store, { asofDate: day(4), allowStale: false })).resolves.toMatchObject({
      pack: { pack_id: second },
    });
    await expect(resolvePack(store, { packId: first, allowStale: false })).rejects.toMatchObject({
      code: 'pack_not_fresh',
      message: `${first} is stale: it is superseded by ${second}`,
    });
    await expect(resolvePack(store, { packId: first, allowStale: true })).resolves.toMatchObject({
      status: 'stale',
    });
  });
});

describe('/health/pack', () => {
  it('answers in every state', async () => {
    await expect(packHealth(store)).resolves.toMatchObject({
      fresh: false,
      body: { status: 'none', pack_id: null },
    });
    await warming(4);
    await expect(packHealth(store)).resolves.toMatchObject({
      fresh: false,
      body: { status: 'warming', pack_id: 'PP_2024-01-05', reason: 'it is being built', content_hash: null },
    });
    await store.failBuild('PP_2024-01-05', { code: 'pack_unreadable', message: 'x' });
    await expect(packHealth(store)).resolves.toMatchObject({
      fresh: false,
      body: { status: 'error', error_code: 'pack_unreadable' },
    });
    await sealed(7);
    await expect(packHealth(store, { today: day(8) })).resolves.toMatchObject({
      fresh: true,
      body: { status: 'fresh', pack_id: 'PP_2024-01-08', age_business_days: 1, newer: null },
    });
    await warming(8);
    await expect(packHealth(store, { today: day(30) })).resolves.toMatchObject({
      fresh: false,
      body: {
        status: 'stale',
        pack_id: 'PP_2024-01-08',
        newer: { pack_id: 'PP_2024-01-09', status: 'warming' },
      },
    });
  });

  it('is never green for a superseded pack', async () => {
    await sealed(4);
    const second = await sealed(4, 1);
    await store.markStale(second);
    await expect(packHealth(store)).resolves.toMatchObject({
      fresh: false,
      body: { status: 'stale', pack_id: second },
    });
  });
});
