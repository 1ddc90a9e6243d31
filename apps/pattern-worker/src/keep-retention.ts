import type { Database } from '@dawsos/database';
import { pruneRuns } from '@dawsos/runs';
import type { WorkerContext } from './variables';

const HOUR_MS = 3_600_000;

/** Removes, each hour, runs and step results that are older than is kept. Workers that do so at once share the rows. */
export function keepRetention(context: WorkerContext, database: Database): void {
  const { logger, pii } = context.observability;
  const days = context.configuration.RUN_RETENTION_DAYS;
  let pruning = Promise.resolve();
  const timer = setInterval(() => {
    pruning = pruneRuns({ database, runDays: days, stepTraceDays: days }).then(
      ({ runs, stepTraces }) => logger.info('retention', pii.fields({ runs, step_traces: stepTraces })),
      (error: unknown) => logger.warn('retention failed', pii.fields({ error: pii.error(error) })),
    );
  }, HOUR_MS);
  timer.unref();
  context.shutdown.push('retention', async () => {
    clearInterval(timer);
    await pruning;
  });
}
