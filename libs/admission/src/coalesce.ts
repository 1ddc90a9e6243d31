interface Running<Result> {
  readonly current: Promise<Result>;
  next?: Promise<Result>;
}

/**
 * Runs at most one `work` per key at a time. A call made while one runs shares the one after it, never that one,
 * so that its answer is from after the call: many submissions cost few look-ups, and none sees the past.
 */
export function createCoalescer<Result>(): (key: string, work: () => Promise<Result>) => Promise<Result> {
  const running = new Map<string, Running<Result>>();

  function start(key: string, work: () => Promise<Result>): Promise<Result> {
    const entry: Running<Result> = { current: work() };
    running.set(key, entry);
    const settle = () => {
      if (entry.next === undefined) running.delete(key);
    };
    entry.current.then(settle, settle);
    return entry.current;
  }

  return (key, work) => {
    const entry = running.get(key);
    if (entry === undefined) return start(key, work);
    entry.next ??= entry.current.then(ignore, ignore).then(() => start(key, work));
    return entry.next;
  };
}

function ignore(): void {
  return undefined;
}
