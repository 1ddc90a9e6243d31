import { createKeyedHash, withStore, type Database } from '@dawsos/database';
import { createAccept } from './accept';
import { cancelRun } from './cancel';
import { createRunNews } from './run-news';
import { findByIdempotencyKey, getRun, listRuns, runEvents, runResult } from './run-reads';
import { jobOf } from './run-job';
import type { Runs, RunJob } from './run-types';

/** What one principal may have open, unless the configuration says otherwise. */
const MOST_OPEN_RUNS = 20_000;

export interface RunsOptions {
  readonly database: Database;
  /** What one principal may have; a submission beyond is refused. */
  readonly mostOpenRuns?: number | undefined;
  /** Adds the runs' jobs to the queue. May fail: the sweeper adds what is missing. */
  enqueue(jobs: readonly RunJob[]): Promise<unknown>;
  onEnqueueFailed?(error: unknown, jobs: number): void;
  /** How long a submission may take to be stored. Default 4 s. */
  readonly acceptDeadlineMs?: number;
}

export function createRuns(options: RunsOptions): Runs {
  const { database } = options;
  const news = createRunNews(database);
  const hash = createKeyedHash(database);
  const hashed = (principalId: string, key: string): Promise<string> =>
    withStore(() => hash(principalId, key));
  const enqueuing = new Set<Promise<unknown>>();
  const accept = createAccept(
    database,
    (accepted) => {
      // a run that waits for a pack gets its job when that is ready
      const created = accepted.filter(({ run }) => run.gate?.awaiting == null);
      if (created.length === 0) return;
      const adding = options
        .enqueue(created.map(jobOf))
        .catch((error: unknown) => options.onEnqueueFailed?.(error, created.length))
        .finally(() => enqueuing.delete(adding));
      enqueuing.add(adding);
    },
    options.mostOpenRuns ?? MOST_OPEN_RUNS,
    options.acceptDeadlineMs,
  );
  return {
    accept: async (run) => {
      const { idempotencyKey: key, principal } = run;
      return accept(key === null ? run : { ...run, idempotencyKey: await hashed(principal.id, key) });
    },
    findByIdempotencyKey: async (principalId, key) =>
      findByIdempotencyKey(database, principalId, await hashed(principalId, key)),
    get: (reader, runId) => getRun(database, reader, runId),
    list: (reader, filter, after, limit) => listRuns(database, reader, filter, after, limit),
    result: (reader, runId) => runResult(database, reader, runId),
    events: (reader, runId, afterSeq) => runEvents(database, reader, runId, afterSeq),
    requestCancel: (reader, runId) => cancelRun(database, reader, runId),
    waitForNews: (runId, timeoutMs, signal) => news.wait(runId, timeoutMs, signal),
    close: async () => {
      await Promise.allSettled([...enqueuing, news.close()]);
    },
  };
}
