import { join } from 'node:path';
import { addDays, isoDate, type Run } from '@dawsos/contracts';
import { ENGINES, startStack, type Stack } from './rig/stack';

const RUNS = 1_000;
const FIRST_DAY = isoDate('2022-12-01');
const bodies = Array.from({ length: RUNS }, (_, index) => ({
  pattern_id: 'holdings',
  portfolio_id: 'growth',
  inputs: { date: addDays(FIRST_DAY, index) },
}));

describe.each(ENGINES)('a thousand executions submitted at once, four workers, on %s', (engine) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      engine,
      workers: 4,
      environment: { PATTERNS_DIR: join(__dirname, 'patterns') },
    });
  });
  afterAll(() => stack.stop());

  /** As a client does: told to come again, it comes again under the same key. */
  async function submit(body: object, index: number): Promise<string> {
    const headers = { 'idempotency-key': `"many-${String(index)}"` };
    for (;;) {
      const answer = await stack.api.execute(body, headers);
      const text = await answer.text();
      if (answer.status === 503) continue;
      expect([answer.status, text]).toEqual([202, expect.any(String)]);
      return (JSON.parse(text) as { run_id: string }).run_id;
    }
  }

  it('give a thousand distinct results: none lost, none doubled', async () => {
    const ids = await Promise.all(bodies.map(submit));
    expect(new Set(ids).size).toBe(RUNS);
    const runs = await stack.api.allFinished(ids, 240_000);
    expect(runs.filter((run) => run.status !== 'succeeded')).toEqual([]);
    expect(runs.map(dayOf)).toEqual(bodies.map((body) => body.inputs.date));
    expect(new Set(runs.map((run) => run.data_hash)).size).toBe(RUNS);
    const { rows } = await stack.database.database.pool.query<{ outcomes: string; finished: string }>(
      `select (select count(*) from run_outcome where run_id = any($1::uuid[])) as outcomes,
        (select count(*) from run_event where type = 'run.finished' and run_id = any($1::uuid[])) as finished`,
      [ids],
    );
    expect(rows).toEqual([{ outcomes: String(RUNS), finished: String(RUNS) }]);
  });

  it('share the work among the workers', async () => {
    const { rows } = await stack.database.database.pool.query<{ workers: string }>(
      'select count(distinct worker_id) as workers from run_attempt',
    );
    expect(Number(rows[0]?.workers)).toBe(4);
  });
});

function dayOf(run: Run): unknown {
  return (run.data as { positions: { asof_date: string } } | undefined)?.positions.asof_date;
}
