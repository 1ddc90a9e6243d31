import type { GateTerms } from '@dawsos/contracts';
import { createPackWait, type NewRun } from '@dawsos/runs';
import { startWorkerRig } from './worker-rig';

jest.setTimeout(120_000);

const TERMS: GateTerms = {
  pack_id: null,
  asof_date: null,
  allow_stale: false,
  max_staleness_bps: null,
  wait_seconds: null,
};
const UNTIL = new Date('2025-10-28T00:00:00Z');

function passed(terms: Partial<GateTerms> = {}, validUntil: Date | null = UNTIL): Partial<NewRun> {
  return { gate: { terms: { ...TERMS, ...terms }, freshness: null, validUntil, awaiting: null } };
}

describe('the gate, asked again when a worker takes the job', () => {
  let rig: Awaited<ReturnType<typeof startWorkerRig>>;
  beforeAll(async () => {
    rig = await startWorkerRig();
  });
  afterAll(() => rig.stop());

  async function runAt(now: Date, own: Partial<NewRun>) {
    const worker = await rig.startWorker({ now: () => now });
    const runId = await rig.accept(worker.patterns, 'portfolio_overview', {}, null, own);
    await worker.attempt(runId).catch(() => undefined);
    return rig.get(runId);
  }

  test('a run whose pack is still fresh goes on', async () => {
    await expect(runAt(new Date(UNTIL.getTime() - 1), passed())).resolves.toMatchObject({
      status: 'succeeded',
      valid_until: UNTIL.toISOString(),
    });
  });

  test('one whose pack has grown too old fails for good, and says so', async () => {
    await expect(runAt(UNTIL, passed())).resolves.toMatchObject({
      status: 'failed',
      attempts: 1,
      error: {
        code: 'pack_not_fresh',
        retryable: false,
        detail: expect.stringContaining('its prices are too old since 2025-10-28T00:00:00.000Z'),
      },
    });
  });

  test('valid_until does not touch the result: the same bytes with and without', async () => {
    const [bound, free] = [
      await runAt(new Date(UNTIL.getTime() - 1), passed()),
      await runAt(new Date(UNTIL.getTime() - 1), passed({}, null)),
    ];
    expect(bound.data_hash).toBe(free.data_hash);
    expect(await rig.result(bound.run_id)).toBe(await rig.result(free.run_id));
  });

  test('one whose pack was superseded fails, passes where stale is allowed, and waits where it asked to', async () => {
    const worker = await rig.startWorker();
    const accept = (own: Partial<NewRun>) => rig.accept(worker.patterns, 'portfolio_overview', {}, null, own);
    const [plain, tolerant, patient] = [
      await accept(passed()),
      await accept(passed({ allow_stale: true }, null)),
      await accept(passed({ wait_seconds: 600 })),
    ];
    const second = await rig.restate();
    for (const runId of [plain, tolerant, patient]) await worker.attempt(runId).catch(() => undefined);

    await expect(rig.get(plain)).resolves.toMatchObject({
      status: 'failed',
      error: { code: 'pack_not_fresh', superseded_by: second.pack_id },
    });
    await expect(rig.get(tolerant)).resolves.toMatchObject({
      status: 'succeeded',
      pricing_pack_id: rig.pack.pack_id,
    });
    await expect(rig.get(patient)).resolves.toMatchObject({
      status: 'accepted',
      awaiting: { pack_id: second.pack_id },
    });

    const wait = createPackWait({
      ...rig.packWait(),
      requestBuilds: () => Promise.reject(new Error('no build is needed')),
      enqueue: async () => undefined,
      docsUrl: '/docs/errors',
      intervalMs: 3_600_000,
    });
    await expect(wait.look()).resolves.toBe(1);
    await wait.close();
    await worker.attempt(patient);
    await expect(rig.get(patient)).resolves.toMatchObject({
      status: 'succeeded',
      pricing_pack_id: second.pack_id,
      attempts: 2,
    });
  });
});
