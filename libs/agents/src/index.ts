export { defineCapability } from './capability';
export type { Agent, Capability, CapabilityContext, LedgerReader, PackReader } from './capability';
