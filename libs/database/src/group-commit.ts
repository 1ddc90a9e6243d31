export interface GroupCommitOptions<Item, Answer> {
  /** Handles a whole batch; the answers stand in the order of the items. */
  commit(items: readonly Item[]): Promise<readonly Answer[]>;
  readonly maxBatch: number;
  /** Batches under way at once: with two, one is on the wire while the next one gathers. */
  readonly maxInFlight: number;
  /** Whether a failed batch is tried again item by item, so that one bad item fails alone. */
  isolates(error: unknown): boolean;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Whoever calls while a batch is under way waits for the next one and shares it. No timer: an idle caller goes at once.
 * An item whose signal aborts before its batch has begun is not committed any more.
 */
export function createGroupCommit<Item, Answer>(
  options: GroupCommitOptions<Item, Answer>,
): (item: Item, signal?: AbortSignal) => Promise<Answer> {
  let queue: Waiting<Item, Answer>[] = [];
  let inFlight = 0;
  let scheduled = false;

  function flush(): void {
    scheduled = false;
    while (queue.length > 0 && inFlight < options.maxInFlight) {
      const batch = queue.slice(0, options.maxBatch);
      queue = queue.slice(options.maxBatch);
      inFlight += 1;
      void run(batch).finally(() => {
        inFlight -= 1;
        flush();
      });
    }
  }

  async function run(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      await settle(batch);
    } catch (error) {
      if (batch.length === 1 || !options.isolates(error)) {
        for (const waiting of batch) waiting.reject(error);
        return;
      }
      for (const waiting of batch) await settle([waiting]).catch((alone: unknown) => waiting.reject(alone));
    }
  }

  async function settle(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    const answers = await options.commit(batch.map(({ item }) => item));
    batch.forEach((waiting, index) => {
      const answer = answers[index];
      if (answer === undefined) waiting.reject(new Error('the batch gave no answer for an item'));
      else waiting.resolve(answer);
    });
  }

  return (item, signal) =>
    new Promise<Answer>((resolve, reject) => {
      const waiting = { item, resolve, reject };
      queue.push(waiting);
      signal?.addEventListener('abort', () => (queue = queue.filter((other) => other !== waiting)), {
        once: true,
      });
      // all that arrives in this turn of the event loop goes together
      if (!scheduled) {
        scheduled = true;
        setImmediate(flush);
      }
    });
}
