import type { Database } from './database';
import { createLease } from './lease';
import { startPolling, type Poller, type PollerOptions } from './poller';

export interface ElectedPollerOptions extends PollerOptions {
  readonly database: Pick<Database, 'pool'>;
  /** The name of what one process alone does. */
  readonly name: string;
  /** Whether this process could do it now. Asked before the lease is: one that could not leaves it to another. */
  readonly ready?: (() => Promise<void>) | undefined;
}

/**
 * Polls in one process of all that do so: the others ask for the lease and do nothing, so that what is polled costs the
 * same however many there are. A look that fails gives the lease back at once.
 */
export function startElectedPolling(
  look: (signal: AbortSignal) => Promise<unknown>,
  { database, name, ready, ...options }: ElectedPollerOptions,
): Poller {
  const lease = createLease(database, name);
  const polling = startPolling(async (signal) => {
    try {
      await ready?.();
      if (await lease.hold()) await look(signal);
    } catch (error) {
      await lease.release().catch(() => undefined);
      throw error;
    }
  }, options);
  return {
    close: async () => {
      await polling.close();
      await lease.release().catch(() => undefined);
    },
  };
}
