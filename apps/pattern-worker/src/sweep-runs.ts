import { PATTERN_QUEUE, type PatternJob } from '@dawsos/contracts';
import type { Database } from '@dawsos/database';
import { createJobQueue, type QueueBackend } from '@dawsos/queue';
import { createSweeper } from '@dawsos/runs';
import type { WorkerContext } from './variables';

/** Each worker looks for open runs that have no job; they share the work. Without a worker there is nothing to do. */
export function sweepRuns(context: WorkerContext, database: Database, backend: QueueBackend): void {
  const { logger, pii } = context.observability;
  const queue = createJobQueue<PatternJob>({ backend, name: PATTERN_QUEUE, logger, pii });
  context.shutdown.push('sweeper queue', () => queue.close());
  const sweeper = createSweeper({
    database,
    queue: { restore: (jobs) => queue.restore(jobs.map((job) => ({ ...job, id: job.data.run_id }))) },
    onRestored: (jobs) => logger.info('jobs added again', pii.fields({ jobs })),
    onError: (error) => logger.warn('sweep failed', pii.fields({ error: pii.error(error) })),
  });
  context.shutdown.push('sweeper', () => sweeper.close());
}
