import type { MetricsRegistry } from '@dawsos/observability';
import type { JobQueue } from './job-queue';

/**
 * Sets dawsos_queue_jobs and dawsos_queue_oldest_waiting_seconds at each scrape. For one process of a deployment
 * only: the figures are the whole queue's, and several exporters would make sums of them wrong.
 */
export function observeQueueDepth(
  name: string,
  queue: Pick<JobQueue<never>, 'depth'>,
  metrics: Pick<MetricsRegistry, 'onScrape' | 'setQueueJobs' | 'setQueueOldestWaiting'>,
): void {
  metrics.onScrape(async () => {
    const { jobs, oldestWaitingSeconds } = await queue.depth();
    for (const [state, count] of Object.entries(jobs)) metrics.setQueueJobs(name, state, count);
    metrics.setQueueOldestWaiting(name, oldestWaitingSeconds);
  });
}
