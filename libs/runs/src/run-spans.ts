import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@dawsos/contracts';
import { withStore, type Database } from '@dawsos/database';
import { isRunId } from './run-reads';

/** What one process saw of a run's trace; kept so that a run can be shown without a tracing backend. */
export interface RunSpanStore {
  /** Keeps filtered spans; of a run that is gone, or that has its fill, none. Big integers are kept as text. */
  save(runId: string, spans: readonly object[]): Promise<void>;
  /** `undefined`: no such run. */
  find(principalId: string, runId: string): Promise<readonly JsonObject[] | undefined>;
}

const SPANS_AT_ONCE = 1_000;
/** Parts of a run: each attempt, and each process, adds one or a few. */
const PARTS_OF_A_RUN = 40;

const SAVE = `
  insert into run_spans (run_id, part, spans)
  select run_id, $2, $3::json from run where run_id = $1
    and (select count(*) from run_spans s where s.run_id = $1) < ${PARTS_OF_A_RUN}`;

const FIND = `
  select s.spans from run r left join run_spans s on s.run_id = r.run_id
  where r.run_id = $1 and r.principal_id = $2 order by s.created_at, s.part`;

export function createRunSpanStore(database: Database): RunSpanStore {
  return {
    save: async (runId, spans) => {
      if (spans.length === 0 || !isRunId(runId)) return;
      const json = JSON.stringify(spans.slice(0, SPANS_AT_ONCE), (_key, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      );
      await withStore(() => database.pool.query(SAVE, [runId, randomUUID(), json]));
    },
    find: async (principalId, runId) => {
      if (!isRunId(runId)) return undefined;
      const { rows } = await withStore(() =>
        database.pool.query<{ spans: readonly JsonObject[] | null }>(FIND, [runId, principalId]),
      );
      return rows.length === 0 ? undefined : rows.flatMap((row) => row.spans ?? []);
    },
  };
}
