import type { JsonObject, JsonValue, StepRecord } from '@dawsos/contracts';

/** One step, its templates resolved, ready to be routed to an agent. */
export interface StepInvocation {
  readonly stepIndex: number;
  readonly stepId: string;
  readonly capability: string;
  readonly args: JsonObject;
  readonly dependsOn: readonly string[];
  readonly timeoutMs: number | undefined;
  readonly retries: number | undefined;
  readonly signal: AbortSignal;
}

export interface StepResult {
  readonly result: JsonValue;
  readonly record: StepRecord;
  /** The result came from the step cache. */
  readonly cached: boolean;
}

/** How the orchestrator reaches the agents: the agent runtime bound to one run's pack and ledger. Errors are DawsosErrors. */
export type InvokeCapability = (invocation: StepInvocation) => Promise<StepResult>;

/** What the runtime knows of a capability when patterns are loaded. */
export interface CapabilityCatalog {
  has(capability: string): boolean;
  names(): readonly string[];
}
