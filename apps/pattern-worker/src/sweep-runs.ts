import type { PatternJob } from '@dawsos/contracts';
import type { Database } from '@dawsos/database';
import type { JobQueue } from '@dawsos/queue';
import { createSweeper } from '@dawsos/runs';
import type { WorkerContext } from './variables';

/** One of all workers looks for open runs that have no job. Without a worker there is nothing to do. */
export function sweepRuns(context: WorkerContext, database: Database, queue: JobQueue<PatternJob>): void {
  const { logger, pii } = context.observability;
  const sweeper = createSweeper({
    database,
    queue: {
      restore: (jobs) => queue.restore(jobs.map((job) => ({ ...job, id: job.data.run_id }))),
      check: () => queue.check(),
    },
    onRestored: (jobs) => logger.info('jobs added again', pii.fields({ jobs })),
    onError: (error) => logger.warn('sweep failed', pii.fields({ error: pii.error(error) })),
  });
  context.shutdown.push('sweeper', () => sweeper.close());
}
