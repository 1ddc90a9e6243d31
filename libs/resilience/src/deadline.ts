/**
 * Runs `work` with a signal that aborts after `timeoutMs` or with `outer`, and settles no later than that, even
 * if `work` does not listen.
 * @throws what `onTimeout` makes, or `onAbort` of the outer signal.
 */
export async function withDeadline<T>(
  { timeoutMs, outer }: { readonly timeoutMs: number; readonly outer?: AbortSignal },
  faults: { onTimeout(): Error; onAbort?(): Error },
  work: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const aborted = (): Error => faults.onAbort?.() ?? (outer?.reason as Error);
  if (outer?.aborted === true) throw aborted();
  const controller = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), {
      once: true,
    });
  });
  stopped.catch(() => undefined);
  const onOuter = (): void => controller.abort(aborted());
  const timer = setTimeout(() => controller.abort(faults.onTimeout()), timeoutMs);
  outer?.addEventListener('abort', onOuter, { once: true });
  try {
    return await Promise.race([stopped, work(controller.signal)]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', onOuter);
  }
}

/** Waits for `work` no longer than `timeoutMs`: true when it ended well by then. Never throws. */
export async function settlesWithin(work: () => unknown, timeoutMs: number): Promise<boolean> {
  try {
    await withDeadline({ timeoutMs: Math.max(0, timeoutMs) }, { onTimeout: () => new Error('late') }, work);
    return true;
  } catch {
    return false;
  }
}
