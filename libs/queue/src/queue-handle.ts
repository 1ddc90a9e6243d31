import { DawsosError } from '@dawsos/contracts';
import { settlesWithin, withDeadline } from '@dawsos/resilience';
import type { OpenQueue } from './backend';

/** A queue of BullMQ's that is made anew after a call which failed or came late, and its connection with it. */
export interface QueueHandle {
  /** @throws DawsosError `queue_unavailable`, within seconds */
  use<T>(call: (queue: OpenQueue) => Promise<T>): Promise<T>;
  /** Never hangs. */
  close(): Promise<void>;
}

const CALL_TIMEOUT_MS = 3_000;
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * BullMQ keeps the failure of its first command for good, and a half-open connection of a producer is dropped by nobody:
 * either is the end of a queue object, so none outlives a failure.
 */
export function createQueueHandle(open: () => OpenQueue): QueueHandle {
  let current: OpenQueue | undefined;
  const discarding = new Set<Promise<unknown>>();

  function discard(queue: OpenQueue): void {
    if (queue !== current) return;
    current = undefined;
    const closing = end(queue).finally(() => discarding.delete(closing));
    discarding.add(closing);
  }

  async function end(queue: OpenQueue): Promise<void> {
    await settlesWithin(() => queue.close(), CLOSE_TIMEOUT_MS);
    await settlesWithin(() => queue.disconnect(), CLOSE_TIMEOUT_MS);
    await settlesWithin(() => queue.release(), CLOSE_TIMEOUT_MS);
  }

  return {
    async use(call) {
      const queue = (current ??= open());
      const late = { onTimeout: () => new Error('the queue gave no answer in time') };
      try {
        return await withDeadline({ timeoutMs: CALL_TIMEOUT_MS }, late, () => call(queue));
      } catch (cause) {
        discard(queue);
        throw new DawsosError('queue_unavailable', 'The queue is not reachable.', { cause });
      }
    },
    async close() {
      const queue = current;
      current = undefined;
      await Promise.all([...discarding, ...(queue === undefined ? [] : [end(queue)])]);
    },
  };
}
