import { startPolling, type Database } from '@dawsos/database';
import { pruneRuns } from '@dawsos/runs';
import type { WorkerContext } from './variables';

const HOUR_MS = 3_600_000;
/** Within which a worker prunes for the first time: soon enough for one that lives for minutes only. */
const FIRST_WITHIN_MS = 30_000;

export interface RetentionTimes {
  readonly firstWithinMs?: number;
}

/**
 * Removes what is older than is kept: soon after the start, then each hour. Workers that do so at once share the rows;
 * the spread of the first times keeps many that start together apart. A shutdown ends it between two batches.
 */
export function keepRetention(
  context: Pick<WorkerContext, 'shutdown'> & {
    readonly observability: Pick<WorkerContext['observability'], 'logger' | 'pii'>;
    readonly configuration: Pick<WorkerContext['configuration'], 'RUN_RETENTION_DAYS'>;
  },
  database: Database,
  { firstWithinMs = FIRST_WITHIN_MS }: RetentionTimes = {},
): void {
  const { logger, pii } = context.observability;
  const days = context.configuration.RUN_RETENTION_DAYS;
  const pruning = startPolling(
    async (signal) => {
      const { runs, stepTraces } = await pruneRuns({ database, runDays: days, stepTraceDays: days, signal });
      logger.info('retention', pii.fields({ runs, step_traces: stepTraces }));
    },
    {
      firstMs: firstWithinMs * Math.random(),
      intervalMs: HOUR_MS,
      onError: (error) => logger.warn('retention failed', pii.fields({ error: pii.error(error) })),
    },
  );
  context.shutdown.push('retention', () => pruning.close());
}
