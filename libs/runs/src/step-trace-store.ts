import type { Read, StepTrace, StepTraceStore } from '@dawsos/contracts';
import { withStore, type Database } from '@dawsos/database';

const TRACES_OF_A_KEY = 8;

const FIND = `
  select trace_key, capability, agent_version, args_hash, reads, reads_hash, result from step_trace
  where trace_key = $1 order by used_at desc, reads_hash limit ${TRACES_OF_A_KEY}`;

const SAVE = `
  insert into step_trace (trace_key, reads_hash, capability, agent_version, args_hash, reads, result)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (trace_key, reads_hash) do update set used_at = now()`;

interface TraceRow {
  readonly trace_key: string;
  readonly capability: string;
  readonly agent_version: string;
  readonly args_hash: string;
  readonly reads: readonly Read[];
  readonly reads_hash: string;
  readonly result: string;
}

/** Results of steps shared by all workers. A trace that is there already is only marked as used. */
export function createStepTraceStore(database: Database): StepTraceStore {
  return {
    find: async (key) => {
      const { rows } = await withStore(() =>
        database.pool.query<TraceRow>({ name: 'find_step_traces', text: FIND, values: [key] }),
      );
      return rows.map(toTrace);
    },
    save: async (trace) => {
      const values = [
        trace.key,
        trace.readsHash,
        trace.capability,
        trace.agentVersion,
        trace.argsHash,
        JSON.stringify(trace.reads),
        trace.resultJson,
      ];
      await withStore(() => database.pool.query({ name: 'save_step_trace', text: SAVE, values }));
    },
  };
}

function toTrace(row: TraceRow): StepTrace {
  return {
    key: row.trace_key,
    capability: row.capability,
    agentVersion: row.agent_version,
    argsHash: row.args_hash,
    reads: row.reads,
    readsHash: row.reads_hash,
    resultJson: row.result,
  };
}
