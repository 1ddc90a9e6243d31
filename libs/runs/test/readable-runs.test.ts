import { mayReadRun, type RunReader } from '@dawsos/contracts';
import { createTestDatabase, sharedPostgres, type SharedPostgres, type TestDatabase } from '@dawsos/testing';
import { propertyRuns } from '@dawsos/testing/property-runs';
import fc from 'fast-check';
import { createRuns, type Runs } from '../src';
import { newRun } from './fixture';

let postgres: SharedPostgres;
let database: TestDatabase;
let runs: Runs;

beforeAll(async () => {
  postgres = await sharedPostgres();
  database = await createTestDatabase(postgres);
  runs = createRuns({ database: database.database, enqueue: () => Promise.resolve() });
});
afterAll(async () => {
  await runs.close();
  await database.close();
});

const subset = (names: readonly string[]) => fc.subarray([...names]);
const PORTFOLIOS = ['growth', 'income'] as const;
const PERMISSIONS = ['portfolio_read', 'macro_data_read'] as const;

describe('the rule for who may read a run', () => {
  it('is the same in SQL as in the function', async () => {
    const access = fc.record({
      principalId: fc.constantFrom('team', 'other'),
      portfolioId: fc.constantFrom(null, ...PORTFOLIOS),
      requiredPermissions: fc.oneof(fc.constant(null), subset(PERMISSIONS)),
    });
    const reader = fc.record<RunReader>(
      {
        id: fc.constantFrom('team', 'other'),
        portfolios: fc.oneof(fc.constant('*' as const), subset(PORTFOLIOS)),
        permissions: subset(PERMISSIONS),
      },
      { requiredKeys: ['id', 'portfolios'] },
    );
    await fc.assert(
      fc.asyncProperty(access, reader, async (run, asker) => {
        const stored = newRun({
          principal: { id: run.principalId, scopes: [], portfolios: '*' },
          portfolioId: run.portfolioId,
          requiredPermissions: run.requiredPermissions ?? [],
        });
        await runs.accept(stored);
        if (run.requiredPermissions === null)
          await database.database.pool.query('update run set required_permissions = null where run_id = $1', [
            stored.runId,
          ]);
        const found = await runs.get(asker, stored.runId);
        expect(found !== undefined).toBe(mayReadRun(asker, run));
        const page = await runs.list(asker, {}, null, 1);
        expect(page.runs.some(({ run_id }) => run_id === stored.runId)).toBe(mayReadRun(asker, run));
        expect((await runs.requestCancel(asker, stored.runId)) !== undefined).toBe(mayReadRun(asker, run));
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});
