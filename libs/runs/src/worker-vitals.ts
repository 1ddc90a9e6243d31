import { WorkerReportSchema, type WorkerReport } from '@dawsos/contracts';
import { withStore, type Database } from '@dawsos/database';
import type { WorkerFacts } from './explain/facts';

/** Where workers leave what explains the fate of their runs, should they not be there to be asked. */
export interface WorkerVitalsStore {
  /** A new process: what an earlier one of the same name left is over. Rows long silent leave. */
  started(workerId: string, report: WorkerReport): Promise<void>;
  report(workerId: string, report: WorkerReport): Promise<void>;
  /** An orderly stop. */
  stopped(workerId: string): Promise<void>;
}

/** Attempts older than that are explained without their worker. */
const DAYS_KEPT = 7;
/** Workers that reported last are read, those of the run's attempts beside them. */
const MOST_WORKERS = 500;

const STARTED = `
  with old as (delete from worker_vitals where reported_at < now() - interval '${DAYS_KEPT} days')
  insert into worker_vitals (worker_id, report) values ($1, $2)
  on conflict (worker_id) do update
    set started_at = now(), reported_at = now(), stopped_at = null, report = excluded.report`;

const REPORT = `
  insert into worker_vitals (worker_id, report) values ($1, $2)
  on conflict (worker_id) do update set reported_at = now(), report = excluded.report`;

const STOPPED = `update worker_vitals set stopped_at = now(), reported_at = now() where worker_id = $1`;

const READ = `
  select * from worker_vitals where worker_id = any($1::text[]) or worker_id in (
    select worker_id from worker_vitals where reported_at > now() - interval '1 day'
    order by reported_at desc limit ${MOST_WORKERS})`;

interface VitalsRow {
  readonly worker_id: string;
  readonly started_at: Date;
  readonly reported_at: Date;
  readonly stopped_at: Date | null;
  readonly report: unknown;
}

export function createWorkerVitalsStore(database: Database): WorkerVitalsStore {
  const write = async (name: string, text: string, values: unknown[]): Promise<void> => {
    await withStore(() => database.pool.query({ name, text, values }));
  };
  return {
    started: (workerId, report) => write('worker_started', STARTED, [workerId, JSON.stringify(report)]),
    report: (workerId, report) => write('worker_report', REPORT, [workerId, JSON.stringify(report)]),
    stopped: (workerId) => write('worker_stopped', STOPPED, [workerId]),
  };
}

/** Rows that this version cannot read, of an older or newer worker, are left out. */
export async function readWorkers(
  database: Database,
  workerIds: readonly string[],
): Promise<readonly WorkerFacts[]> {
  const { rows } = await withStore(() => database.pool.query<VitalsRow>(READ, [workerIds]));
  return rows.flatMap((row) => {
    const report = WorkerReportSchema.safeParse(row.report);
    if (!report.success) return [];
    return {
      workerId: row.worker_id,
      startedAt: row.started_at,
      reportedAt: row.reported_at,
      stoppedAt: row.stopped_at,
      report: report.data,
    };
  });
}
