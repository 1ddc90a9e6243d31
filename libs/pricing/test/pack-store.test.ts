import {
  isoDate,
  PACK_STATUSES,
  PackSummarySchema,
  sha256Hex,
  type IsoDate,
  type PackStatus,
} from '@dawsos/contracts';
import {
  createTestDatabase,
  findOwnPostgres,
  startOwnPostgres,
  startPostgres,
  type TestDatabase,
  type TestPostgres,
} from '@dawsos/testing';
import { sql } from 'kysely';
import { day, price, rate } from '../src/__fixtures__/quotes';
import {
  buildAndStorePack,
  buildPack,
  createPackCache,
  createPackStore,
  createPricingPack,
  mayBecome,
  type BuiltPack,
  type PackStore,
  type Quote,
  type Reconciliation,
} from '../src';

let postgres: Pick<TestPostgres, 'url' | 'stop'>;
let test: TestDatabase;
let store: PackStore;

jest.setTimeout(120_000);

async function open(): Promise<void> {
  test = await createTestDatabase(postgres);
  store = createPackStore(test.database);
}
const close = (): Promise<void> => test.close();

const asofDate = isoDate('2024-01-31');
const content: Quote[] = [
  price('AAA', day(1), '10.5'),
  price('AAA', day(2), '11', 'CAD'),
  price('BBB', day(1), '0.000000000000000000001234567891'),
  rate('USD', 'CAD', day(1), '1.3333'),
  rate('EUR', 'USD', day(2), '1.1'),
];
const built = (quotes = content, restatement = 0): BuiltPack =>
  buildPack({ asofDate, restatement, sources: [{ quotes }] });

async function sealed(pack = built()): Promise<BuiltPack> {
  await store.beginBuild(pack.key);
  await store.seal(pack);
  return pack;
}

const SERVERS: readonly (readonly [string, () => Promise<Pick<TestPostgres, 'url' | 'stop'>>])[] = [
  ['the embedded server', startPostgres],
  ...(findOwnPostgres() === undefined ? [] : [['a PostgreSQL of one’s own', startOwnPostgres] as const]),
];

describe.each(SERVERS)('on %s', (_server, start) => {
  beforeAll(async () => {
    postgres = await start();
  });
  afterAll(() => postgres.stop());

  describe('a stored pack', () => {
    beforeEach(open);
    afterEach(close);

    it('comes back as it was built: hash, prices and rates, every digit', async () => {
      const pack = await sealed();
      const summary = await store.find(pack.id);
      expect(PackSummarySchema.parse(summary)).toMatchObject({
        pack_id: 'PP_2024-01-31',
        asof_date: '2024-01-31',
        policy: 'CLOSE',
        status: 'fresh',
        content_hash: pack.hash,
        price_count: 3,
        rate_count: 2,
        sources: ['test-close', 'test-fx'],
      });
      const loaded = await store.load(pack.id);
      expect(loaded).toMatchObject({ id: pack.id, hash: pack.hash, asofDate, commodities: ['AAA', 'BBB'] });
      expect(loaded.price('AAA', day(9))).toMatchObject({ date: day(2), currency: 'CAD' });
      expect(loaded.price('BBB', day(9))?.number.toFixed()).toBe('0.000000000000000000001234567891');
      expect(loaded.rate('EUR', 'CAD', day(9))?.number.toFixed()).toBe('1.46663');
    });

    it('is not there before its transaction commits, nor any part of it', async () => {
      const pack = built();
      await store.beginBuild(pack.key);
      await expect(store.load(pack.id)).rejects.toMatchObject({
        code: 'pack_not_fresh',
        retryAfterSeconds: 15,
      });
      const seen: string[] = [];
      const watching = watch(seen);
      await store.seal(pack);
      seen.push(await stateSeen());
      await watching;
      expect(new Set(seen)).toEqual(new Set(['warming 0', 'fresh 5']));
    });

    /** What another connection sees, until it sees a fresh pack. */
    async function watch(seen: string[]): Promise<void> {
      while (!seen.includes('fresh 5')) seen.push(await stateSeen());
    }
    async function stateSeen(): Promise<string> {
      const { rows } = await sql<{ status: string; rows: string }>`
      select status, (select count(*) from prices) + (select count(*) from fx_rates) as rows
      from packs`.execute(test.database.kysely);
      return `${rows[0]?.status ?? ''} ${rows[0]?.rows ?? ''}`;
    }

    it('is loaded once a process, however many ask for it', async () => {
      const pack = await sealed();
      let loads = 0;
      const cache = createPackCache({
        load: (id) => {
          loads += 1;
          return store.load(id);
        },
      });
      const [first, second] = await Promise.all([cache.load(pack.id), cache.load(pack.id)]);
      expect(second).toBe(first);
      expect(await cache.load(pack.id)).toBe(first);
      await expect(cache.load('PP_2020-01-01')).rejects.toMatchObject({ code: 'pack_not_found' });
      await expect(cache.load('PP_2020-01-01')).rejects.toMatchObject({ code: 'pack_not_found' });
      expect(loads).toBe(3);
    });

    it('is kept by what it takes: the ones used last, and one that is larger than all that is kept alone', async () => {
      const loads: string[] = [];
      const cache = createPackCache(
        {
          load: async (id) => {
            loads.push(id);
            const text = `2024-01-02 1 USD ${'x'.repeat(id === 'large' ? 5_000 : 400)}`;
            const series = [{ kind: 'price' as const, name: 'AAA', text }];
            return createPricingPack({ id, hash: sha256Hex(id), asofDate: isoDate('2024-01-02'), series });
          },
        },
        1_000,
      );
      for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.load(id);
      expect(loads).toEqual(['a', 'b', 'c', 'b']);
      loads.length = 0;
      for (const id of ['large', 'large', 'a', 'a']) await cache.load(id);
      expect(loads).toEqual(['large', 'a']);
    });

    it('can be sealed again with the same content, and not with other', async () => {
      const pack = await sealed();
      await expect(store.seal(pack)).resolves.toMatchObject({ status: 'fresh', content_hash: pack.hash });
      await expect(store.seal(built(content.slice(1)))).rejects.toMatchObject({ code: 'pack_immutable' });
    });
  });

  describe('the database refuses', () => {
    beforeAll(async () => {
      await open();
      await sealed();
    });
    afterAll(close);

    it.each([
      ['a changed price', 'update prices set number = 1'],
      ['a changed rate', 'update fx_rates set number = 1'],
      ['a removed price', 'delete from prices'],
      ['a removed rate', "delete from fx_rates where base = 'USD'"],
      ['an emptied table', 'truncate prices, fx_rates'],
      ['an emptied pack table', 'truncate packs cascade'],
      ['another price', "insert into prices values ('PP_2024-01-31', 'ZZZ', '2024-01-01', 1, 'USD', 'late')"],
      [
        'another rate',
        "insert into fx_rates values ('PP_2024-01-31', 'JPY', 'USD', '2024-01-01', 1, 'late')",
      ],
      ['another hash', "update packs set content_hash = repeat('0', 64)"],
      ['another day', "update packs set asof_date = '2024-02-01'"],
      ['another count', 'update packs set price_count = 0'],
      ['other sources', "update packs set sources = '{}'"],
      ['an unsealed pack', 'update packs set built_at = null, content_hash = null'],
      ['a deleted pack', 'delete from packs'],
    ])('%s', async (_what, statement) => {
      await expect(sql.raw(statement).execute(test.database.kysely)).rejects.toMatchObject({ code: 'DW001' });
      expect((await store.load('PP_2024-01-31')).hash).toBe(built().hash);
    });

    it('every step that the life cycle does not have, and lets the others be', async () => {
      const steps = PACK_STATUSES.flatMap((from) =>
        PACK_STATUSES.filter((to) => to !== from).map((to) => [from, to] as const),
      );
      for (const [index, [from, to]] of steps.entries()) {
        const id = await packIn(from, day(index));
        const move = sql`update packs set status = ${to},
        error_code = ${to === 'error' ? 'x' : null},
        content_hash = coalesce(content_hash, ${to === 'fresh' ? 'a'.repeat(64) : null}),
        built_at = coalesce(built_at, ${to === 'fresh' ? new Date() : null})
        where pack_id = ${id}`.execute(test.database.kysely);
        if (mayBecome(from, to)) await move;
        else await expect(move).rejects.toMatchObject({ code: 'DW002' });
      }
    });

    async function packIn(status: PackStatus, date: IsoDate): Promise<string> {
      const pack = buildPack({ asofDate: date, sources: [{ quotes: [price('AAA', day(0), '1')] }] });
      await store.beginBuild(pack.key);
      if (status === 'error') await store.failBuild(pack.id, { code: 'pack_unreadable', message: 'x' });
      if (status === 'fresh' || status === 'stale') await store.seal(pack);
      if (status === 'stale') await store.markStale(pack.id);
      return pack.id;
    }
  });

  describe('the store', () => {
    beforeEach(open);
    afterEach(close);

    it('answers a refused step with what the pack is and what it may become', async () => {
      const pack = await sealed();
      await expect(store.failBuild(pack.id, { code: 'x', message: 'x' })).rejects.toMatchObject({
        code: 'pack_transition_refused',
        message: 'PP_2024-01-31 is fresh and cannot become error: it may become stale',
      });
      await store.markStale(pack.id);
      await expect(store.markStale(pack.id)).rejects.toMatchObject({ code: 'pack_transition_refused' });
      await expect(store.markStale('PP_2020-01-01')).rejects.toMatchObject({ code: 'pack_not_found' });
    });

    it('keeps what a failed build said, and lets it be built again', async () => {
      const pack = built();
      await store.beginBuild(pack.key);
      await store.failBuild(pack.id, {
        code: 'pack_unreadable',
        message: 'a.csv:3: bad',
        detail: { line: 3 },
      });
      expect(await store.find(pack.id)).toMatchObject({ status: 'error', error_code: 'pack_unreadable' });
      expect(await store.failure(pack.id)).toEqual({ message: 'a.csv:3: bad', line: 3 });
      await expect(store.seal(pack)).rejects.toMatchObject({ code: 'pack_transition_refused' });
      await expect(store.beginBuild(pack.key)).resolves.toMatchObject({
        status: 'warming',
        error_code: null,
      });
      await expect(store.seal(pack)).resolves.toMatchObject({ status: 'fresh' });
      expect(await store.report(pack.id)).toMatchObject({ commodities: 2, pairs: 2 });
    });

    it('lets one builder at a pack at a time', async () => {
      const pack = built();
      await store.beginBuild(pack.key);
      await test.database.kysely.transaction().execute(async (other) => {
        await other.selectFrom('packs').select('pack_id').forUpdate().execute();
        await expect(store.seal(pack)).rejects.toMatchObject({
          code: 'pack_not_fresh',
          message: 'PP_2024-01-31 is being built by another builder',
        });
      });
      const results = await Promise.allSettled([store.seal(pack), store.seal(pack)]);
      expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
      expect((await store.load(pack.id)).hash).toBe(pack.hash);
    });

    it('writes and reads more rows than go into one statement', async () => {
      const many: Quote[] = [];
      for (let series = 0; series < 600; series += 1) {
        for (let at = 0; at < 20; at += 1)
          many.push(price(`C${String(series)}`, day(at), `${String(series + 1)}.${String(at + 1)}`));
      }
      const pack = await sealed(built(many));
      expect(pack.priceCount).toBe(12_000);
      const loaded = await store.load(pack.id);
      expect(loaded.commodities).toHaveLength(600);
      expect(loaded.price('C599', day(30))?.number.toFixed()).toBe('600.2');
    });

    it('finds the newest on or before a day, by status and policy, and never a later one', async () => {
      await sealed(buildPack({ asofDate: day(10), sources: [{ quotes: content }] }));
      await sealed(buildPack({ asofDate: day(12), sources: [{ quotes: content }] }));
      await sealed(buildPack({ asofDate: day(12), policy: 'WM4PM', sources: [{ quotes: content }] }));
      await store.beginBuild({ asofDate: day(14), policy: 'CLOSE', restatement: 0 });
      const newest = async (
        ...query: Parameters<PackStore['newestOnOrBefore']>
      ): Promise<string | undefined> => (await store.newestOnOrBefore(...query))?.pack_id;
      expect(await newest(day(9), { policy: 'CLOSE' })).toBeUndefined();
      expect(await newest(day(11), { policy: 'CLOSE' })).toBe('PP_2024-01-11');
      expect(await newest(day(30), { policy: 'CLOSE' })).toBe('PP_2024-01-15');
      expect(await newest(day(30), { policy: 'CLOSE', status: 'fresh' })).toBe('PP_2024-01-13');
      expect(await newest(day(30), { policy: 'WM4PM' })).toBe('PP_2024-01-13_WM4PM');
      expect(await newest(day(30), { status: ['error', 'stale'] })).toBeUndefined();
    });

    it('lists newest first, page by page, without a gap or a repeat', async () => {
      for (let at = 0; at < 7; at += 1) {
        await store.beginBuild({ asofDate: day(at), policy: 'CLOSE', restatement: 0 });
        await store.beginBuild({ asofDate: day(at), policy: 'WM4PM', restatement: 0 });
      }
      const ids: string[] = [];
      let after: Parameters<PackStore['list']>[0]['after'] = null;
      do {
        const page = await store.list({ limit: 5, after });
        ids.push(...page.packs.map((pack) => pack.pack_id));
        after = page.next;
      } while (after !== null);
      expect(ids).toHaveLength(14);
      expect(ids).toEqual([...ids].sort().reverse());
      expect((await store.list({ limit: 50, policy: 'WM4PM' })).packs).toHaveLength(7);
      expect((await store.list({ limit: 50, status: 'fresh' })).packs).toHaveLength(0);
    });

    it('says what a pack has of each source, which cannot be changed either', async () => {
      const pack = await sealed();
      expect(await store.sources(pack.id)).toEqual([
        { source: 'test-close', prices: 3, rates: 0, firstDate: day(1), lastDate: day(2) },
        { source: 'test-fx', prices: 0, rates: 2, firstDate: day(1), lastDate: day(2) },
      ]);
      const { pool } = test.database;
      for (const change of [
        'update pack_sources set price_count = 0',
        'delete from pack_sources',
        `insert into pack_sources values ('${pack.id}', 'late', 1, 0, '2024-01-01', '2024-01-01')`,
      ]) {
        await expect(pool.query(change)).rejects.toMatchObject({ code: 'DW001' });
      }
    });

    it('notices rows that are not those that were sealed', async () => {
      const pack = await sealed();
      await sql`alter table prices disable trigger never_change`.execute(test.database.kysely);
      await sql`update prices set number = number + 1 where commodity = 'BBB'`.execute(test.database.kysely);
      await expect(store.load(pack.id)).rejects.toMatchObject({ code: 'internal_error' });
      await expect(store.load(pack.id)).rejects.toThrow('it was sealed as');
    });
  });

  describe('building and storing', () => {
    beforeEach(open);
    afterEach(close);

    const request = (quotes: Quote[]) => ({ asofDate, sources: () => Promise.resolve([{ quotes }]) });

    it('stores a pack once, and gives it again', async () => {
      const first = await buildAndStorePack(store, request(content));
      expect(first).toMatchObject({ created: true, pack: { pack_id: 'PP_2024-01-31', status: 'fresh' } });
      const second = await buildAndStorePack(store, request(content.slice(1)));
      expect(second).toEqual({ created: false, pack: first.pack });
    });

    it('leaves a failed pack in error, with the faults, and mends it by the next build', async () => {
      const bad = [...content, price('AAA', day(1), '99', 'USD', { place: { file: 'b.csv', line: 4 } })];
      await expect(buildAndStorePack(store, request(bad))).rejects.toMatchObject({ code: 'pack_unreadable' });
      expect(await store.find('PP_2024-01-31')).toMatchObject({
        status: 'error',
        error_code: 'pack_unreadable',
      });
      expect(await store.failure('PP_2024-01-31')).toMatchObject({ faults: [{ file: 'prices.csv' }] });
      await expect(buildAndStorePack(store, request(content))).resolves.toMatchObject({ created: true });
    });

    it('restates a pack whose sources changed: the new one supersedes the old, which stays readable', async () => {
      const first = await buildAndStorePack(store, request(content));
      const restate = { reason: 'late split' };
      await expect(buildAndStorePack(store, { ...request(content), restate })).resolves.toEqual({
        created: false,
        pack: first.pack,
      });
      const changed = [...content, price('CCC', day(3), '5')];
      const second = await buildAndStorePack(store, { ...request(changed), restate });
      expect(second.pack).toMatchObject({
        pack_id: 'PP_2024-01-31_D1',
        status: 'fresh',
        superseded_by: null,
      });
      expect(await store.find('PP_2024-01-31')).toMatchObject({
        status: 'fresh',
        superseded_by: 'PP_2024-01-31_D1',
      });
      expect((await store.newestOnOrBefore(asofDate))?.pack_id).toBe('PP_2024-01-31_D1');
      expect((await store.load('PP_2024-01-31')).hash).toBe(first.pack.content_hash);
      const third = await buildAndStorePack(store, { ...request(content), restate });
      expect(third.pack).toMatchObject({
        pack_id: 'PP_2024-01-31_D2',
        content_hash: first.pack.content_hash,
      });
    });

    it('does not seal a pack that is not reconciled: it is in error, explained by position', async () => {
      const result: Reconciliation = {
        passed: false,
        base_currency: 'CAD',
        ledger_value: '100',
        pack_value: '101',
        difference_bp: '100',
        limit_bp: '1',
        compared: 1,
        not_compared: [],
        differences: [],
      };
      await expect(
        buildAndStorePack(store, { ...request(content), reconcile: () => result }),
      ).rejects.toMatchObject({
        code: 'pack_not_reconciled',
      });
      expect(await store.find('PP_2024-01-31')).toMatchObject({
        status: 'error',
        error_code: 'pack_not_reconciled',
        price_count: 0,
      });
      expect(await store.failure('PP_2024-01-31')).toMatchObject({ reconciliation: result });
    });

    it('goes on after a builder that died with its rows half written: none of them is left', async () => {
      await store.beginBuild({ asofDate, policy: 'CLOSE', restatement: 0 });
      const dying = await test.database.pool.connect();
      dying.on('error', () => undefined);
      await dying.query('begin');
      await dying.query("insert into prices values ('PP_2024-01-31', 'AAA', '2024-01-02', 1, 'USD', 'half')");
      const { rows } = await dying.query<{ pid: number }>('select pg_backend_pid() as pid');
      await test.database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      dying.release(true);
      expect(await store.find('PP_2024-01-31')).toMatchObject({ status: 'warming', content_hash: null });
      await expect(buildAndStorePack(store, request(content))).resolves.toMatchObject({
        created: true,
        pack: { status: 'fresh', price_count: 3 },
      });
      expect((await store.load('PP_2024-01-31')).hash).toBe(built().hash);
    });
  });
});

it('says that the database is not there', async () => {
  const lonely = await startPostgres();
  const own = await createTestDatabase(lonely);
  await lonely.halt();
  await expect(createPackStore(own.database).find('PP_2024-01-31')).rejects.toMatchObject({
    code: 'store_unavailable',
  });
  await own.close();
  await lonely.stop();
});
