import { DawsosError, toDawsosError } from '@dawsos/contracts';
import type { MetricsRegistry } from '@dawsos/observability';
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { isAgentFault } from './faults';

export interface BreakerOptions {
  /** Faults of an agent in a row that open its circuit. */
  readonly failures: number;
  /** How long it stays open before one call tries again. */
  readonly halfOpenAfterMs: number;
}

export type BreakerMetrics = Pick<
  MetricsRegistry,
  'recordCircuitBreakerState' | 'recordCircuitBreakerFailure'
>;

export interface AgentBreaker {
  readonly state: 'closed' | 'open' | 'half_open';
  /** @throws DawsosError `circuit_open`, or what `fn` threw. */
  execute<T>(fn: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** The circuit breaker of one agent: closed → open after faults in a row → half open → closed or open again. */
export function createBreaker(
  agentName: string,
  options: BreakerOptions,
  metrics: BreakerMetrics,
): AgentBreaker {
  // A trial that was cut short proves nothing: it opens the circuit again rather than close it.
  const handled = (error: unknown): boolean => isAgentFault(error) || policy.state === CircuitState.HalfOpen;
  const policy = circuitBreaker(handleWhen(handled), {
    halfOpenAfter: options.halfOpenAfterMs,
    breaker: new ConsecutiveBreaker(options.failures),
  });
  policy.onStateChange((state) => metrics.recordCircuitBreakerState(agentName, nameOf(state)));
  metrics.recordCircuitBreakerState(agentName, 'closed');
  return {
    get state() {
      return nameOf(policy.state);
    },
    async execute(fn, signal) {
      try {
        return await policy.execute(fn, signal);
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw circuitOpen(agentName, options);
        if (isAgentFault(error)) metrics.recordCircuitBreakerFailure(agentName);
        throw error instanceof Error ? error : toDawsosError(error, 'agent_failed');
      }
    },
  };
}

function nameOf(state: CircuitState): AgentBreaker['state'] {
  switch (state) {
    case CircuitState.Closed:
      return 'closed';
    case CircuitState.HalfOpen:
      return 'half_open';
    case CircuitState.Open:
    case CircuitState.Isolated:
      return 'open';
  }
}

function circuitOpen(agentName: string, { failures, halfOpenAfterMs }: BreakerOptions): DawsosError {
  const seconds = Math.ceil(halfOpenAfterMs / 1000);
  return new DawsosError(
    'circuit_open',
    `the agent ${agentName} failed ${failures} times in a row; it is tried again after ${seconds} s`,
    { retryAfterSeconds: seconds, extensions: { agent_name: agentName } },
  );
}
