/**
 * Runs `work` with a signal that aborts after `timeoutMs` or with `outer`, and settles no later than that, even
 * if `work` does not listen.
 * @throws what `onTimeout` makes, or `onAbort` of the outer signal.
 */
export async function withDeadline<T>(
  { timeoutMs, outer }: { readonly timeoutMs: number; readonly outer: AbortSignal },
  faults: { onTimeout(): Error; onAbort(): Error },
  work: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  if (outer.aborted) throw faults.onAbort();
  const controller = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), {
      once: true,
    });
  });
  stopped.catch(() => undefined);
  const onOuter = (): void => controller.abort(faults.onAbort());
  const timer = setTimeout(() => controller.abort(faults.onTimeout()), timeoutMs);
  outer.addEventListener('abort', onOuter, { once: true });
  try {
    return await Promise.race([stopped, work(controller.signal)]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', onOuter);
  }
}
