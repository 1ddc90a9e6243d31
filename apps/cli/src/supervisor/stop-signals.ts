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
  const first = Promise.withResolvers<undefined>();
  const second = Promise.withResolvers<undefined>();
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;

  function onSignal(signal: NodeJS.Signals): void {
    if (received !== undefined) {
      second.resolve(undefined);
      return;
    }
    received = signal;
    controller.abort();
    first.resolve(undefined);
  }

  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    first: first.promise,
    second: second.promise,
    aborted: controller.signal,
    received: () => received,
    close: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
