import { randomUUID } from 'node:crypto';
import { WorkerReportSchema, type WorkerReport } from '@dawsos/contracts';
import { createWorkerVitalsStore, type WorkerVitalsStore } from '@dawsos/runs';
import { createTestDatabase, sharedPostgres, type TestDatabase, type SharedPostgres } from '@dawsos/testing';
import { reportVitals } from '../src/vitals';

let postgres: SharedPostgres;
let db: TestDatabase;
beforeAll(async () => {
  postgres = await sharedPostgres();
  db = await createTestDatabase(postgres);
});
afterAll(async () => {
  await db.close();
});

interface Row {
  readonly stopped_at: Date | null;
  readonly report: WorkerReport;
}

async function read(workerId: string): Promise<Row | undefined> {
  const { rows } = await db.database.pool.query<{ stopped_at: Date | null; report: unknown }>(
    'select stopped_at, report from worker_vitals where worker_id = $1',
    [workerId],
  );
  return rows[0] && { stopped_at: rows[0].stopped_at, report: WorkerReportSchema.parse(rows[0].report) };
}

/** A store that tells when each report has been written. */
function heard(store: WorkerVitalsStore) {
  let next = Promise.withResolvers<void>();
  const reports: WorkerVitalsStore = {
    ...store,
    async report(workerId, report) {
      await store.report(workerId, report);
      next.resolve();
      next = Promise.withResolvers();
    },
  };
  return { reports, nextReport: () => next.promise };
}

function blockTheLoop(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('a worker leaves in the database how its event loop, locks and breakers are, and that it stopped', async () => {
  const workerId = `pod:${randomUUID()}`;
  const { reports, nextReport } = heard(createWorkerVitalsStore(db.database));
  const errors: unknown[] = [];
  const renewed = new Date('2025-10-22T12:00:00Z');
  const vitals = reportVitals({
    store: reports,
    workerId,
    jobs: () => ({ activeJobs: 2, locksRenewedAt: renewed, lockRenewalsFailed: [] }),
    breakers: () => [{ agentName: 'macro', state: 'half_open' }],
    settings: { concurrency: 4, lockSeconds: 30, maxAttempts: 5 },
    onError: (error) => errors.push(error),
    intervalMs: 50,
  });
  await nextReport();
  expect((await read(workerId))?.report).toMatchObject({
    concurrency: 4,
    active_jobs: 2,
    lock_seconds: 30,
    max_attempts: 5,
    locks_renewed_at: renewed.toISOString(),
    breakers: [{ agent_name: 'macro', state: 'half_open' }],
  });
  blockTheLoop(900);
  // the first may have been on its way before
  await nextReport();
  await nextReport();
  const seen = (await read(workerId))?.report.event_loop_blocks ?? [];
  expect(seen.filter(({ ms }) => ms >= 850 && ms < 10_000)).not.toEqual([]);
  await vitals.stop();
  expect((await read(workerId))?.stopped_at).toBeInstanceOf(Date);
  expect(errors).toEqual([]);
});
