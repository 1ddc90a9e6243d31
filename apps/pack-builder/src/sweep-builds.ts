import type { PackQueueJob } from '@dawsos/contracts';
import { startPolling, type Poller } from '@dawsos/database';
import type { Logger, PiiFilter } from '@dawsos/observability';
import type { PackBuilds } from '@dawsos/pricing';
import type { JobQueue } from '@dawsos/queue';

export interface BuildSweeperOptions {
  readonly builds: PackBuilds;
  /** What this builder builds from: builds of others are left to theirs. */
  readonly sources?: string | undefined;
  readonly queue: Pick<JobQueue<PackQueueJob>, 'restore'>;
  /** Sets the nightly schedule again, which a queue that lost its data has lost too. */
  readonly keepSchedule: () => Promise<void>;
  readonly logger: Logger;
  readonly pii: PiiFilter;
  readonly intervalMs?: number;
}

const INTERVAL_MS = 1_000;
/** When a build that was looked at is looked at again. */
const RECHECK_MS = 5_000;
const SCHEDULE_MS = 60_000;

/** Gives every open build that should have a job its job, whatever became of the first one. Never ends a build. */
export function sweepBuilds(options: BuildSweeperOptions): Poller {
  const { builds, queue, logger, pii, intervalMs = INTERVAL_MS } = options;
  let scheduled = performance.now();

  async function sweep(): Promise<void> {
    const jobs = await builds.due(RECHECK_MS, options.sources);
    const restored =
      jobs.length === 0 ? 0 : await queue.restore(jobs.map((job) => ({ ...job, id: job.data.build_id })));
    if (restored > 0) logger.info('jobs of pack builds restored', pii.fields({ jobs: restored }));
    if (performance.now() - scheduled < SCHEDULE_MS) return;
    scheduled = performance.now();
    await options.keepSchedule();
  }

  return startPolling(sweep, {
    intervalMs,
    onError: (error) => logger.warn('pack builds not swept', pii.fields({ error: pii.error(error) })),
  });
}
