import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  Decimal,
  isoDate,
  sha256Hex,
  type GateTerms,
  type IsoDate,
  type PackSummary,
  type RepairOrder,
} from '@dawsos/contracts';
import type { LedgerSnapshot } from '@dawsos/ledger';
import { createTestDatabase, sharedPostgres, type TestDatabase, type SharedPostgres } from '@dawsos/testing';
import { day, price } from '../src/__fixtures__/quotes';
import {
  buildPack,
  createFreshnessGate,
  createPackCache,
  createPackStore,
  createPricingPack,
  parseMarkets,
  requireStillFresh,
  type FreshnessGateOptions,
  type GatePass,
  type PackStore,
  type PricingPack,
  type Quote,
} from '../src';
import { COMMIT, LEDGER, ledgerOf } from './ledger-fixture';

jest.setTimeout(120_000);

let postgres: SharedPostgres;
let test: TestDatabase;
let store: PackStore;
let snapshot: LedgerSnapshot;

beforeAll(async () => {
  postgres = await sharedPostgres();
  snapshot = await ledgerOf(LEDGER);
});
beforeEach(async () => {
  test = await createTestDatabase(postgres);
  store = createPackStore(test.database);
});
afterEach(() => test.close());

const markets = parseMarkets('calendars: { XTST: { holidays: [2024-01-08] } }', 'markets.yaml');

function gateAt(at: string, options: Partial<FreshnessGateOptions> = {}) {
  return createFreshnessGate({
    store,
    loadPack: (id) => store.load(id),
    loadLedger: async () => snapshot,
    freshness: { maxAgeBusinessDays: 3, markets },
    now: () => new Date(at),
    ...options,
  });
}

const NOW = '2024-01-05T12:00:00Z';
const terms = (over: Partial<GateTerms> = {}): GateTerms => ({
  pack_id: null,
  asof_date: null,
  allow_stale: false,
  max_staleness_bps: null,
  wait_seconds: null,
  ...over,
});

interface Request extends Partial<GateTerms> {
  readonly at?: string;
  readonly options?: Partial<FreshnessGateOptions>;
}

/** The pass, or the refusal as an error. */
async function ask({ at = NOW, options, ...over }: Request = {}): Promise<GatePass> {
  const answer = await gateAt(at, options).ask({
    terms: terms(over),
    ledgerCommitHash: COMMIT,
    portfolioId: 'growth',
  });
  if (answer.passes) return answer;
  throw answer.error;
}

const repairOf = async (request: Request): Promise<RepairOrder> =>
  ask(request).then(
    () => Promise.reject(new Error('the gate let it pass')),
    (error: { extensions: { repair: RepairOrder } }) => error.extensions.repair,
  );

/** 2024-01-01 was a Monday, so day(4) is a Friday and day(7) a Monday. */
async function sealed(at: number, restatement = 0, quotes?: Quote[]): Promise<string> {
  const ones = ['AAA', 'BBB'].map((name) => price(name, day(at), String(restatement + 1)));
  const pack = buildPack({ asofDate: day(at), restatement, sources: [{ quotes: quotes ?? ones }] });
  await store.beginBuild(pack.key);
  const previous = restatement === 0 ? undefined : { packId: `PP_${day(at)}`, reason: 'correction' };
  await store.seal(pack, { supersedes: previous });
  return pack.id;
}
const warming = (at: number) => store.beginBuild({ asofDate: day(at), policy: 'CLOSE', restatement: 0 });

/** A price that goes 1 % up and back on each business day until `last`. */
function zigzag(name: string, last: IsoDate): Quote[] {
  const days = Array.from({ length: 60 }, (_unused, index) => day(index - 45));
  return days
    .filter((date) => date <= last && new Date(date).getUTCDay() % 6 !== 0)
    .map((date, index) => price(name, date, index % 2 === 0 ? '100' : '101'));
}

describe('which pack the gate takes', () => {
  it('is the newest fresh one on or before the day asked for, never a later one', async () => {
    const friday = await sealed(4);
    await sealed(7);
    await expect(ask({ asof_date: day(6) })).resolves.toMatchObject({
      pack: { pack_id: friday },
      status: 'fresh',
      asofDate: day(6),
      freshness: { pack_age_business_days: 0 },
      validUntil: null,
    });
    await expect(ask({ asof_date: day(3) })).rejects.toMatchObject({ code: 'pack_not_found' });
  });

  it('is as of its own day when no day is named, its age counted to now', async () => {
    const friday = await sealed(4);
    await expect(ask({ at: '2024-01-10T12:00:00Z' })).resolves.toMatchObject({
      pack: { pack_id: friday },
      asofDate: day(4),
      freshness: { asked: '2024-01-10', pack_age_business_days: 3 },
    });
    await expect(ask({ at: '2024-01-11T00:00:00Z' })).rejects.toMatchObject({ code: 'pack_not_fresh' });
  });

  it('is the one named, on its own day, and not one later than asof_date', async () => {
    const friday = await sealed(4);
    await sealed(7);
    await expect(ask({ pack_id: friday, at: '2026-11-24T00:00:00Z' })).resolves.toMatchObject({
      pack: { pack_id: friday },
      status: 'fresh',
      asofDate: day(4),
      validUntil: null,
    });
    await expect(ask({ pack_id: friday, asof_date: day(3) })).rejects.toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/pricing_pack_id' }],
    });
    await expect(ask({ pack_id: 'PP_2020-01-01' })).rejects.toMatchObject({
      code: 'pack_not_found',
      message: 'there is no pack PP_2020-01-01',
    });
  });

  it('is a restatement by day, and the superseded pack only by its id where stale is allowed', async () => {
    const first = await sealed(4);
    const second = await sealed(4, 1);
    await expect(ask({ asof_date: day(4) })).resolves.toMatchObject({ pack: { pack_id: second } });
    await expect(ask({ pack_id: first, max_staleness_bps: '10000' })).rejects.toMatchObject({
      code: 'pack_not_fresh',
      message: `${first} is stale: it is superseded by ${second}`,
      extensions: { superseded_by: second },
    });
    await expect(ask({ pack_id: first, allow_stale: true })).resolves.toMatchObject({ status: 'stale' });
  });

  it('may not be the pack of another policy', async () => {
    await sealed(4);
    await expect(ask({ options: { packPolicy: 'WM4' } })).rejects.toMatchObject({
      code: 'pack_not_found',
      extensions: { repair: { pack_id: 'PP_2024-01-05_WM4', build: { body: { policy: 'WM4' } } } },
    });
  });
});

describe('what the gate refuses', () => {
  it('is a pack that is too old, with its id, status and age, unless stale is allowed', async () => {
    const friday = await sealed(4);
    const request: Request = {
      asof_date: day(11),
      options: { freshness: { maxAgeBusinessDays: 2, markets } },
    };
    await expect(ask(request)).rejects.toMatchObject({
      code: 'pack_not_fresh',
      retryable: true,
      retryAfterSeconds: 60,
      extensions: { pack_id: friday, pack_status: 'stale', age_business_days: 5, stale_share: '0.166667' },
    });
    await expect(ask({ ...request, allow_stale: true })).resolves.toMatchObject({
      status: 'stale',
      freshness: { pack_age_business_days: 5, max_staleness_bps: null },
    });
  });

  it('names the newer pack that is on its way', async () => {
    await sealed(4);
    await warming(11);
    await expect(ask({ asof_date: day(11) })).rejects.toMatchObject({
      message: expect.stringContaining('PP_2024-01-12 is warming'),
      retryAfterSeconds: 15,
      extensions: { newer_pack_id: 'PP_2024-01-12', newer_pack_status: 'warming' },
    });
    await expect(ask({ asof_date: day(8) })).resolves.toMatchObject({ status: 'fresh' });
  });

  it.each([
    ['warming', 15, 'it is being built'],
    ['error', 300, 'its build failed'],
  ])('is a pack in %s even where stale is allowed', async (status, retryAfterSeconds, reason) => {
    const { pack_id } = await warming(4);
    if (status === 'error') await store.failBuild(pack_id, { code: 'pack_unreadable', message: 'x' });
    for (const request of [{ asof_date: day(4) }, { pack_id }]) {
      await expect(ask({ ...request, allow_stale: true, max_staleness_bps: '10000' })).rejects.toMatchObject({
        code: 'pack_not_fresh',
        message: `PP_2024-01-05 is ${status}: ${reason}`,
        retryAfterSeconds,
        extensions: { pack_id, pack_status: status, repair: { pack_id } },
      });
    }
  });

  it('is a pack that was marked stale, unless that is allowed', async () => {
    const id = await sealed(4);
    await store.markStale(id);
    await expect(ask({ asof_date: day(4) })).rejects.toMatchObject({ code: 'pack_not_fresh' });
    await expect(ask({ asof_date: day(4), allow_stale: true })).resolves.toMatchObject({
      pack: { pack_id: id },
      status: 'stale',
    });
  });
});

describe('a limit in basis points', () => {
  /** AAA is quoted up to Monday, BBB up to Friday: worth 1000 each, beside 100 in cash. */
  beforeEach(() => sealed(4, 0, [...zigzag('AAA', day(0)), ...zigzag('BBB', day(4))]).then(() => undefined));
  const young: Partial<FreshnessGateOptions> = { freshness: { maxAgeBusinessDays: 2, markets } };

  it('refuses a pack of the day that rests on old prices, and passes it where it can be little off', async () => {
    // 4 sessions old: 2.575829 · σ · √4 · 1000 of 2110, with σ just under 1 %
    await expect(ask({ max_staleness_bps: '200', options: young })).rejects.toMatchObject({
      code: 'pack_not_fresh',
      message: expect.stringMatching(
        /^PP_2024-01-05 can be off by 24\d\.\d+ basis points on 2024-01-05 \(allowed: 200\); 0\.47\d+ of the value rests on prices that are too old; needed: AAA of 2024-01-05$/,
      ),
    });
    await expect(ask({ max_staleness_bps: '250', options: young })).resolves.toMatchObject({
      status: 'fresh',
      freshness: { bound_bp: expect.stringMatching(/^24\d\./), max_staleness_bps: '250', confidence: '0.99' },
    });
  });

  it('of the configuration holds too, but not where any age is allowed', async () => {
    const strict = { ...young, maxStalenessBps: new Decimal(200) };
    await expect(ask({ options: strict })).rejects.toMatchObject({ code: 'pack_not_fresh' });
    await expect(ask({ options: strict, allow_stale: true })).resolves.toMatchObject({ status: 'fresh' });
    await expect(ask({ options: strict, max_staleness_bps: '300' })).resolves.toBeDefined();
  });

  it('of the request decides instead of the pack’s age; that of the configuration beside it', async () => {
    const late = '2024-01-15T12:00:00Z';
    await expect(ask({ at: late })).rejects.toMatchObject({ code: 'pack_not_fresh' });
    await expect(ask({ at: late, options: { maxStalenessBps: new Decimal(9_999) } })).rejects.toMatchObject({
      message: expect.stringContaining('business days older'),
    });
    await expect(ask({ at: late, max_staleness_bps: '9999' })).resolves.toMatchObject({ status: 'stale' });
  });

  it('refuses where no bound can be stated', async () => {
    await sealed(8, 0, [price('AAA', day(0), '1'), price('BBB', day(8), '1')]);
    await expect(
      ask({ at: '2024-01-09T12:00:00Z', max_staleness_bps: '10000', options: young }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('by an amount that cannot be bounded'),
      extensions: { bound_bp: null },
    });
  });
});

describe('valid_until', () => {
  it('is the moment at which the pack grows too old', async () => {
    await sealed(4);
    const { validUntil } = await ask();
    // three sessions after Friday are Monday to Wednesday
    expect(validUntil?.toISOString()).toBe('2024-01-11T00:00:00.000Z');
  });

  it('is the moment at which the bound passes the limit, by each instrument’s own calendar and close', async () => {
    const own = parseMarkets(
      `calendars: { XTST: { time_zone: America/New_York, close: "16:00", holidays: [2024-01-08] } }
instruments: { AAA: { calendar: XTST } }`,
      'markets.yaml',
    );
    await sealed(4, 0, [...zigzag('AAA', day(4)), ...zigzag('BBB', day(4))]);
    const options = { freshness: { maxAgeBusinessDays: 3, markets: own } };
    const { validUntil } = await ask({ options, max_staleness_bps: '0' });
    // the holiday is no session: the fourth after Friday closes on Friday, at 16:00 in New York
    expect(validUntil?.toISOString()).toBe('2024-01-12T21:00:00.000Z');
    const before = { options, max_staleness_bps: '0' };
    await expect(ask({ ...before, at: '2024-01-12T20:59:59.999Z' })).resolves.toMatchObject({ validUntil });
    await expect(ask({ ...before, at: '2024-01-12T21:00:00Z' })).rejects.toMatchObject({
      code: 'pack_not_fresh',
    });
  });

  it('is null where age never refuses: a day or pack was named, or any age is allowed', async () => {
    const id = await sealed(4);
    for (const request of [{ asof_date: day(4) }, { pack_id: id }, { allow_stale: true }]) {
      await expect(ask(request)).resolves.toMatchObject({ validUntil: null });
    }
  });
});

describe('a repair order', () => {
  it('lists exactly the stale prices with the day each should be of, and the build that brings them', async () => {
    await sealed(0, 0, [price('AAA', day(0), '1'), price('BBB', day(0), '1')]);
    // BBB’s market was closed on Monday 2024-01-08
    await expect(repairOf({ at: '2024-01-08T12:00:00Z' })).resolves.toEqual({
      pack_id: 'PP_2024-01-08',
      needed: [
        { kind: 'price', name: 'AAA', date: '2024-01-08', last_date: '2024-01-01' },
        { kind: 'price', name: 'BBB', date: '2024-01-05', last_date: '2024-01-01' },
      ],
      build: {
        method: 'POST',
        path: '/v1/packs',
        body: {
          asof_date: '2024-01-08',
          wanted: [
            { commodity: 'AAA', date: '2024-01-08' },
            { commodity: 'BBB', date: '2024-01-05' },
          ],
        },
      },
      command: 'dawsos packs build --asof 2024-01-08',
    });
  });

  it('asks for the last session before a weekend', async () => {
    await sealed(0);
    const saturday = await repairOf({ at: '2024-01-13T12:00:00Z' });
    expect(saturday.pack_id).toBe('PP_2024-01-12');
  });

  it('lists all that is held where there is no pack', async () => {
    await expect(repairOf({})).resolves.toMatchObject({
      pack_id: 'PP_2024-01-05',
      needed: [
        { kind: 'price', name: 'AAA', last_date: null },
        { kind: 'price', name: 'BBB', last_date: null },
      ],
    });
  });

  it('asks for a restatement of a pack that is there and lacks prices', async () => {
    await sealed(4, 0, [price('BBB', day(4), '1')]);
    await expect(repairOf({ max_staleness_bps: '100' })).resolves.toMatchObject({
      pack_id: 'PP_2024-01-05_D1',
      needed: [{ kind: 'price', name: 'AAA', date: '2024-01-05', last_date: null }],
      build: { body: { asof_date: '2024-01-05', restate: { reason: expect.any(String) } } },
      command: expect.stringMatching(/--asof 2024-01-05 --restate "/),
    });
  });
});

describe('asked again of what passed', () => {
  const passed = async () => {
    const { pack, validUntil } = await ask();
    return { packId: pack.pack_id, validUntil, allowStale: false };
  };
  const again = async (over: object, at: string) =>
    requireStillFresh(store, { ...(await passed()), ...over }, new Date(at));

  it('passes until valid_until, and no longer', async () => {
    await sealed(4);
    await expect(again({}, '2024-01-10T23:59:59.999Z')).resolves.toBeUndefined();
    await expect(again({}, '2024-01-11T00:00:00Z')).rejects.toMatchObject({
      code: 'pack_not_fresh',
      message:
        'PP_2024-01-05 is stale: its prices are too old since 2024-01-11T00:00:00.000Z; submit the run again',
    });
  });

  it('refuses a pack that was superseded or marked stale meanwhile, unless stale is allowed', async () => {
    const first = await sealed(4);
    const own = await passed();
    const second = await sealed(4, 1);
    await expect(requireStillFresh(store, own, new Date(NOW))).rejects.toMatchObject({
      code: 'pack_not_fresh',
      extensions: { pack_id: first, superseded_by: second },
    });
    await expect(
      requireStillFresh(store, { ...own, allowStale: true }, new Date(NOW)),
    ).resolves.toBeUndefined();
    await store.markStale(second);
    await expect(requireStillFresh(store, { ...own, packId: second }, new Date(NOW))).rejects.toMatchObject({
      message: expect.stringContaining('it was marked stale'),
    });
  });
});

it('reads a portfolio’s worth once, however often and by however many it is asked', async () => {
  await sealed(4);
  let loads = 0;
  const packs = createPackCache({
    load: (id) => {
      loads += 1;
      return store.load(id);
    },
  });
  const gate = gateAt(NOW, { loadPack: (id) => packs.load(id) });
  const question = { terms: terms(), ledgerCommitHash: COMMIT, portfolioId: 'growth' };
  const [first] = await Promise.all(Array.from({ length: 20 }, () => gate.ask(question)));
  const again = await gate.ask(question);
  expect(loads).toBe(1);
  expect(again).toEqual(first);
  await gate.ask({ ...question, terms: terms({ max_staleness_bps: '1' }) });
  expect(loads).toBe(1);
});

it('takes the day that is set for today to its last moment', async () => {
  await sealed(4);
  const { freshness } = await ask({ at: `${isoDate('2024-01-10')}T23:59:59.999Z` });
  expect(freshness.asked).toBe('2024-01-10');
});

describe('what the gate keeps', () => {
  /** Collects all that nothing holds. */
  const collect = async (): Promise<void> => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    for (let turn = 0; turn < 5; turn += 1) {
      await new Promise(setImmediate);
      gc();
    }
  };

  it('is no pack: each pack that it judged is gone once its cache has let it go', async () => {
    const alive: WeakRef<PricingPack>[] = [];
    const kept = new Map<string, PricingPack>();
    const ids = Array.from({ length: 12 }, (_, index) => `PP_2024-01-${String(index + 10)}`);
    const summaryOf = (id: string) =>
      ({
        pack_id: id,
        asof_date: id.slice(3),
        policy: 'CLOSE',
        status: 'fresh',
        content_hash: 'a',
        superseded_by: null,
      }) as PackSummary;
    const gate = createFreshnessGate({
      store: {
        find: async (id) => summaryOf(id),
        newest: async () => undefined,
        newestOnOrBefore: async () => undefined,
      },
      loadPack: async (id) => {
        const known = kept.get(id);
        if (known !== undefined) return known;
        const pack = createPricingPack({
          id,
          hash: sha256Hex(id),
          asofDate: isoDate(id.slice(3)),
          series: [{ kind: 'price', name: 'AAA', text: '2024-01-02 100 USD test-close' }],
        });
        alive.push(new WeakRef(pack));
        kept.set(id, pack);
        for (const oldest of [...kept.keys()].slice(0, -2)) kept.delete(oldest);
        return pack;
      },
      loadLedger: async () => snapshot,
      freshness: { maxAgeBusinessDays: 3, markets },
      now: () => new Date(NOW),
    });
    for (const id of ids) {
      await gate.ask({ terms: terms({ pack_id: id }), ledgerCommitHash: COMMIT, portfolioId: 'growth' });
    }
    await collect();
    expect(alive).toHaveLength(12);
    expect(alive.filter((pack) => pack.deref() !== undefined)).toHaveLength(2);
  });
});
