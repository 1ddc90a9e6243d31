import type { Job } from 'bullmq';

/**
 * When a worker could first have taken the job, in milliseconds: a delay that was asked for is not waiting. BullMQ
 * sets `delay` to 0 as it promotes a job (promoteDelayedJobs), so only the options still know what it was.
 */
export function takableSince(job: Pick<Job, 'timestamp' | 'opts'>): number {
  return job.timestamp + (job.opts.delay ?? 0);
}
