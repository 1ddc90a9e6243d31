import { randomUUID } from 'node:crypto';
import { isoDate, LOCAL_PRINCIPAL, sha256Hex } from '@dawsos/contracts';
import { createPiiFilter, createSilentLogger } from '@dawsos/observability';
import { createRunExecution, createRuns, pruneRuns, type NewRun } from '@dawsos/runs';
import { createShutdownStack } from '@dawsos/service';
import { createTestDatabase, startPostgres, type TestDatabase, type TestPostgres } from '@dawsos/testing';
import { keepRetention } from '../src/keep-retention';

jest.setTimeout(60_000);

let postgres: TestPostgres;
let db: TestDatabase;
beforeAll(async () => {
  postgres = await startPostgres();
  db = await createTestDatabase(postgres);
});
afterAll(async () => {
  await db.close();
  await postgres.stop();
});

const newRun = (): NewRun => ({
  runId: randomUUID(),
  principal: LOCAL_PRINCIPAL,
  idempotencyKey: null,
  bodyHash: sha256Hex('body'),
  patternId: 'positions',
  patternVersion: '1.0.0',
  inputs: {},
  portfolioId: null,
  asofDate: isoDate('2025-10-22'),
  pricingPackId: 'PP_2025-10-22',
  packHash: sha256Hex('pack'),
  packStatus: 'fresh',
  ledgerCommitHash: 'c'.repeat(40),
  requestId: 'r',
  traceparent: null,
  steps: [],
  requiredPermissions: [],
});

/** Runs that ended longer ago than is kept. */
async function endedLongAgo(count: number): Promise<void> {
  const runs = createRuns({ database: db.database, enqueue: () => Promise.resolve() });
  const execution = createRunExecution({ database: db.database, maxAttempts: 1, docsUrl: '/docs/errors' });
  const { runId } = await runs.accept(newRun());
  await execution.start(runId, { workerId: 'w', traceparent: null });
  const error = { type: '/docs/errors#step_failed', title: 'Failed', status: 500, code: 'step_failed' };
  await execution.finish(runId, 1, { status: 'failed', error: error as never, provenance: null });
  await runs.close();
  const { pool } = db.database;
  await pool.query("update run set finished_at = now() - interval '91 days' where run_id = $1", [runId]);
  const { rows } = await pool.query<{ columns: string }>(
    `select string_agg(quote_ident(column_name), ', ') as columns from information_schema.columns
     where table_schema = current_schema() and table_name = 'run' and column_name <> 'run_id' and is_generated = 'NEVER'`,
  );
  const columns = rows[0]!.columns;
  await pool.query(
    `insert into run (run_id, ${columns}) select gen_random_uuid(), ${columns} from run, generate_series(2, $1::int)`,
    [count],
  );
}

const left = async (): Promise<number> =>
  Number((await db.database.pool.query<{ count: string }>('select count(*) from run')).rows[0]!.count);

test('a worker prunes soon after its start, so that one which lives for minutes does so too', async () => {
  await endedLongAgo(3);
  const shutdown = createShutdownStack();
  const context = {
    shutdown,
    configuration: { RUN_RETENTION_DAYS: 90 },
    observability: { logger: createSilentLogger(), pii: createPiiFilter() },
  };
  keepRetention(context, db.database, { firstWithinMs: 0 });
  const deadline = Date.now() + 10_000;
  while ((await left()) > 0 && Date.now() < deadline) await new Promise(setImmediate);
  expect(await left()).toBe(0);
  expect(await shutdown.run(10_000)).toEqual([]);
});

test('pruning that is told to stop begins no further batch', async () => {
  await endedLongAgo(1_200);
  const stopping = new AbortController();
  const { pool } = db.database;
  const query = pool.query.bind(pool);
  const watched = Object.create(pool, {
    query: {
      value: (...given: Parameters<typeof query>) => {
        stopping.abort();
        return query(...given);
      },
    },
  }) as typeof pool;
  const database = { ...db.database, pool: watched };
  await pruneRuns({ database, runDays: 90, stepTraceDays: 90, signal: stopping.signal });
  expect(await left()).toBe(700);
});
