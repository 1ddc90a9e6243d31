import { settlesWithin } from '@dawsos/resilience';

export interface ReadinessReport {
  readonly ready: boolean;
  /** Each check by name: true when it passed. */
  readonly checks: Readonly<Record<string, boolean>>;
}

export interface Readiness {
  /** `check` resolves when the dependency can be used and rejects (or is late) when not. */
  add(name: string, check: () => Promise<void>): void;
  open(): void;
  /** From now on not ready: load balancers take the process out before it stops. */
  close(): void;
  check(): Promise<ReadinessReport>;
}

const CHECK_TIMEOUT_MS = 1_000;

export function createReadiness(): Readiness {
  const checks = new Map<string, () => Promise<void>>();
  let state: 'starting' | 'open' | 'closed' = 'starting';

  return {
    add: (name, check) => void checks.set(name, check),
    open: () => {
      if (state === 'starting') state = 'open';
    },
    close: () => {
      state = 'closed';
    },
    async check() {
      const results = await Promise.all(
        [...checks].map(
          async ([name, check]) => [name, await settlesWithin(check, CHECK_TIMEOUT_MS)] as const,
        ),
      );
      const report = { started: state === 'open', ...Object.fromEntries(results) };
      return { ready: Object.values(report).every(Boolean), checks: report };
    },
  };
}
