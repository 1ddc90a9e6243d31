import { randomUUID } from 'node:crypto';
import type { JsonObject, RunReader } from '@dawsos/contracts';
import { withStore, type Database } from '@dawsos/database';
import { IS_READABLE, readerParameters } from './readable-runs';
import { isRunId } from './run-reads';

/** Filtered spans of one run. */
export interface RunSpanPart {
  readonly runId: string;
  readonly spans: readonly object[];
}

/** What one process saw of a run's trace; kept so that a run can be shown without a tracing backend. */
export interface RunSpanStore {
  /** Keeps parts in one statement; of a run that is gone, or that has its fill, none. */
  save(parts: readonly RunSpanPart[]): Promise<void>;
  /** `undefined`: no such run of the reader's. */
  find(reader: RunReader, runId: string): Promise<readonly JsonObject[] | undefined>;
}

const SPANS_AT_ONCE = 1_000;
/** Parts of a run: each attempt, and each process, adds one or a few. */
const PARTS_OF_A_RUN = 40;

const SAVE = `
  insert into run_spans (run_id, part, spans)
  select run_id, part.id, part.spans::json
  from unnest($1::uuid[], $2::text[], $3::text[]) as part (run_id, id, spans) join run using (run_id)
  where (select count(*) from run_spans s where s.run_id = part.run_id) < ${PARTS_OF_A_RUN}`;

const FIND = `
  select s.spans from run r left join run_spans s on s.run_id = r.run_id
  where ${IS_READABLE} and r.run_id = $4 order by s.created_at, s.part`;

export function createRunSpanStore(database: Database): RunSpanStore {
  return {
    save: async (parts) => {
      const kept = parts.filter(({ runId, spans }) => spans.length > 0 && isRunId(runId));
      if (kept.length === 0) return;
      const values = [
        kept.map(({ runId }) => runId),
        kept.map(() => randomUUID()),
        kept.map(({ spans }) => JSON.stringify(spans.slice(0, SPANS_AT_ONCE))),
      ];
      await withStore(() => database.pool.query({ name: 'save_run_spans', text: SAVE, values }));
    },
    find: async (reader, runId) => {
      if (!isRunId(runId)) return undefined;
      const { rows } = await withStore(() =>
        database.pool.query<{ spans: readonly JsonObject[] | null }>(FIND, [
          ...readerParameters(reader),
          runId,
        ]),
      );
      return rows.length === 0 ? undefined : rows.flatMap((row) => row.spans ?? []);
    },
  };
}
