import { createTestDatabase, sharedPostgres, type TestDatabase } from '@dawsos/testing';
import { createRuns, type RunJob, type Runs } from '../src';
import { newRun } from './fixture';

let db: TestDatabase;
let runs: Runs;
const jobs: RunJob[] = [];
const of = (id: string, idempotencyKey: string | null = null) =>
  newRun({ principal: { id, scopes: [], portfolios: '*' }, idempotencyKey });

beforeAll(async () => {
  db = await createTestDatabase(await sharedPostgres());
  runs = createRuns({
    database: db.database,
    mostOpenRuns: 3,
    enqueue: async (added) => void jobs.push(...added),
  });
});
afterAll(async () => {
  await runs.close();
  await db.close();
});

describe('the open runs of a principal', () => {
  it('are bounded: one too many is refused until one has finished, and a repeat of one is answered', async () => {
    const accepted = await Promise.all([1, 2, 3].map((n) => runs.accept(of('flood', `key-${String(n)}`))));
    await expect(runs.accept(of('flood'))).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 5,
      extensions: { limit: { name: 'open-runs', quota: 3 } },
    });
    expect(await runs.accept(of('flood', 'key-2'))).toEqual({ ...accepted[1], created: false });
    await expect(runs.accept(of('other'))).resolves.toMatchObject({ created: true });
    await runs.requestCancel({ id: 'flood', portfolios: '*' }, accepted[0]!.runId);
    await expect(runs.accept(of('flood'))).resolves.toMatchObject({ created: true });
  });

  it('have places, by which the queue takes those of all principals in turn', async () => {
    await runs.close();
    const places = jobs.map(({ place }) => place);
    expect(places).toEqual([1, 2, 3, 1, 3]);
    const { rows } = await db.database.pool.query<{ queue_place: number }>(
      'select queue_place from run order by created_at, queue_place',
    );
    expect(rows.map(({ queue_place }) => queue_place)).toEqual(places);
  });
});
