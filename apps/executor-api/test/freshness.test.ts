import {
  AcceptedRunSchema,
  PackBuildRequestSchema,
  ProblemSchema,
  RepairOrderSchema,
  RunSchema,
} from '@dawsos/contracts';
import { BODY, PACK_ID, startHarness, type Harness } from './harness';

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.stop());

/** A month after the only pack. */
const LATE = { ...BODY, asof_date: '2025-02-28' };

describe('a pack that is too old', () => {
  it('is answered with 503 and a repair order whose build can be sent as it is', async () => {
    const answer = await api.execute(LATE);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('60');
    const problem = ProblemSchema.parse(await answer.json());
    expect(problem).toMatchObject({
      code: 'pack_not_fresh',
      pack_id: PACK_ID,
      pack_status: 'stale',
      bound_bp: null,
    });
    const repair = RepairOrderSchema.parse(problem['repair']);
    expect(repair.needed).toEqual([
      { kind: 'price', name: 'ACME', date: '2025-02-28', last_date: '2025-01-31' },
    ]);
    expect(PackBuildRequestSchema.parse(repair.build.body)).toEqual({
      asof_date: '2025-02-28',
      wanted: [{ commodity: 'ACME', date: '2025-02-28' }],
    });
    expect(repair.command).toBe('dawsos packs build --asof 2025-02-28');
  });

  it('is refused by basis points where no bound can be stated, and passes where any age is allowed', async () => {
    const limited = await api.execute({ ...LATE, max_staleness_bps: 10_000 });
    expect(limited.status).toBe(503);
    const anyAge = await api.execute({ ...LATE, allow_stale: true });
    expect(AcceptedRunSchema.parse(await anyAge.json())).toMatchObject({ pack_status: 'stale' });
  });

  it('lets a run that asks to wait be accepted: it is shown as waiting, and can be cancelled', async () => {
    const answer = await api.execute({ ...LATE, wait_for_fresh: true, wait_for_fresh_seconds: 60 });
    expect(answer.status).toBe(202);
    const accepted = AcceptedRunSchema.parse(await answer.json());
    expect(accepted).toMatchObject({ status: 'accepted', awaiting: { pack_id: 'PP_2025-02-28' } });
    const read = async () => RunSchema.parse(await (await api.request(accepted.links.self)).json());
    const waiting = await read();
    expect(waiting.awaiting).toEqual(accepted.awaiting);
    const seconds = (Date.parse(waiting.awaiting!.until) - Date.parse(waiting.created_at)) / 1000;
    expect(Math.abs(seconds - 60)).toBeLessThan(10);
    expect(await api.execution.start(accepted.run_id, { workerId: 'w', traceparent: null })).toBeUndefined();
    await api.request(accepted.links.cancel, { method: 'POST' });
    expect(await read()).toMatchObject({ status: 'cancelled' });
  });
});

describe('a fresh pack', () => {
  it('gives the run what the gate found, and until when its result is taken for fresh', async () => {
    const run = RunSchema.parse(await (await api.request(`/v1/runs/${await api.accept()}`)).json());
    // three sessions after Friday 2025-01-31 are over with Wednesday
    expect(run).toMatchObject({
      valid_until: '2025-02-06T00:00:00.000Z',
      freshness: { asked: '2025-01-31', stale_share: '0', bound_bp: '0', needed: [] },
    });
    const named = await api.accept({}, { ...BODY, asof_date: '2025-01-31' });
    expect(RunSchema.parse(await (await api.request(`/v1/runs/${named}`)).json()).valid_until).toBeNull();
  });

  it('is told by /health/pack with its coverage; a pack that is not there is none', async () => {
    const health = await api.request('/health/pack');
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({
      status: 'fresh',
      pack_id: PACK_ID,
      coverage: { needed: 1, fresh: 1, stale: 0, missing: 0 },
    });
    const unknown = await api.request('/health/pack?pack_id=PP_2020-01-01');
    expect([unknown.status, await unknown.json()]).toMatchObject([503, { status: 'none' }]);
  });
});
