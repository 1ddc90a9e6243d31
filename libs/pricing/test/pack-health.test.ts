import { isoDate } from '@dawsos/contracts';
import { createTestDatabase, sharedPostgres, type TestDatabase, type SharedPostgres } from '@dawsos/testing';
import { day, price } from '../src/__fixtures__/quotes';
import {
  buildPack,
  createFreshnessGate,
  createPackStore,
  packHealth,
  type PackHealthOptions,
  type PackStore,
} from '../src';
import { COMMIT, LEDGER, ledgerOf } from './ledger-fixture';

jest.setTimeout(120_000);

let postgres: SharedPostgres;
let test: TestDatabase;
let store: PackStore;
let assess: NonNullable<PackHealthOptions['assess']>;

beforeAll(async () => {
  postgres = await sharedPostgres();
});
beforeEach(async () => {
  test = await createTestDatabase(postgres);
  store = createPackStore(test.database);
  const snapshot = await ledgerOf(LEDGER.replace('  calendar: "XTST"\n', ''));
  const gate = createFreshnessGate({
    store,
    loadPack: (id) => store.load(id),
    loadLedger: async () => snapshot,
    freshness: { maxAgeBusinessDays: 3 },
    now: () => new Date(),
  });
  assess = (pack, asked) => gate.assess(pack, asked, { ledgerCommitHash: COMMIT, portfolioId: null });
});
afterEach(() => test.close());

const RECONCILIATION = { reconciliation: { passed: true, difference_bp: '0.25' } };

async function sealed(at: number, restatement = 0): Promise<string> {
  const quotes = [price('AAA', day(at), String(restatement + 1)), price('ZZZ', day(at), '1')];
  const pack = buildPack({ asofDate: day(at), restatement, sources: [{ quotes }] });
  await store.beginBuild(pack.key);
  const previous = restatement === 0 ? undefined : { packId: `PP_${day(at)}`, reason: 'correction' };
  await store.seal(pack, { supersedes: previous, report: RECONCILIATION });
  return pack.id;
}
const warming = (at: number) => store.beginBuild({ asofDate: day(at), policy: 'CLOSE', restatement: 0 });
const health = (at: string, packId?: string) => packHealth(store, { now: new Date(at), packId, assess });

describe('/health/pack', () => {
  it('says none where there is none, or none of that name', async () => {
    await expect(packHealth(store)).resolves.toMatchObject({
      fresh: false,
      body: { status: 'none', pack_id: null },
    });
    await expect(health('2024-01-05T12:00:00Z', 'PP_2020-01-01')).resolves.toMatchObject({
      fresh: false,
      body: { status: 'none', pack_id: 'PP_2020-01-01' },
    });
  });

  it('says warming while the only pack is being built', async () => {
    await warming(4);
    await expect(health('2024-01-05T12:00:00Z')).resolves.toMatchObject({
      fresh: false,
      body: {
        status: 'warming',
        pack_id: 'PP_2024-01-05',
        age_business_days: 0,
        reason: 'it is being built',
        content_hash: null,
        coverage: null,
        reconciliation: null,
      },
    });
  });

  it('says error with its code and how far the reconciliation was off', async () => {
    await warming(4);
    await store.failBuild('PP_2024-01-05', {
      code: 'pack_not_reconciled',
      message: 'x',
      detail: { reconciliation: { passed: false, difference_bp: '12.5' } },
    });
    await expect(health('2024-01-05T12:00:00Z')).resolves.toMatchObject({
      fresh: false,
      body: {
        status: 'error',
        error_code: 'pack_not_reconciled',
        reconciliation: { passed: false, error_bp: '12.5' },
      },
    });
  });

  it('says fresh with age, coverage and the error of the reconciliation', async () => {
    await sealed(7);
    await expect(health('2024-01-09T12:00:00Z')).resolves.toMatchObject({
      fresh: true,
      body: {
        status: 'fresh',
        pack_id: 'PP_2024-01-08',
        age_business_days: 1,
        // AAA has a price, BBB has none; cash in the base currency needs none
        coverage: { needed: 2, fresh: 1, stale: 0, missing: 1, bound_bp: null },
        reconciliation: { passed: true, error_bp: '0.25' },
        newer: null,
      },
    });
  });

  it('says stale once it is too old, and names what is on its way', async () => {
    await sealed(7);
    await warming(8);
    await expect(health('2024-01-31T12:00:00Z')).resolves.toMatchObject({
      fresh: false,
      body: {
        status: 'stale',
        pack_id: 'PP_2024-01-08',
        age_business_days: 17,
        coverage: { stale: 1, stale_share: expect.stringMatching(/^0\.0/) },
        newer: { pack_id: 'PP_2024-01-09', status: 'warming' },
      },
    });
  });

  it('says superseded of a pack that a restatement took the place of, and is green for that one alone', async () => {
    const first = await sealed(4);
    const second = await sealed(4, 1);
    await expect(health('2024-01-05T12:00:00Z', first)).resolves.toMatchObject({
      fresh: false,
      body: { status: 'superseded', pack_id: first, superseded_by: second },
    });
    await expect(health('2024-01-05T12:00:00Z')).resolves.toMatchObject({
      fresh: true,
      body: { status: 'fresh', pack_id: second },
    });
    await store.markStale(second);
    await expect(health('2024-01-05T12:00:00Z')).resolves.toMatchObject({
      fresh: false,
      body: { status: 'stale', pack_id: second },
    });
    await store.markStale(first);
    await expect(health('2024-01-05T12:00:00Z', first)).resolves.toMatchObject({
      fresh: false,
      body: { status: 'superseded' },
    });
  });

  it('reads a build without reconciliation as one that was not made, not as one that failed', async () => {
    const pack = buildPack({ asofDate: day(4), sources: [{ quotes: [price('AAA', day(4), '1')] }] });
    await store.beginBuild(pack.key);
    await store.seal(pack);
    await expect(
      packHealth(store, { now: new Date(`${isoDate('2024-01-05')}T12:00:00Z`) }),
    ).resolves.toMatchObject({
      fresh: true,
      body: { status: 'fresh', reconciliation: null, coverage: null },
    });
  });
});
