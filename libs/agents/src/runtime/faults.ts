import { DawsosError, type ErrorCode, isDawsosError, type StepInvocation } from '@dawsos/contracts';
import type { Route } from './registry';

const NOT_THE_AGENTS: readonly ErrorCode[] = ['circuit_open', 'run_cancelled', 'lock_lost', 'shutting_down'];

/** Whether a breaker counts it: a fault of the agent, not of the request, of missing data, or of the run's end. */
export function isAgentFault(error: unknown): boolean {
  if (!isDawsosError(error)) return true;
  return error.entry.status >= 500 && !NOT_THE_AGENTS.includes(error.code);
}

/** What an agent threw as one of ours: kept when it is, else `agent_failed`, its message left to the cause. */
export function asStepError(
  error: unknown,
  { agent }: Route,
  { stepId, capability }: StepInvocation,
): DawsosError {
  if (isDawsosError(error)) return error;
  return new DawsosError(
    'agent_failed',
    `step "${stepId}": the agent ${agent.name} failed in ${capability}`,
    {
      cause: error,
      extensions: { step_id: stepId, capability },
    },
  );
}

export function stepTimeout({ stepId, capability }: StepInvocation, timeoutMs: number): DawsosError {
  return new DawsosError(
    'step_timeout',
    `step "${stepId}" (${capability}) took longer than ${timeoutMs} ms`,
    {
      extensions: { step_id: stepId, capability },
    },
  );
}

/** The reason of an aborted signal as an error of ours. */
export function abortReason(signal: AbortSignal): DawsosError {
  const reason: unknown = signal.reason;
  return isDawsosError(reason)
    ? reason
    : new DawsosError('run_cancelled', 'the run was cancelled', { cause: reason });
}
