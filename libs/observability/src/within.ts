/** What `work` resolves with, or `late` once the bound has passed. Of this lib's own: it depends on none of ours. */
export const within = async <T>(work: Promise<T>, timeoutMs: number, late: T): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), timeoutMs);
  });
  try {
    return await Promise.race([work, bound]);
  } finally {
    clearTimeout(timer);
  }
};

/** Waits for `work` no longer than the bound; whether it ended well. */
export const settlesWithin = (work: Promise<unknown>, timeoutMs: number): Promise<boolean> => {
  const ended = work.then(
    () => true,
    () => false,
  );
  return within(ended, timeoutMs, false);
};
