export interface StopSignals {
  readonly first: Promise<void>;
  readonly second: Promise<void>;
  /** Aborted with the first signal. */
  readonly aborted: AbortSignal;
  received(): NodeJS.Signals | undefined;
  close(): void;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Takes over Ctrl-C, SIGTERM and SIGHUP until it is closed. */
export function awaitStopSignal(): StopSignals {
  const first = new AbortController();
  const second = new AbortController();
  let received: NodeJS.Signals | undefined;

  function onSignal(signal: NodeJS.Signals): void {
    if (received !== undefined) second.abort();
    received ??= signal;
    first.abort();
  }

  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    first: aborted(first.signal),
    second: aborted(second.signal),
    aborted: first.signal,
    received: () => received,
    close: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
