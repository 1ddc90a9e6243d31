import type { JsonObject, JsonValue } from './json';
import type { StepRecord } from './reads';

/** One step, its templates resolved, ready to be routed to an agent. */
export interface StepInvocation {
  readonly stepIndex: number;
  readonly stepId: string;
  readonly capability: string;
  readonly args: JsonObject;
  /** The ids of the steps that this one waited for. */
  readonly dependsOn: readonly string[];
  /** How long one attempt of the step may take; the runtime's default when absent. */
  readonly timeoutMs: number | undefined;
  readonly retries: number | undefined;
  readonly signal: AbortSignal;
}

export interface StepResult {
  /** Frozen: other runs may share it. */
  readonly result: JsonValue;
  /** `result` as canonical JSON, so that it is written once. */
  readonly resultJson: string;
  readonly record: StepRecord;
  /** The result came from the step cache. */
  readonly cached: boolean;
}

/** How the orchestrator reaches the agents: the agent runtime bound to one run's pack and ledger. Errors are DawsosErrors. */
export type InvokeCapability = (invocation: StepInvocation) => Promise<StepResult>;

/** What the agent runtime knows of its capabilities when patterns are loaded. */
export interface CapabilityCatalog {
  has(capability: string): boolean;
  names(): readonly string[];
}
