export { createStepCache, type StepCache, type StepCacheOptions } from './cache/step-cache';
export { defineCapability } from './capability';
export type { Agent, Capability, CapabilityContext, LedgerReader, PackReader } from './capability';
export { shippedAgents } from './shipped-agents';
export { joinProvenance, type ProvenanceOptions } from './provenance';
export { createRecorder, stillHolds, type Recorder, type World } from './reads/recording';
export { capabilityCatalog } from './runtime/registry';
export {
  createAgentRuntime,
  type AgentRuntime,
  type AgentRuntimeOptions,
  type CapabilityDescription,
} from './runtime/agent-runtime';
