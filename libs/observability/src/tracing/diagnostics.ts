import { diag, DiagLogLevel } from '@opentelemetry/api';
import type { PiiFilter } from '../filtered';
import type { Logger } from '../logger';

const ONE_MINUTE_MS = 60_000;

/** OpenTelemetry's own complaints, such as a collector that is down: one line a minute, with the number of the rest. */
export const routeDiagnostics = (
  logger: Logger,
  pii: PiiFilter,
  now: () => number = Date.now,
): (() => void) => {
  let lastAt = -Infinity;
  let held = 0;
  const warn = (message: string): void => {
    if (now() - lastAt < ONE_MINUTE_MS) {
      held += 1;
      return;
    }
    lastAt = now();
    logger.warn(
      'telemetry is not delivered',
      pii.fields({ detail: message.slice(0, 500), more_like_this: held }),
    );
    held = 0;
  };
  const ignore = (): void => undefined;
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  return () => diag.disable();
};
