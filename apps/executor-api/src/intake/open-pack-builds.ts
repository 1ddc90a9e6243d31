import { PACK_QUEUE, type PackQueueJob } from '@dawsos/contracts';
import type { Database } from '@dawsos/database';
import { createPackBuilds, type BuildPins, type PackBuilds } from '@dawsos/pricing';
import { createJobQueue, queueBackendFor, type QueueConfiguration } from '@dawsos/queue';
import type { ServiceContext } from '@dawsos/service';

type Context = Pick<ServiceContext<never>, 'observability' | 'shutdown'> & {
  readonly configuration: QueueConfiguration;
};

/** The queue may be away: a build is asked for once it is committed, and the builder's sweeper adds its job later. */
export function openPackBuilds(
  { configuration, observability, shutdown }: Context,
  database: Database,
  pins: () => Promise<BuildPins>,
): PackBuilds {
  const { logger, pii } = observability;
  const backend = queueBackendFor(configuration);
  shutdown.push('pack queue connections', () => backend.close());
  const queue = createJobQueue<PackQueueJob>({ backend, name: PACK_QUEUE, logger, pii });
  shutdown.push('pack queue', () => queue.close());
  return createPackBuilds({
    database,
    pins,
    enqueue: (jobs) => queue.enqueue(jobs.map((job) => ({ ...job, id: job.data.build_id }))),
    onEnqueueFailed: (error) =>
      logger.warn('a pack build is left to the sweeper', pii.fields({ error: pii.error(error) })),
  });
}
